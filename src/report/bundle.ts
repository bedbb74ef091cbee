import { KnownError } from '../base/errors.ts';
import { type Counters, counterNames, noCounts, timingNames } from './counters.ts';
import { decodeHistogram, encodeHistogram } from './histogram-codec.ts';
import { type FeatureCounts, RunRecord } from './run-record.ts';

/** How the generator itself fared: a figure measured by a generator out of breath says nothing of the server. */
export interface Health {
  /** Event-loop lag in milliseconds. */
  readonly lagP50Ms: number;
  readonly lagP99Ms: number;
  readonly lagMaxMs: number;
  /** Share (0 to 1) of the time in which the event loop was busy. */
  readonly loopUse: number;
  /** Processors used, on average: 1 is all of one. */
  readonly cpu: number;
}

/** One part of a run: which, where and when. */
export interface Part {
  readonly index: number;
  readonly of: number;
  /** Milliseconds since 1970, by the clock of its machine. */
  readonly startedAt: number;
  readonly tookMs: number;
  readonly health: Health;
}

/** What was to be done: parts of one run have all of it in common. */
export interface PlanFacts {
  /** Of everything that decides the arrivals and what they ask for. */
  readonly hash: string;
  readonly seed: string;
  readonly name: string;
  readonly server: string;
  readonly durationMs: number;
  /** Sessions a second that were to begin, on average; absent for a closed stream. */
  readonly offered?: number;
  /** Sessions of all parts together, as far as they are known beforehand. */
  readonly expected?: number;
}

/** A whole result, or one shard's. */
export interface Bundle {
  readonly plan: PlanFacts;
  readonly parts: readonly Part[];
  readonly record: RunRecord;
  /** Why it ended before its time. */
  readonly ended?: string;
}

const KIND = 'fauxlm load bundle';
const VERSION = 1;

/** As plain data: what `--bundle` writes. Histograms are HdrHistogram V2 texts. */
export function bundleAsJson({ plan, parts, record, ended }: Bundle): object {
  const filled = timingNames.filter((name) => record.timings[name].total > 0);
  return {
    kind: KIND,
    version: VERSION,
    plan,
    parts,
    ...(ended === undefined ? {} : { ended }),
    counters: record.counters,
    denialsByCode: sortedCounts(record.denialsByCode),
    errorsByCode: sortedCounts(record.errorsByCode),
    features: Object.fromEntries([...record.features].sort(([a], [b]) => (a < b ? -1 : 1))),
    gapMs: record.gapMs,
    histograms: Object.fromEntries(
      filled.map((name) => [name, encodeHistogram(record.timings[name])]),
    ),
    intervalMs: record.intervalMs,
    intervals: record.intervals.map(({ response, ...counts }) => ({
      ...counts,
      ...(response.total === 0 ? {} : { response: encodeHistogram(response) }),
    })),
  };
}

function sortedCounts(counts: ReadonlyMap<number, number>): Record<string, number> {
  return Object.fromEntries([...counts].sort(([a], [b]) => b - a));
}

/**
 * Reads what `--bundle` or `--json-file` has written.
 * @throws KnownError LOAD_BUNDLE for anything else; `where` says what was read.
 */
export function bundleOfText(text: string, where: string): Bundle {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw noBundle(where, 'no JSON');
  }
  const inner = (value as { bundle?: unknown } | null)?.bundle ?? value;
  return bundleOfJson(inner, where);
}

type Plain = Readonly<Record<string, unknown>>;

/** @throws KnownError LOAD_BUNDLE */
export function bundleOfJson(value: unknown, where: string): Bundle {
  if (!isMapping(value) || value['kind'] !== KIND) throw noBundle(where, 'something else');
  if (value['version'] !== VERSION) {
    throw noBundle(where, `version ${String(value['version'])}; update fauxlm`);
  }
  try {
    return readBundle(value, where);
  } catch (cause) {
    if (cause instanceof KnownError) throw cause;
    throw noBundle(where, `damaged data: ${(cause as Error).message}`, cause);
  }
}

function readBundle(value: Plain, where: string): Bundle {
  const record = new RunRecord(numberIn(value, 'intervalMs'));
  const counters = mappingIn(value, 'counters');
  Object.assign(record.counters, countersIn(counters));
  for (const [code, more] of numbersIn(value, 'denialsByCode'))
    record.denialsByCode.set(Number(code), more);
  for (const [code, more] of numbersIn(value, 'errorsByCode'))
    record.errorsByCode.set(Number(code), more);
  for (const name of Object.keys(mappingIn(value, 'features'))) {
    const counts = mappingIn(mappingIn(value, 'features'), name);
    const names = ['asked', 'grants', 'denials', 'errors'] as const;
    const read = Object.fromEntries(names.map((each) => [each, numberIn(counts, each)]));
    Object.assign(record.feature(name), read as unknown as FeatureCounts);
  }
  record.gapMs = numberIn(value, 'gapMs');
  const histograms = mappingIn(value, 'histograms');
  for (const name of timingNames) {
    const text = histograms[name];
    if (text !== undefined)
      record.timings[name].add(decodeHistogram(String(text), `${where}: ${name}`));
  }
  const intervals = value['intervals'] as readonly Plain[];
  intervals.forEach((each, index) => {
    const interval = record.intervalAt(index * record.intervalMs);
    for (const name of ['started', 'granted', 'denied', 'failed', 'released', 'inUse'] as const) {
      interval[name] = numberIn(each, name);
    }
    const text = each['response'];
    if (text !== undefined)
      interval.response.add(decodeHistogram(String(text), `${where}: interval ${index}`));
  });
  const plan = mappingIn(value, 'plan') as unknown as PlanFacts;
  for (const name of ['hash', 'seed', 'name', 'server']) textIn(mappingIn(value, 'plan'), name);
  numberIn(mappingIn(value, 'plan'), 'durationMs');
  const parts = value['parts'] as readonly Part[];
  for (const part of parts) {
    for (const name of ['index', 'of', 'startedAt', 'tookMs']) numberIn(part as never, name);
    for (const name of ['lagP99Ms', 'loopUse', 'cpu'])
      numberIn(mappingIn(part as never, 'health'), name);
  }
  const ended = value['ended'];
  return { plan, parts, record, ...(typeof ended === 'string' ? { ended } : {}) };
}

function countersIn(values: Plain): Counters {
  const counters = noCounts();
  // One that a later version counts is not there yet: it has counted none.
  for (const name of counterNames) if (name in values) counters[name] = numberIn(values, name);
  return counters;
}

function isMapping(value: unknown): value is Plain {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function mappingIn(holder: Plain, name: string): Plain {
  const value = holder[name];
  if (!isMapping(value)) throw new Error(`"${name}" is no mapping`);
  return value;
}

function numbersIn(holder: Plain, name: string): [string, number][] {
  const values = mappingIn(holder, name);
  return Object.keys(values).map((key) => [key, numberIn(values, key)]);
}

function numberIn(holder: Plain, name: string): number {
  const value = holder[name];
  if (typeof value !== 'number' || !Number.isFinite(value))
    throw new Error(`"${name}" is no number`);
  return value;
}

function textIn(holder: Plain, name: string): string {
  const value = holder[name];
  if (typeof value !== 'string') throw new Error(`"${name}" is no text`);
  return value;
}

function noBundle(where: string, got: string, cause?: unknown): KnownError {
  const text = `${where}: expected what fauxlm load wrote with --bundle or --json-file, got ${got}`;
  return new KnownError('LOAD_BUNDLE', text, {}, { cause });
}
