import type { Rng } from '../base/rng.ts';
import type { Bundle } from './bundle.ts';
import { Histogram, highestUs } from './histogram.ts';

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
  const intervals = record.intervals.map(({ response }) => response).filter(hasAny);
  const blocks = intervals.length >= INTERVALS_MIN ? intervals : undefined;
  return Array.from({ length: ROUNDS }, () => {
    if (blocks === undefined)
      return shares.map((share) => redrawnQuantile(record.timings.response, share, rng));
    return quantilesOf(blocks, shares, rng);
  });
}

function hasAny({ total }: Histogram): boolean {
  return total > 0;
}

function quantilesOf(
  blocks: readonly Histogram[],
  shares: readonly number[],
  rng: Rng,
): readonly number[] {
  const drawn = new Histogram();
  const times = new Map<Histogram, number>();
  for (let each = 0; each < blocks.length; each++) {
    const block = rng.pick(blocks);
    times.set(block, (times.get(block) ?? 0) + 1);
  }
  for (const [block, often] of times) {
    for (const { index, count } of block.steps()) drawn.addAt(index, count * often);
  }
  return shares.map((share) => drawn.quantileMs(share)!);
}

/**
 * A quantile of as many times drawn with replacement: the rank that it has in the sample is near the share, off by a
 * binomial deviation, which is normal for the sizes that matter.
 */
function redrawnQuantile(histogram: Histogram, share: number, rng: Rng): number {
  const { total } = histogram;
  const deviation = Math.sqrt(share * (1 - share) * total);
  const rank = Math.round(share * total + deviation * normal(rng));
  return quantileAtRank(histogram, Math.min(Math.max(rank, 1), total));
}

function quantileAtRank(histogram: Histogram, rank: number): number {
  let seen = 0;
  for (const { index, count } of histogram.steps()) {
    seen += count;
    if (seen >= rank) return highestUs(index) / 1000;
  }
  return histogram.maxMs ?? 0;
}

/** Of mean 0 and variance 1, by Box and Muller. */
function normal(rng: Rng): number {
  const radius = Math.sqrt(-2 * Math.log1p(-rng.unit()));
  return radius * Math.cos(2 * Math.PI * rng.unit());
}
