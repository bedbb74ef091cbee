/** Intervals that are kept to tell the usual one: more would not tell it better. */
const KEPT_MAX = 1_001;

/** How often samples come. All in milliseconds. */
export class Pace {
  longest = 0;
  readonly #intervals: number[] = [];
  #usual = 0;
  #isStale = false;

  add(interval: number): void {
    if (interval > this.longest) this.longest = interval;
    if (interval === 0 || this.#intervals.length === KEPT_MAX) return;
    this.#intervals.push(interval);
    this.#isStale = true;
  }

  /** The median interval; 0 when there is none yet. */
  get usual(): number {
    if (this.#isStale) {
      const sorted = this.#intervals.toSorted((a, b) => a - b);
      this.#usual = sorted[sorted.length >> 1]!;
      this.#isStale = false;
    }
    return this.#usual;
  }

  /** Longer than that between two samples, and some were not taken. */
  get gap(): number {
    return 3 * this.usual;
  }
}
