import { limits } from '../base/limits.ts';

/** How often something may be done. */
export interface Rate {
  readonly perSecond: number;
  /** After a pause. */
  readonly atOnce: number;
}

interface Bucket {
  left: number;
  at: number;
}

/** Counts what each address does. Who has been counted longest is forgotten first when there are too many. */
export class Rates {
  readonly #rate: Rate;
  readonly #buckets = new Map<string, Bucket>();

  constructor(rate: Rate) {
    this.#rate = rate;
  }

  /** Seconds to wait before the next, 0 when it may be done now. `now` in milliseconds of a steady clock. */
  wait(address: string, now: number): number {
    const left = this.#leftOf(address, now);
    return left >= 1 ? 0 : Math.ceil((1 - left) / this.#rate.perSecond);
  }

  /** It is done. */
  count(address: string, now: number): void {
    const left = this.#leftOf(address, now) - 1;
    this.#buckets.delete(address);
    this.#buckets.set(address, { left: Math.max(0, left), at: now });
    if (this.#buckets.size <= limits.httpRatedMax) return;
    for (const oldest of this.#buckets.keys()) {
      this.#buckets.delete(oldest);
      break;
    }
  }

  #leftOf(address: string, now: number): number {
    const bucket = this.#buckets.get(address);
    const { perSecond, atOnce } = this.#rate;
    if (bucket === undefined) return atOnce;
    return Math.min(atOnce, bucket.left + ((now - bucket.at) / 1_000) * perSecond);
  }
}
