import { limits } from '../base/limits.ts';
import { charactersOf, type Weighed } from './weights.ts';

/** The least time between two counts: one takes a tenth of a second where a million seats are out. */
const COUNT_MS = 1_000;

/**
 * Bounds what a daemon keeps of its clients' texts with the seats that are out. Adds up what was asked for, and counts
 * what is really held only when that would be too much: so the hot path pays an addition.
 */
export class HeldTexts {
  readonly #max: number;
  readonly #uptimeMs: () => number;
  /** Held when it was counted last, and asked for since. */
  #characters = 0;
  #countedAt = Number.NEGATIVE_INFINITY;

  /** `uptimeMs` gives monotonic milliseconds. */
  constructor(max: number = limits.heldCharactersMax, uptimeMs = () => performance.now()) {
    this.#max = max;
    this.#uptimeMs = uptimeMs;
  }

  /** Whether one more checkout may be kept beside those `held`. */
  hasRoom(one: Weighed, held: () => Iterable<Weighed>): boolean {
    const more = charactersOf(one);
    if (this.#characters + more > this.#max) {
      this.#countAgain(held, this.#uptimeMs());
      if (this.#characters + more > this.#max) return false;
    }
    this.#characters += more;
    return true;
  }

  #countAgain(held: () => Iterable<Weighed>, now: number): void {
    if (now - this.#countedAt < COUNT_MS) return;
    this.#countedAt = now;
    this.#characters = 0;
    for (const each of held()) this.#characters += charactersOf(each);
  }
}
