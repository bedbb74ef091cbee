import { Rng } from '../base/rng.ts';
import { redrawn } from './bootstrap.ts';
import type { Bundle } from './bundle.ts';
import { rounded } from './rounding.ts';

/** What counts as a difference. */
export interface ComparisonOptions {
  readonly seed: string;
  /** Share (0 to 1) of the intervals that hold the true difference. */
  readonly confidence: number;
  /** Differences below this share of A's time, or below so many milliseconds, are none that matters. */
  readonly floorShare: number;
  readonly floorMs: number;
}

/** What `fauxlm load compare` takes unless flags say otherwise. */
export const usualComparison: ComparisonOptions = {
  seed: 'compare',
  confidence: 0.95,
  floorShare: 0.05,
  floorMs: 0.05,
};

/** Quantiles that are compared, each with how many times it takes. */
const compared = [
  ['p50', 0.5, 20],
  ['p90', 0.9, 100],
  ['p99', 0.99, 1_000],
  ['p99.9', 0.999, 10_000],
] as const;

/** `unsure`: too few times to tell. */
export type Change = 'same' | 'slower' | 'faster' | 'unsure';

/** One quantile of two runs, in milliseconds. */
export interface ComparedQuantile {
  readonly name: string;
  readonly a: number;
  readonly b: number;
  /** B minus A, and the interval that holds the true difference with the confidence asked for. */
  readonly difference: number;
  readonly low: number;
  readonly high: number;
  readonly change: Change;
}

/** A share of the sessions in two runs. */
export interface ComparedShare {
  readonly name: string;
  readonly a: number;
  readonly b: number;
  readonly low: number;
  readonly high: number;
  readonly change: Change;
}

export interface Comparison {
  readonly options: ComparisonOptions;
  readonly quantiles: readonly ComparedQuantile[];
  readonly shares: readonly ComparedShare[];
  /** The two did not do the same. */
  readonly warnings: readonly string[];
  readonly verdict: 'same' | 'regression' | 'unsure';
}

/** Compares the response times and denials of two runs; B is the newer one. */
export function compareBundles(
  a: Bundle,
  b: Bundle,
  options: ComparisonOptions = usualComparison,
): Comparison {
  const quantiles = compareQuantiles(a, b, options);
  const shares = (['denied', 'failed'] as const).map((name) => compareShares(name, a, b, options));
  const changes = [...quantiles, ...shares].map(({ change }) => change);
  // The far tail of a short run is not known, which is no reason to know nothing.
  const isUnsure = quantiles[0]?.change === 'unsure';
  const verdict = changes.includes('slower') ? 'regression' : isUnsure ? 'unsure' : 'same';
  return { options, quantiles, shares, warnings: warningsOf(a, b), verdict };
}

function compareQuantiles(a: Bundle, b: Bundle, options: ComparisonOptions) {
  const rng = new Rng(options.seed);
  const shares = compared.map(([, share]) => share);
  const inA = a.record.timings.response;
  const inB = b.record.timings.response;
  if (inA.total === 0 || inB.total === 0) {
    return compared.map(([name]): ComparedQuantile => {
      return { name, a: 0, b: 0, difference: 0, low: 0, high: 0, change: 'unsure' };
    });
  }
  // Streams of their own: a run compared with itself is not drawn alike.
  const drawnA = redrawn(a, shares, rng.fork('a'));
  const drawnB = redrawn(b, shares, rng.fork('b'));
  return compared.map(([name, share, needed], column): ComparedQuantile => {
    const differences = drawnA.map((row, round) => drawnB[round]![column]! - row[column]!);
    const { low, high } = middle(differences, options.confidence);
    const [ofA, ofB] = [inA.quantileMs(share)!, inB.quantileMs(share)!];
    const isKnown = Math.min(inA.total, inB.total) >= needed;
    const difference = ofB - ofA;
    const matters = Math.abs(difference) >= Math.max(options.floorShare * ofA, options.floorMs);
    const change = isKnown ? changeOf(low, high, matters) : 'unsure';
    return { name, a: ofA, b: ofB, difference, low, high, change };
  });
}

/** By the normal interval of a difference of two shares, never narrower than one session. */
function compareShares(
  name: 'denied' | 'failed',
  a: Bundle,
  b: Bundle,
  { confidence, floorShare }: ComparisonOptions,
): ComparedShare {
  const inA = shareIn(a, name);
  const inB = shareIn(b, name);
  const variance = [inA, inB].reduce((sum, { share, all }) => sum + (share * (1 - share)) / all, 0);
  const wide =
    normalQuantile((1 + confidence) / 2) * Math.sqrt(variance) + 1 / Math.min(inA.all, inB.all);
  const difference = inB.share - inA.share;
  const [low, high] = [difference - wide, difference + wide];
  const matters = Math.abs(difference) >= floorShare / 10;
  return { name, a: inA.share, b: inB.share, low, high, change: changeOf(low, high, matters) };
}

/** Of the sessions that began, and how many those are. */
function shareIn({ record: { counters } }: Bundle, name: 'denied' | 'failed') {
  const all = Math.max(counters.arrivals - counters.skipped, 1);
  return { share: counters[name] / all, all };
}

function changeOf(low: number, high: number, matters: boolean): Change {
  if (!matters || (low <= 0 && high >= 0)) return 'same';
  return low > 0 ? 'slower' : 'faster';
}

function middle(values: readonly number[], confidence: number): { low: number; high: number } {
  const sorted = [...values].sort((a, b) => a - b);
  const at = (share: number): number =>
    sorted[Math.min(Math.floor(share * sorted.length), sorted.length - 1)]!;
  return { low: at((1 - confidence) / 2), high: at((1 + confidence) / 2) };
}

/** By bisection of the error function's series: exact enough for intervals. */
function normalQuantile(share: number): number {
  let low = 0;
  let high = 8;
  for (let round = 0; round < 50; round++) {
    const at = (low + high) / 2;
    if (normalShare(at) < share) low = at;
    else high = at;
  }
  return low;
}

/** Share of a normal variable below `at` (0 or more). Source: Abramowitz and Stegun 26.2.17. */
function normalShare(at: number): number {
  const t = 1 / (1 + 0.2316419 * at);
  const tail = [1.330274429, -1.821255978, 1.781477937, -0.356563782, 0.31938153];
  const polynomial = tail.reduce((sum, each) => (sum + each) * t, 0);
  return 1 - (Math.exp((-at * at) / 2) / Math.sqrt(2 * Math.PI)) * polynomial;
}

function warningsOf(a: Bundle, b: Bundle): readonly string[] {
  const warnings: string[] = [];
  if (a.plan.hash !== b.plan.hash)
    warnings.push('the two did not do the same: their workloads differ');
  else if (a.plan.seed !== b.plan.seed) warnings.push('the two had different seeds');
  if (a.ended !== undefined || b.ended !== undefined) warnings.push('one of them ended early');
  return warnings;
}

/** A table for people. */
export function renderComparison({
  quantiles,
  shares,
  warnings,
  verdict,
  options,
}: Comparison): string {
  const percent = `${rounded(100 * options.confidence)} %`;
  const lines = quantiles.map(({ name, a, b, difference, low, high, change }) => {
    const relative = a === 0 ? '' : ` (${signed(rounded((100 * difference) / a))} %)`;
    const interval = `${signed(rounded(low))} to ${signed(rounded(high))} ms`;
    return `  ${name.padEnd(6)} ${rounded(a)} -> ${rounded(b)} ms${relative}, ${percent} of ${interval}: ${change}`;
  });
  const rows = shares.map(({ name, a, b, change }) => {
    return `  ${name.padEnd(6)} ${rounded(100 * a)} -> ${rounded(100 * b)} %: ${change}`;
  });
  const words = {
    same: 'no regression',
    regression: 'a regression',
    unsure: 'inconclusive: too few times to compare',
  }[verdict];
  const told = warnings.map((warning) => `  note: ${warning}`);
  return `${['response, A -> B', ...lines, ...rows, ...told, '', `  ${words}`].join('\n')}\n`;
}

function signed(value: number): string {
  return value > 0 ? `+${value}` : `${value}`;
}
