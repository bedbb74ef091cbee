import type { Rng } from '../../base/rng.ts';

/** How latencies spread around their middle, or behind their least. */
export const distributions = ['uniform', 'normal', 'exponential'] as const;
export type Distribution = (typeof distributions)[number];

export interface Latency {
  readonly ms: number;
  readonly jitterMs: number;
  readonly distribution: Distribution;
}

/** Draws that make a normal one: their sum, less its middle, has variance 1. */
const NORMAL_DRAWS = 12;
/** An exponential one is cut here: once in some 20,000 it would be more. */
const EXPONENTIAL_MAX = 10;

/** From -1 to 1 evenly; with standard deviation 1; at least 0 with mean 1. */
const draws: Readonly<Record<Distribution, (rng: Rng) => number>> = {
  uniform: (rng) => 2 * rng.unit() - 1,
  normal(rng) {
    let sum = 0;
    for (let draw = 0; draw < NORMAL_DRAWS; draw++) sum += rng.unit();
    return sum - NORMAL_DRAWS / 2;
  },
  exponential: (rng) => Math.min(-Math.log(1 - rng.unit()), EXPONENTIAL_MAX),
};

/** One latency in whole milliseconds, never negative. */
export function drawLatency({ ms, jitterMs, distribution }: Latency, rng: Rng): number {
  if (jitterMs === 0) return ms;
  return Math.max(0, Math.round(ms + jitterMs * draws[distribution](rng)));
}
