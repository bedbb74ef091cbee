import { statSync } from 'node:fs';
import type { EpochMs } from '../base/clock.ts';
import { KnownError } from '../base/errors.ts';
import { didYouMean } from '../base/nearest.ts';
import { type FeatureTrace, TraceCollector } from './demand/trace.ts';
import { readLogs } from './log-set.ts';
import { logAsJson, qualityAsJson } from './quality-json.ts';
import type { LogNames } from './scan/log-names.ts';
import { WallClock } from './scan/wall-clock.ts';

export interface SourceOptions {
  /** Debug logs of one license server, or one folder of a store. */
  readonly sources: readonly string[];
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
}

/**
 * Reads logs, or what was ingested of them.
 * @throws KnownError USAGE for a feature that is not there; as `readLogs` and `readStore` do.
 */
export async function readTraces(options: SourceOptions): Promise<SourceTraces> {
  const wanted = options.feature?.toLowerCase();
  const isWanted = (name: string): boolean => wanted === undefined || name.toLowerCase() === wanted;
  const folders = options.sources.filter(isFolder);
  if (folders.length > 0 && options.sources.length > 1) {
    const got = options.sources.join(', ');
    throw new KnownError('USAGE', `expected debug logs or one folder, got ${got}`);
  }
  const read =
    folders.length > 0 ? await fromStore(options, isWanted) : await fromLogs(options, isWanted);
  if (options.feature !== undefined && read.traces.length === 0) {
    throw unknownFeature(options.feature, read.names);
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

function isFolder(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() === true;
}

function unknownFeature(feature: string, names: LogNames): KnownError {
  const known = Array.from({ length: names.features.size }, (_, id) => names.feature(id).feature);
  const hint = didYouMean(feature, known);
  const text = `--feature: expected a feature of the logs, got "${feature}"${hint}`;
  return new KnownError('USAGE', text);
}
