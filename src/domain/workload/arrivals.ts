import type { Rng } from '../../base/rng.ts';
import { exponential } from './distributions.ts';
import type { Phase } from './phases.ts';
import { RateCurve } from './rate-curve.ts';

/** Times of arrivals, in order. */
export interface ArrivalTimes {
  /** Milliseconds from the begin; undefined when no more come. */
  next(): number | undefined;
  /** Takes all that still come, and gives how many: millions of them, of which nobody asks when. */
  rest(): number;
}

/**
 * Arrivals at a rate that the phases give. `poisson`: independent of each other, by inversion of the expected number
 * (so that ramps are exact). `uniform`: one each time that the rate has come to a whole one.
 */
export function openArrivals(
  phases: readonly Phase[],
  spacing: 'poisson' | 'uniform',
  rng: Rng,
): ArrivalTimes {
  const curve = new RateCurve(phases);
  let area = 0;
  return {
    next() {
      if (spacing === 'poisson') area += exponential(rng);
      return curve.timeOf(spacing === 'poisson' ? area : area++);
    },
    rest() {
      let count = 0;
      for (;;) {
        if (spacing === 'poisson') area += exponential(rng);
        if (!(area < curve.total)) return count;
        if (spacing === 'uniform') area++;
        count++;
      }
    },
  };
}

/** Arrivals at given times, those within `durationMs`. */
export function tracedArrivals(atMs: readonly number[], durationMs: number): ArrivalTimes {
  let index = 0;
  return {
    next() {
      const at = atMs[index++];
      return at === undefined || at >= durationMs ? undefined : at;
    },
    rest() {
      const left = atMs.slice(index).filter((at) => at < durationMs).length;
      index = atMs.length;
      return left;
    },
  };
}
