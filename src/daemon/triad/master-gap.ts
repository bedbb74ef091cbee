import type { EpochMs } from '../../base/clock.ts';

/** How long a member of a triad knew no master. */
export class MasterGap {
  #since: EpochMs | undefined;
  #lastMs = 0;

  /** The last time that it was over. */
  get lastMs(): number {
    return this.#lastMs;
  }

  /** How it looks now. */
  see(hasMaster: boolean, now: EpochMs): void {
    if (!hasMaster) {
      this.#since ??= now;
      return;
    }
    if (this.#since !== undefined) this.#lastMs = now - this.#since;
    this.#since = undefined;
  }
}
