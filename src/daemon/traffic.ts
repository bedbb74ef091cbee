import { type Clock, isMovable } from '../base/clock.ts';

/** Turns of the event loop without traffic after which nothing is on its way between two ends in this process. */
const QUIET_TURNS = 4;
/** Turns after which a server that is never quiet counts as settled: its clients are in no hurry to be. */
const TURNS_MAX = 1_000;
/** The longest wait for work in hand, such as a vendor daemon that starts. */
const WORK_MS_MAX = 10_000;

/**
 * What goes on in a server beyond the present turn of the event loop: bytes on their way, work in hand. A clock
 * that is moved waits between two moments until it has settled, so that what follows at once from the first
 * happens before the second.
 */
export class Traffic {
  #stirs = 0;
  #settledAt = 0;
  #ownTasks = 0;
  #works = 0;
  readonly #idle: (() => void)[] = [];

  /** Bytes came or went, or a connection did. */
  stir(): void {
    this.#stirs++;
  }

  /** How often anything went on. */
  get stirs(): number {
    return this.#stirs;
  }

  /** Work that takes several turns; settling waits for it. Gives what it gives. */
  async during<T>(work: Promise<T>): Promise<T> {
    this.#works++;
    try {
      return await work;
    } finally {
      this.stir();
      if (--this.#works === 0) for (const tell of this.#idle.splice(0)) tell();
    }
  }

  /**
   * A clock for the server's own appointments. Of those it is known that what they start is heard of here; after
   * others on a clock that is moved, which may have clients speak, it must be listened for.
   */
  ownClock(clock: Clock): Clock {
    if (!isMovable(clock)) return clock;
    return {
      now: () => clock.now(),
      schedule: (at, task) =>
        clock.schedule(at, () => {
          this.#ownTasks++;
          task();
        }),
    };
  }

  /** Tasks of own clocks that have run. */
  get ownTasks(): number {
    return this.#ownTasks;
  }

  /** Whether anything went on since it settled last. */
  get stirred(): boolean {
    return this.#works > 0 || this.#stirs !== this.#settledAt;
  }

  /**
   * Resolves when nothing is in hand and no byte came or went for some turns of the event loop: then clients in
   * this process have heard what they were told, and what they said to it at once was heard. For clients in other
   * processes nobody can know.
   */
  async settled(): Promise<void> {
    for (let turns = 0, quiet = 0; turns < TURNS_MAX && quiet < QUIET_TURNS; turns++) {
      if (this.#works > 0 && !(await this.#workDone())) break;
      const before = this.#stirs;
      await new Promise((turn) => setImmediate(turn));
      quiet = this.#works === 0 && this.#stirs === before ? quiet + 1 : 0;
    }
    this.#settledAt = this.#stirs;
  }

  /** False when it takes too long. */
  #workDone(): Promise<boolean> {
    return new Promise((done) => {
      const late = setTimeout(() => done(false), WORK_MS_MAX);
      this.#idle.push(() => {
        clearTimeout(late);
        done(true);
      });
    });
  }
}
