import type { EpochMs } from '../base/clock.ts';
import { KnownError } from '../base/errors.ts';
import { didYouMean } from '../base/nearest.ts';
import { type FeatureTrace, TraceCollector } from './demand/trace.ts';
import { readLogs } from './log-set.ts';
import { logAsJson, qualityAsJson } from './quality-json.ts';
import { readSamples } from './samples/read-samples.ts';
import { type SampledSource, sampledSource, sourceNoun } from './samples/sampled-source.ts';
import type { SourceKind } from './samples/source-kind-names.ts';
import { isStore, type KnownSources, knownSources } from './samples/source-kinds.ts';
import { LogNames } from './scan/log-names.ts';
import { WallClock } from './scan/wall-clock.ts';

export interface SourceOptions {
  /** Debug logs or samples of one license server, folders of them, or one folder of a store. */
  readonly sources: readonly string[];
  /** What they are; by their beginnings when undefined. */
  readonly kind?: SourceKind;
  /** This feature only, in any letter case. */
  readonly feature?: string;
  /** Of a store with several. */
  readonly site?: string;
  readonly timeZone?: string;
  readonly report?: (path: string, bytes: number) => void;
}

/** What the sources tell of features. */
export interface SourceTraces {
  readonly traces: readonly FeatureTrace[];
  readonly names: LogNames;
  readonly wall: WallClock;
  readonly begin: EpochMs;
  readonly end: EpochMs;
  readonly quality: object;
  /** When they are no logs. */
  readonly samples?: SampledSource;
}

/**
 * Reads logs or samples, or what was ingested of them.
 * @throws KnownError USAGE for a feature that is not there; as `readLogs`, `readSamples` and `readStore` do.
 */
export async function readTraces(options: SourceOptions): Promise<SourceTraces> {
  const wanted = options.feature?.toLowerCase();
  const isWanted = (name: string): boolean => wanted === undefined || name.toLowerCase() === wanted;
  const store = options.sources.find(isStore);
  if (store !== undefined && options.sources.length > 1) {
    const got = options.sources.join(', ');
    throw new KnownError(
      'USAGE',
      `expected files of one kind, or one folder of fauxlm ingest, got ${got}`,
    );
  }
  const read =
    store === undefined ? await fromFiles(options, isWanted) : await fromStore(options, isWanted);
  if (options.feature !== undefined && read.traces.length === 0) {
    throw unknownFeature(options.feature, read);
  }
  return read;
}

async function fromStore(
  { sources, site, timeZone }: SourceOptions,
  isWanted: (name: string) => boolean,
): Promise<SourceTraces> {
  const { readStore } = await import('./store/store-reader.ts');
  const { collector, ...read } = await readStore(sources[0]!, isWanted, site);
  return { ...read, traces: collector.traces, wall: new WallClock(timeZone) };
}

async function fromFiles(
  options: SourceOptions,
  isWanted: (name: string) => boolean,
): Promise<SourceTraces> {
  const known = await knownSources(options.sources, options.kind);
  if (known.kind !== 'log') return fromSamples(options, known, isWanted);
  return fromLogs({ ...options, sources: known.paths }, isWanted);
}

async function fromSamples(
  { timeZone, report }: SourceOptions,
  known: KnownSources,
  isWanted: (name: string) => boolean,
): Promise<SourceTraces> {
  const names = new LogNames();
  const wall = new WallClock(timeZone);
  const sink = new TraceCollector(() => names, isWanted);
  const reading = { names, wall, sink, ...(report && { report }) };
  const { begin, end, quality } = await readSamples(known, reading, { end: true });
  const samples = sampledSource([quality])!;
  return { traces: sink.traces, names, wall, begin, end, quality, samples };
}

async function fromLogs(
  { sources, timeZone, report }: SourceOptions,
  isWanted: (name: string) => boolean,
): Promise<SourceTraces> {
  let collector: TraceCollector | undefined;
  const sinkOf = (names: LogNames): TraceCollector => {
    collector = new TraceCollector(() => names, isWanted);
    return collector;
  };
  const options = { ...(timeZone === undefined ? {} : { timeZone }), ...(report && { report }) };
  const { names, history, logs, wall, begin, end } = await readLogs(sources, sinkOf, options);
  const quality = { logs: logs.map(logAsJson), ...qualityAsJson(history) };
  return { traces: collector!.traces, names, wall, begin, end, quality };
}

function unknownFeature(feature: string, { names, samples }: SourceTraces): KnownError {
  const known = Array.from({ length: names.features.size }, (_, id) => names.feature(id).feature);
  const hint = didYouMean(feature, known);
  const text = `--feature: expected a feature of ${sourceNoun(samples).it}, got "${feature}"${hint}`;
  return new KnownError('USAGE', text);
}
