import type { Rng } from '../../../src/base/rng.ts';
import type { TriadTiming } from '../../../src/domain/triad/timing.ts';

/** What may go wrong in one run, drawn from its seed: probabilities in percent, times in true milliseconds. */
export interface Weather {
  readonly intervalSeconds: number;
  readonly primaryIsMaster: boolean;
  readonly lossPercent: number;
  readonly duplicatePercent: number;
  readonly delayMsMax: number;
  /** Between two troubles. */
  readonly calmMsMax: number;
  readonly startMsMax: number;
  /** Daemons that hang when they are to stop. */
  readonly stopMsMax: number;
  readonly otherOrder: boolean;
}

/** The weather of one run. */
export function weatherOf(rng: Rng): Weather {
  return {
    intervalSeconds: rng.pick([0, 1, 1, 2, 5, 20]),
    primaryIsMaster: rng.chance(1, 2),
    lossPercent: rng.pick([0, 0, 5, 30]),
    duplicatePercent: rng.pick([0, 10, 50]),
    delayMsMax: rng.pick([1, 20, 400, 2_000]),
    calmMsMax: rng.pick([2_000, 10_000, 60_000]),
    startMsMax: rng.pick([1, 50, 3_000]),
    stopMsMax: rng.pick([50, 50, 4_000]),
    otherOrder: rng.chance(1, 20),
  };
}

/** What is broken on purpose, to see that the invariants notice. */
export interface Defects {
  /** Daemons grant whatever the lease says. */
  readonly ignoresLease?: boolean;
  /** Seats that daemons give beyond what is licensed. */
  readonly spareSeats?: number;
  readonly timing?: (timing: TriadTiming) => TriadTiming;
}
