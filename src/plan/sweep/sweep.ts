import type { Demand } from '../demand/demand.ts';
import type { FullWeeks } from '../demand/weeks.ts';
import type { SeatCounts } from '../estimate/seat-search.ts';
import type { LicenseChange } from '../feature-license.ts';
import type { FeatureQuestion } from '../plan-model.ts';
import type { ReplayWays } from '../replay-ledger.ts';
import { SeatCurve } from '../seat-curve.ts';
import { DemandReplays, type ReplayOrder } from './demand-replays.ts';
import { type SharedDemand, sharedDemand } from './shared-demand.ts';

/** All replays of one demand: what they have in common. */
export interface SweepGround {
  readonly feature: string;
  readonly daemon: string;
  /** How many starts there are. */
  readonly starts: number;
  /** The demand where threads share it, copied when it is asked for first. */
  readonly shared: () => SharedDemand;
  readonly change: LicenseChange;
  readonly ways: ReplayWays;
  readonly weeks: FullWeeks;
  /** Of the log; the machine's own when undefined. */
  readonly timeZone: string | undefined;
}

/** Does one replay. */
export type Replaying = (order: ReplayOrder) => Promise<SeatCounts>;

/** Where replays are done: here, or by threads; anew, or kept from the last time. */
export interface SweepPlace {
  /** Gets ready for one demand. `here` replays in this thread. */
  prepare(ground: SweepGround, here: (order: ReplayOrder) => SeatCounts): Replaying;
}

/** Replays in this thread. */
export const sweepHere: SweepPlace = {
  prepare: (_, here) => (order) => Promise.resolve(here(order)),
};

export interface ReplayRequest {
  readonly feature: string;
  readonly demand: Demand;
  readonly question: FeatureQuestion;
  readonly change?: LicenseChange;
  readonly ways?: ReplayWays;
}

/** Replays of a demand, done where the question says. */
export function replaysOf(request: ReplayRequest): Replaying {
  const { feature, demand, question, change = { lines: [] }, ways = {} } = request;
  const { weeks, wall, names } = question;
  const { daemon, newLedger } = question.licenseWith(change);
  const shared = once(() => sharedDemand(demand, (id) => names.client(id)));
  const replays = once(
    () => new DemandReplays({ shared: shared(), feature, newLedger, ways, weeks, wall }),
  );
  const ground: SweepGround = {
    ...{ feature, daemon, starts: demand.at.length, shared, change, ways, weeks },
    timeZone: wall.timeZone,
  };
  return question.sweep.prepare(ground, (order) => replays().do(order));
}

/** The curve of a demand. */
export function curveFor(request: ReplayRequest): SeatCurve {
  const replaying = replaysOf(request);
  return new SeatCurve((seats) => replaying({ seats }));
}

function once<Value extends object>(make: () => Value): () => Value {
  let made: Value | undefined;
  return () => {
    made ??= make();
    return made;
  };
}
