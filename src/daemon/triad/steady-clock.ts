import { type Clock, systemClock, TIMER_DELAY_MS_MAX } from '../../base/clock.ts';

const NANOSECONDS_PER_MS = 1_000_000;

/** Milliseconds that no setting of the machine's clock moves, the same in all processes of the machine. */
export function steadyNow(): number {
  return Number(process.hrtime.bigint()) / NANOSECONDS_PER_MS;
}

/** A clock for promises that hold for a time: the machine's own may be set back, and would make them longer. */
const steadyClock: Clock = {
  now: steadyNow,
  schedule(at, task) {
    let timer: ReturnType<typeof setTimeout>;
    const arm = (): void => {
      const delayMs = Math.min(Math.max(Math.ceil(at - steadyNow()), 0), TIMER_DELAY_MS_MAX);
      timer = setTimeout(() => (steadyNow() >= at ? task() : arm()), delayMs);
      timer.unref();
    };
    arm();
    return () => clearTimeout(timer);
  },
};

/** The clock that a triad keeps its promises by. */
export function steady(clock: Clock | undefined, own: Clock): Clock {
  return clock === undefined || clock === systemClock ? steadyClock : own;
}
