import { Appointments } from './appointments.ts';
import type { Cancel, Clock, EpochMs, MovableClock } from './clock.ts';
import { systemClock } from './clock.ts';
import { assert } from './errors.ts';

/** Where a scaled clock stands: at `start` when the clock behind it says `since`, and `factor` times as fast. */
export interface ScaledPace {
  readonly factor: number;
  readonly start: EpochMs;
  readonly since: EpochMs;
}

/**
 * A clock that runs `factor` times as fast as the one behind it (the machine's), and can be moved besides. Two
 * clocks of the same pace agree, in whatever processes they are.
 */
export class ScaledClock implements MovableClock {
  readonly #real: Clock;
  readonly #appointments = new Appointments();
  #pace: ScaledPace;
  /** The moment that is being lived through while the clock is moved. */
  #held: EpochMs | undefined;
  #timer: Cancel | undefined;
  /** The appointment for which the timer is set. */
  #timerAt: EpochMs | undefined;

  /** Without `start` and `since` it shows the time of the clock behind it, and runs from now on. */
  constructor(pace: Partial<ScaledPace> & { readonly factor: number }, real: Clock = systemClock) {
    const { factor, since = real.now(), start = since } = pace;
    assert(factor > 0 && Number.isFinite(factor), `a pace is a number above 0, not ${factor}`);
    this.#real = real;
    this.#pace = { factor, start, since };
  }

  get pace(): ScaledPace {
    return this.#pace;
  }

  /** Goes on as another clock of that pace does. */
  join(pace: ScaledPace): void {
    assert(this.#held === undefined, 'a clock is moved by one hand at a time');
    this.#pace = pace;
    this.#timerAt = undefined;
    this.#arm();
  }

  now(): EpochMs {
    if (this.#held !== undefined) return this.#held;
    const { factor, start, since } = this.#pace;
    return Math.floor(start + (this.#real.now() - since) * factor);
  }

  get next(): EpochMs | undefined {
    return this.#appointments.next;
  }

  schedule(at: EpochMs, task: () => void): Cancel {
    const cancel = this.#appointments.add(at, task);
    this.#arm();
    return cancel;
  }

  advance(ms: number): void {
    this.set(this.now() + ms);
  }

  set(target: EpochMs): void {
    const moments = this.moments(target);
    while (!moments.next().done);
  }

  *moments(target: EpochMs): Generator<number, void> {
    assert(Number.isFinite(target), `a clock is set to a time, not to ${target}`);
    assert(this.#held === undefined, 'a clock is moved by one hand at a time');
    this.#held = this.now();
    let isLeft = false;
    try {
      for (const tasks of this.#appointments.run(target, (at) => {
        this.#held = Math.max(this.#held ?? at, at);
      })) {
        isLeft = true;
        yield tasks;
        isLeft = false;
      }
    } finally {
      const start = isLeft ? this.#held : target;
      this.#pace = { ...this.#pace, start, since: this.#real.now() };
      this.#held = undefined;
      this.#timerAt = undefined;
      this.#arm();
    }
  }

  /** Sees to it that the clock behind wakes us for the earliest appointment. */
  #arm(): void {
    const { next } = this;
    if (next === this.#timerAt || this.#held !== undefined) return;
    this.#timer?.();
    this.#timerAt = next;
    if (next === undefined) return;
    const { factor, start, since } = this.#pace;
    const wakeAt = since + Math.ceil((next - start) / factor);
    this.#timer = this.#real.schedule(wakeAt, () => this.#wake());
  }

  #wake(): void {
    this.#timerAt = undefined;
    if (this.#held !== undefined) return;
    try {
      const due = this.#appointments.run(this.now(), () => {});
      while (!due.next().done);
    } finally {
      this.#arm();
    }
  }
}
