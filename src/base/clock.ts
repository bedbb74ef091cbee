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

/** setTimeout takes a signed 32-bit delay; a longer one fires at once, so we sleep in steps. */
const TIMER_DELAY_MS_MAX = 2 ** 31 - 1;

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

interface Appointment {
  readonly at: EpochMs;
  readonly order: number;
  readonly task: () => void;
}

/** A clock that stands still until `advance` or `set`. Tasks run in order of time, then of scheduling. */
export class ManualClock implements Clock {
  #now: EpochMs;
  #order = 0;
  readonly #appointments = new Set<Appointment>();

  constructor(start: EpochMs = Date.UTC(2030, 0, 7, 9, 0, 0)) {
    this.#now = start;
  }

  now(): EpochMs {
    return this.#now;
  }

  schedule(at: EpochMs, task: () => void): Cancel {
    const appointment = { at, order: this.#order++, task };
    this.#appointments.add(appointment);
    return () => this.#appointments.delete(appointment);
  }

  /** Moves time forward, running each task that falls due at its own time. */
  advance(ms: number): void {
    this.set(this.#now + ms);
  }

  /** Moves time to `target`. Going back runs nothing, as a set-back system clock would. */
  set(target: EpochMs): void {
    for (let next = this.#next(target); next; next = this.#next(target)) {
      this.#appointments.delete(next);
      this.#now = Math.max(this.#now, next.at);
      next.task();
    }
    this.#now = target;
  }

  #next(until: EpochMs): Appointment | undefined {
    let first: Appointment | undefined;
    for (const each of this.#appointments) {
      if (each.at > until) continue;
      if (!first || each.at < first.at || (each.at === first.at && each.order < first.order)) {
        first = each;
      }
    }
    return first;
  }
}
