import type { Cancel, Clock } from '../base/clock.ts';
import { startOfNextDay } from '../base/time-zone.ts';

/** Runs a task at each midnight of a time zone, or of the machine's own. */
export class Midnight {
  readonly #clock: Clock;
  readonly #timeZone: string | undefined;
  readonly #task: () => void;
  #cancel: Cancel = () => {};

  constructor(clock: Clock, timeZone: string | undefined, task: () => void) {
    this.#clock = clock;
    this.#timeZone = timeZone;
    this.#task = task;
  }

  /** From now on; also after the clock was set to another day. */
  arm(): void {
    this.#cancel();
    const at = startOfNextDay(this.#clock.now(), this.#timeZone);
    this.#cancel = this.#clock.schedule(at, () => {
      this.arm();
      this.#task();
    });
  }

  stop(): void {
    this.#cancel();
  }
}
