import { Appointments } from './appointments.ts';
import { assert } from './errors.ts';

/** Milliseconds since 1970-01-01T00:00:00Z. */
export type EpochMs = number;

/** Takes back what `Clock.schedule` arranged; harmless when it has already run. */
export type Cancel = () => void;

/**
 * Where time comes from. Everything below the daemons gets `now` as an argument; the hosts get a Clock,
 * so that a test moves time by hand and nothing waits.
 */
export interface Clock {
  now(): EpochMs;
  /** Runs `task` once, when `now()` has reached `at` or later. Never runs it before `schedule` returned. */
  schedule(at: EpochMs, task: () => void): Cancel;
}

/** A clock that can be moved: one that stands still, or one that runs at a pace of its own. */
export interface MovableClock extends Clock {
  /** When the earliest appointment is; undefined when there is none. */
  readonly next: EpochMs | undefined;
  /**
   * Moves time to `target`, and yields after each moment on the way at which something fell due: how many tasks
   * that were; `now()` is that moment then, and stays it if this is not run to its end. Going back runs
   * nothing, as a set-back system clock would.
   * @throws what tasks threw, when all is done.
   */
  moments(target: EpochMs): Generator<number, void>;
  /** Moves time forward at one go, running each task that falls due at its own time. */
  advance(ms: number): void;
  /** Moves time to `target` at one go. */
  set(target: EpochMs): void;
}

export function isMovable(clock: Clock): clock is MovableClock {
  return 'moments' in clock;
}

/** setTimeout takes a signed 32-bit delay; a longer one fires at once, so we sleep in steps. */
export const TIMER_DELAY_MS_MAX = 2 ** 31 - 1;

/** The machine's own clock. Timers do not keep the process alive. */
export const systemClock: Clock = {
  now: () => Date.now(),
  schedule(at, task) {
    let timer: ReturnType<typeof setTimeout>;
    const arm = (): void => {
      const delay = at - Date.now();
      timer = setTimeout(() => (Date.now() >= at ? task() : arm()), clampDelay(delay));
      timer.unref();
    };
    arm();
    return () => clearTimeout(timer);
  },
};

function clampDelay(delay: number): number {
  return Math.min(Math.max(delay, 0), TIMER_DELAY_MS_MAX);
}

/** A clock that stands still until it is moved. Tasks run in order of time, then of scheduling. */
export class ManualClock implements MovableClock {
  #now: EpochMs;
  #moving = false;
  readonly #appointments = new Appointments();

  constructor(start: EpochMs = Date.UTC(2030, 0, 7, 9, 0, 0)) {
    this.#now = start;
  }

  now(): EpochMs {
    return this.#now;
  }

  get next(): EpochMs | undefined {
    return this.#appointments.next;
  }

  schedule(at: EpochMs, task: () => void): Cancel {
    // What is due already waits for nobody to move the clock.
    if (at <= this.#now && !this.#moving) queueMicrotask(() => this.#runDue());
    return this.#appointments.add(at, task);
  }

  #runDue(): void {
    const due = this.next;
    if (!this.#moving && due !== undefined && due <= this.#now) this.set(this.#now);
  }

  advance(ms: number): void {
    this.set(this.#now + ms);
  }

  set(target: EpochMs): void {
    const moments = this.moments(target);
    while (!moments.next().done);
  }

  *moments(target: EpochMs): Generator<number, void> {
    assert(Number.isFinite(target), `a clock is set to a time, not to ${target}`);
    assert(!this.#moving, 'a clock is moved by one hand at a time');
    this.#moving = true;
    let isLeft = false;
    try {
      for (const tasks of this.#appointments.run(target, (at) => {
        this.#now = Math.max(this.#now, at);
      })) {
        isLeft = true;
        yield tasks;
        isLeft = false;
      }
    } finally {
      if (!isLeft) this.#now = target;
      this.#moving = false;
    }
  }
}
