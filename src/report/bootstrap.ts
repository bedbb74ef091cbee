import type { Rng } from '../base/rng.ts';
import { normal } from '../domain/workload/distributions.ts';
import type { Bundle } from './bundle.ts';
import { type Histogram, highestUs, rankOf } from './histogram.ts';

/** How many times a run is drawn anew. */
const ROUNDS = 1_000;
/** With fewer intervals than this there is too little to draw from, and single times are drawn. */
const INTERVALS_MIN = 10;

/** What quantiles of a run might have been, had chance gone otherwise: a row a round, a column a quantile. */
export type Redrawn = readonly (readonly number[])[];

/**
 * Draws a run anew many times and gives the quantiles each time, in milliseconds. Whole intervals are drawn, since
 * times near each other are alike: a slow second is one event and not a thousand. A run of few intervals is drawn time
 * by time. Source: the block bootstrap (Kuensch 1989).
 */
export function redrawn({ record }: Bundle, shares: readonly number[], rng: Rng): Redrawn {
  const { response } = record.timings;
  const intervals = record.intervals.map((each) => each.response).filter(({ total }) => total > 0);
  const rounds = Array.from({ length: ROUNDS });
  if (intervals.length < INTERVALS_MIN) {
    return rounds.map(() => shares.map((share) => redrawnQuantile(response, share, rng)));
  }
  const blocks = new Blocks(intervals);
  return rounds.map(() => blocks.quantiles(shares, rng));
}

/** Intervals over the steps that any of them has, so that drawing and adding them is quick. */
class Blocks {
  /** Of each step, its greatest time. */
  readonly #ms: readonly number[];
  readonly #blocks: readonly { readonly at: Uint32Array; readonly counts: Float64Array }[];
  readonly #sums: Float64Array;

  constructor(intervals: readonly Histogram[]) {
    const indices = new Set(
      intervals.flatMap((each) => [...each.steps()].map(({ index }) => index)),
    );
    const sorted = [...indices].sort((a, b) => a - b);
    const place = new Map(sorted.map((index, at) => [index, at]));
    this.#ms = sorted.map((index) => highestUs(index) / 1000);
    this.#sums = new Float64Array(sorted.length);
    this.#blocks = intervals.map((each) => {
      const steps = [...each.steps()];
      return {
        at: Uint32Array.from(steps, ({ index }) => place.get(index)!),
        counts: Float64Array.from(steps, ({ count }) => count),
      };
    });
  }

  /** Of as many intervals as there are, drawn with replacement; `shares` grow. */
  quantiles(shares: readonly number[], rng: Rng): readonly number[] {
    const sums = this.#sums.fill(0);
    let total = 0;
    for (let each = 0; each < this.#blocks.length; each++) {
      const { at, counts } = this.#blocks[rng.below(this.#blocks.length)]!;
      for (let step = 0; step < at.length; step++) {
        sums[at[step]!]! += counts[step]!;
        total += counts[step]!;
      }
    }
    let place = 0;
    let seen = sums[0]!;
    return shares.map((share) => {
      const rank = rankOf(share, total);
      while (seen < rank && place < sums.length - 1) seen += sums[++place]!;
      return this.#ms[place]!;
    });
  }
}

/**
 * A quantile of as many times drawn with replacement: the rank that it has in the sample is near the share, off by a
 * binomial deviation, which is normal for the sizes that matter.
 */
function redrawnQuantile(histogram: Histogram, share: number, rng: Rng): number {
  const { total } = histogram;
  const deviation = Math.sqrt(share * (1 - share) * total);
  const rank = Math.round(share * total + deviation * normal(rng));
  return histogram.atRankMs(rank) ?? 0;
}
