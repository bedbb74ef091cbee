/**
 * An HdrHistogram of whole microseconds with three significant digits: what is recorded is off by less than a
 * thousandth, whatever its size, and adding two histograms loses nothing. Source of the layout: the HdrHistogram
 * project's description; 2,048 steps in the first bucket, 1,024 in each further one, twice as wide as the last.
 */
const SUB_BITS = 11;
const SUB_COUNT = 2 ** SUB_BITS;
const HALF_BITS = SUB_BITS - 1;
const HALF_COUNT = SUB_COUNT / 2;

/** Longest time: more than an hour. Longer ones count as this. */
export const HIGHEST_US = 2 ** 32 - 1;

/** A step of the histogram, and how often its times came. */
export interface Step {
  readonly index: number;
  readonly count: number;
}

/** Counts of times by steps; see above. Takes time in milliseconds or whole microseconds, tells milliseconds. */
export class Histogram {
  #counts = new Float64Array(SUB_COUNT);
  #total = 0;
  #first = Number.POSITIVE_INFINITY;
  #last = -1;

  /** How many times were recorded. */
  get total(): number {
    return this.#total;
  }

  /** Takes a time in milliseconds. */
  recordMs(ms: number): void {
    this.recordUs(ms <= 0 ? 0 : Math.round(ms * 1000));
  }

  /** Takes a whole number of microseconds. */
  recordUs(us: number): void {
    this.addAt(indexOf(Math.min(us, HIGHEST_US)), 1);
  }

  /** Adds to one step. */
  addAt(index: number, count: number): void {
    if (index >= this.#counts.length) this.#grow(index);
    this.#counts[index]! += count;
    this.#total += count;
    if (index < this.#first) this.#first = index;
    if (index > this.#last) this.#last = index;
  }

  add(other: Histogram): void {
    for (const { index, count } of other.steps()) this.addAt(index, count);
  }

  /** The steps that have something, in order. */
  *steps(): Generator<Step> {
    for (let index = this.#first; index <= this.#last; index++) {
      const count = this.#counts[index]!;
      if (count > 0) yield { index, count };
    }
  }

  /** The time below or at which this share (0 to 1) of all times lies, in milliseconds; undefined of none. */
  quantileMs(share: number): number | undefined {
    return this.atRankMs(rankOf(share, this.#total));
  }

  /** The `rank`-th time from below, from 1, in milliseconds; the last one beyond. Undefined of none. */
  atRankMs(rank: number): number | undefined {
    if (this.#total === 0) return undefined;
    let seen = 0;
    for (let index = this.#first; index < this.#last; index++) {
      seen += this.#counts[index]!;
      if (seen >= rank) return highestUs(index) / 1000;
    }
    return highestUs(this.#last) / 1000;
  }

  /** The longest, to the step's precision. */
  get maxMs(): number | undefined {
    return this.quantileMs(1);
  }

  /** By the middles of the steps. */
  get meanMs(): number | undefined {
    if (this.#total === 0) return undefined;
    let sum = 0;
    for (const { index, count } of this.steps()) sum += count * middleUs(index);
    return sum / this.#total / 1000;
  }

  /** How many lie above a time: those of steps that begin above it. */
  countAboveMs(ms: number): number {
    const limit = ms * 1000;
    let above = 0;
    for (const { index, count } of this.steps()) if (lowestUs(index) > limit) above += count;
    return above;
  }

  clear(): void {
    if (this.#total === 0) return;
    this.#counts.fill(0, this.#first, this.#last + 1);
    this.#total = 0;
    this.#first = Number.POSITIVE_INFINITY;
    this.#last = -1;
  }

  #grow(index: number): void {
    const grown = new Float64Array((Math.floor(index / HALF_COUNT) + 2) * HALF_COUNT);
    grown.set(this.#counts);
    this.#counts = grown;
  }
}

/** Which of `total` times in order, from 1, is the quantile of a share; a share's own rounding makes none more. */
export function rankOf(share: number, total: number): number {
  return Math.min(Math.max(Math.ceil(share * total - 1e-9), 1), total);
}

/** The step that a number of microseconds falls into. */
export function indexOf(us: number): number {
  const bucket = 32 - Math.clz32((us | (SUB_COUNT - 1)) >>> 0) - SUB_BITS;
  return bucket * HALF_COUNT + (us >>> bucket);
}

/** The least number of microseconds in a step. */
export function lowestUs(index: number): number {
  const bucket = Math.max((index >> HALF_BITS) - 1, 0);
  return (index - bucket * HALF_COUNT) * 2 ** bucket;
}

/** The greatest. */
export function highestUs(index: number): number {
  return lowestUs(index) + 2 ** Math.max((index >> HALF_BITS) - 1, 0) - 1;
}

function middleUs(index: number): number {
  const width = 2 ** Math.max((index >> HALF_BITS) - 1, 0);
  return lowestUs(index) + Math.floor(width / 2);
}
