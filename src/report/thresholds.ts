import { KnownError } from '../base/errors.ts';
import { didYouMean } from '../base/nearest.ts';
import { parseDuration } from '../base/time-words.ts';
import type { Counter, Timing } from './counters.ts';
import { rounded } from './rounding.ts';
import type { RunRecord } from './run-record.ts';

/** What a threshold is held against: of a whole bundle no more than this. */
export interface Measured {
  readonly plan: { readonly durationMs: number };
  readonly record: RunRecord;
  readonly parts?: readonly { readonly tookMs: number }[];
  /** Why it ended before its time. */
  readonly ended?: string;
}

/** What rates are a share of: the planned time, or what of it there was before the end. */
export function ranMs({ plan, parts = [], ended }: Omit<Measured, 'record'>): number {
  const tookMs = Math.max(0, ...parts.map((part) => part.tookMs));
  return ended === undefined || tookMs === 0 ? plan.durationMs : Math.min(tookMs, plan.durationMs);
}

/** What a threshold is about. */
type Measure =
  | { readonly kind: 'quantile'; readonly timing: Timing; readonly share: number }
  | { readonly kind: 'mean'; readonly timing: Timing }
  | { readonly kind: 'share'; readonly counter: Counter }
  | { readonly kind: 'count'; readonly counter: Counter }
  | { readonly kind: 'rate'; readonly counter: Counter }
  | { readonly kind: 'gap' };

/** `p99<5ms`: a bound that a run keeps or breaks. */
export interface Threshold {
  readonly text: string;
  readonly measure: Measure;
  readonly isBelow: boolean;
  /** Whether the bound itself is within. */
  readonly mayEqual: boolean;
  /** Milliseconds, share (0 to 1), count, or number a second. */
  readonly bound: number;
}

/** `inconclusive`: too few samples to say, or measured by a generator that was late. */
export type Verdict = 'kept' | 'broken' | 'inconclusive';

export interface Judged {
  readonly threshold: Threshold;
  /** In the unit of the bound; undefined when nothing was measured. */
  readonly value: number | undefined;
  readonly verdict: Verdict;
}

const timings: readonly Timing[] = ['service', 'acquire', 'queue', 'checkin', 'connect', 'poll'];
/** Counters that a threshold may name: as a share of what they are part of, or as a number. */
const sharesOf: Partial<Record<Counter, Counter>> = {
  granted: 'arrivals',
  denied: 'arrivals',
  failed: 'arrivals',
  abandoned: 'arrivals',
  dropped: 'arrivals',
  skipped: 'arrivals',
  late: 'arrivals',
  denials: 'asked',
  errors: 'asked',
  losses: 'grants',
  connectErrors: 'connects',
  pollErrors: 'polls',
};
/** What a threshold may ask of times. */
const statistics = ['p50', 'p75', 'p90', 'p95', 'p99', 'p99.9', 'p99.99', 'max', 'mean'];

/** All that a threshold may be about. */
const names = [
  ...statistics,
  ...timings.flatMap((timing) => statistics.map((each) => `${timing}_${each}`)),
  ...Object.keys(sharesOf),
  ...['failover_gap', 'granted_rate', 'arrivals_rate'],
];

const EXAMPLES = 'a threshold such as p99<5ms, service_p99<=2ms, denied<1% or failover_gap<3s';

/**
 * Reads one threshold: a measure, `<`, `<=`, `>` or `>=`, and a bound. Measures: `p50` ... `max`, `mean` of the
 * response time, the same behind `service_`, `acquire_`, `queue_`, `checkin_`, `connect_` or `poll_`; counters, as a
 * share (`denied<1%`) or a number (`losses<=0`); `granted_rate` and `arrivals_rate` a second; `failover_gap`.
 * @throws KnownError USAGE
 */
export function parseThreshold(text: string): Threshold {
  const match = /^\s*([a-zA-Z_0-9.]+)\s*(<=|>=|<|>)\s*(\S+)\s*$/.exec(text.slice(0, 200));
  if (match === null)
    throw new KnownError('USAGE', `threshold: expected ${EXAMPLES}, got "${text}"`);
  const [, name = '', sign = '', bound = ''] = match;
  const measure = measureOf(name, bound, text);
  return {
    text: text.trim(),
    measure,
    isBelow: sign.startsWith('<'),
    mayEqual: sign.endsWith('='),
    bound: boundOf(measure, bound, text),
  };
}

function measureOf(name: string, bound: string, text: string): Measure {
  if (name === 'failover_gap') return { kind: 'gap' };
  const [, prefix, statistic = ''] = /^(?:([a-z]+)_)?(.+)$/.exec(name) ?? [];
  const timing = prefix === undefined ? 'response' : timings.find((each) => each === prefix);
  if (timing !== undefined && statistics.includes(statistic)) {
    if (statistic === 'mean') return { kind: 'mean', timing };
    const share = statistic === 'max' ? 1 : Number(statistic.slice(1)) / 100;
    return { kind: 'quantile', timing, share };
  }
  if (name === 'granted_rate') return { kind: 'rate', counter: 'granted' };
  if (name === 'arrivals_rate') return { kind: 'rate', counter: 'arrivals' };
  const counter = name as Counter;
  if (Object.hasOwn(sharesOf, counter))
    return { kind: bound.endsWith('%') ? 'share' : 'count', counter };
  const meant = didYouMean(name, names);
  throw new KnownError('USAGE', `threshold: expected ${EXAMPLES}, got "${text}"${meant}`);
}

function boundOf({ kind }: Measure, bound: string, text: string): number {
  const where = `threshold ${text}`;
  if (kind === 'quantile' || kind === 'mean' || kind === 'gap') return fineDuration(bound, where);
  const number = /^(\d{1,12}(?:\.\d{1,9})?)(%|\/s)?$/.exec(bound);
  const unit = { share: '%', count: undefined, rate: number?.[2] === '/s' ? '/s' : undefined }[
    kind
  ];
  if (number !== null && number[2] === unit)
    return kind === 'share' ? Number(number[1]) / 100 : Number(number[1]);
  const expected = `a bound such as ${kind === 'rate' ? '100/s' : '1% or 10'}`;
  throw new KnownError('USAGE', `${where}: expected ${expected}, got "${bound}"`);
}

/** As other durations, and with decimals or in microseconds where thousandths of a millisecond matter. */
function fineDuration(text: string, where: string): number {
  const fine = /^(\d{1,9}(?:\.\d{1,6})?)(us|ms|s)$/.exec(text);
  if (fine === null) return parseDuration(text, where);
  return Number(fine[1]) * { us: 0.001, ms: 1, s: 1000 }[fine[2] as 'us' | 'ms' | 's'];
}

/** What the measure of a threshold came to. */
export function measured({ measure }: Threshold, run: Measured): number | undefined {
  const { record } = run;
  const { counters, timings: histograms } = record;
  switch (measure.kind) {
    case 'quantile':
      return histograms[measure.timing].quantileMs(measure.share);
    case 'mean':
      return histograms[measure.timing].meanMs;
    case 'gap':
      return record.gapMs;
    case 'count':
      return counters[measure.counter];
    case 'rate':
      return counters[measure.counter] / (ranMs(run) / 1000);
    case 'share': {
      const whole = counters[sharesOf[measure.counter] ?? 'arrivals'];
      return whole === 0 ? undefined : counters[measure.counter] / whole;
    }
  }
}

/** What was measured, in the unit of its bound; undefined when nothing was. */
export function measuredText({
  threshold: { measure },
  value,
}: Omit<Judged, 'verdict'>): string | undefined {
  if (value === undefined) return undefined;
  if (measure.kind === 'share') return `${rounded(100 * value)} %`;
  if (measure.kind === 'rate') return `${rounded(value)}/s`;
  return measure.kind === 'count' ? `${rounded(value)}` : `${rounded(value)} ms`;
}

/**
 * Judges a threshold. A quantile that fewer samples than one lie beyond is not known (p99 takes a hundred), and times
 * measured by a generator that was late itself say nothing of the server.
 */
export function judge(threshold: Threshold, run: Measured, isGeneratorLate: boolean): Judged {
  const value = measured(threshold, run);
  return { threshold, value, verdict: verdictOf(threshold, value, run, isGeneratorLate) };
}

function verdictOf(
  { measure, isBelow, mayEqual, bound }: Threshold,
  value: number | undefined,
  { record }: Measured,
  isGeneratorLate: boolean,
): Verdict {
  if (value === undefined) return 'inconclusive';
  const isTime = measure.kind === 'quantile' || measure.kind === 'mean' || measure.kind === 'gap';
  if (isTime && isGeneratorLate) return 'inconclusive';
  if (measure.kind === 'quantile' && measure.share < 1) {
    const { total } = record.timings[measure.timing];
    if (total * (1 - measure.share) < 1 - 1e-9) return 'inconclusive';
  }
  if (value === bound) return mayEqual ? 'kept' : isZeroWanted(isBelow, bound) ? 'kept' : 'broken';
  return value < bound === isBelow ? 'kept' : 'broken';
}

/** `denied<0` could never be kept; who writes it means none. */
function isZeroWanted(isBelow: boolean, bound: number): boolean {
  return isBelow && bound === 0;
}

/** How much there will be at most; undefined where that is up to the server. */
export interface Expected {
  readonly sessions: number | undefined;
  readonly checkouts: number | undefined;
}

/**
 * Whether nothing that is still to come could keep the threshold: what went wrong is too much even if all the rest
 * goes well.
 */
export function isHopeless(threshold: Threshold, record: RunRecord, expected: Expected): boolean {
  const { measure, isBelow, mayEqual, bound } = threshold;
  if (!isBelow) return false;
  const { counters, timings: histograms, gapMs } = record;
  if (measure.kind === 'gap') return gapMs > bound;
  // `failed<1` is lost with the first one, which `failed<=1` is not.
  if (measure.kind === 'count') {
    const count = counters[measure.counter];
    return count > bound || (count === bound && !mayEqual && !isZeroWanted(isBelow, bound));
  }
  const { sessions = Number.POSITIVE_INFINITY, checkouts = Number.POSITIVE_INFINITY } = expected;
  if (measure.kind === 'share') {
    const isOfAll = sharesOf[measure.counter] === 'arrivals';
    return isOfAll && counters[measure.counter] > bound * sessions;
  }
  if (measure.kind !== 'quantile' || measure.timing !== 'response') return false;
  return histograms.response.countAboveMs(bound) > (1 - measure.share) * checkouts;
}
