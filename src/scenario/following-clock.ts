import { type Cancel, type Clock, type EpochMs, ManualClock } from '../base/clock.ts';

/**
 * The clock of clients whose servers are elsewhere, moved in step with theirs: it shows a moment first, so that what
 * servers do at it is heard at its time, and then runs what the clients themselves had arranged for it.
 */
export class FollowingClock implements Clock {
  readonly #manual: ManualClock;
  #now: EpochMs;

  constructor(start: EpochMs) {
    this.#manual = new ManualClock(start);
    this.#now = start;
  }

  now(): EpochMs {
    return this.#now;
  }

  schedule(at: EpochMs, task: () => void): Cancel {
    return this.#manual.schedule(at, task);
  }

  /** When the clients' next appointment is. */
  get next(): EpochMs | undefined {
    return this.#manual.next;
  }

  /** Shows another time; forward or back. */
  show(at: EpochMs): void {
    if (at < this.#now) this.#manual.set(at);
    this.#now = at;
  }

  /** Runs what is due; yields after each moment. */
  due(): Generator<number, void> {
    return this.#manual.moments(this.#now);
  }
}
