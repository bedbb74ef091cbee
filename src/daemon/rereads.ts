import { Turns } from './turns.ts';

/**
 * Rereads in the order asked, one at a time. Who asks for what another still waits for shares its outcome: files
 * are read after both have asked, so that a thousand who ask at once cost one reread. Each begins in a turn of its
 * own of the event loop, for it may take a tenth of a second: between two of them everybody else is served.
 */
export class Rereads {
  readonly #turns = new Turns();
  /** Those that have not begun, by the vendor asked for in lower case; empty for all. */
  readonly #waiting = new Map<string, Promise<void>>();

  /** Gives the outcome of `step`, or of the one that waits for the same vendor. */
  take(vendor: string, step: () => Promise<void>): Promise<void> {
    const key = vendor.toLowerCase();
    const waiting = this.#waiting.get(key);
    if (waiting) return waiting;
    const next = this.#turns.take(async () => {
      await new Promise((turn) => setImmediate(turn));
      this.#waiting.delete(key);
      await step();
    });
    this.#waiting.set(key, next);
    return next;
  }
}
