import { performance } from 'node:perf_hooks';

/** Connections that are looked at together: fewer would take a burst for a crowd. */
const LOOKED_AT = 32;
/** Each had a turn of the event loop to itself, and turns were so long. */
const TURN_MS = 1;
/** Share of the time that the event loop was busy: an idle one waits for clients, not they for it. */
const BUSY = 0.9;

/** Milliseconds that an event loop was busy, and idle, since it began. */
export interface LoopTimes {
  readonly active: number;
  readonly idle: number;
}

/**
 * Tells whether new clients wait for the event loop. Node accepts one connection a turn, and a crowd that is busy makes
 * turns of milliseconds: then connections come one a turn however many wait.
 */
export class AcceptPace {
  readonly #times: () => LoopTimes;
  #accepted = 0;
  #before: LoopTimes | undefined;

  constructor(times: () => LoopTimes = () => performance.eventLoopUtilization()) {
    this.#times = times;
  }

  /** Called with each connection that is accepted: whether those of late have come as slowly as the loop turned. */
  isSlow(): boolean {
    if (++this.#accepted % LOOKED_AT !== 0) return false;
    const before = this.#before;
    const now = this.#times();
    this.#before = now;
    if (before === undefined) return false;
    const active = now.active - before.active;
    const all = active + now.idle - before.idle;
    return all >= LOOKED_AT * TURN_MS && active >= BUSY * all;
  }
}
