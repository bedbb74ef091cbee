import { clientsOf } from '../clients.ts';
import type { Demand } from '../demand/demand.ts';
import type { LicenseChange } from '../feature-license.ts';
import type { FeatureQuestion } from '../plan-model.ts';
import { type Replayed, type ReplayWays, replay } from '../replay-ledger.ts';
import { SeatCurve } from '../seat-curve.ts';

/** All replays of one demand: what they have in common. */
export interface SweepGround {
  readonly feature: string;
  readonly daemon: string;
  readonly demand: Demand;
  readonly change: LicenseChange;
  readonly ways: ReplayWays;
  /** User and host of a client's number. */
  readonly nameOf: (id: number) => { readonly user: string; readonly host: string };
}

/** Where replays are done: here, or by threads; anew, or kept from the last time. */
export interface SweepPlace {
  /** Gets ready for one demand. `here` replays in this thread. */
  prepare(
    ground: SweepGround,
    here: (seats: number) => Replayed,
  ): (seats: number) => Promise<Replayed>;
}

/** Replays in this thread. */
export const sweepHere: SweepPlace = {
  prepare: (_, here) => (seats) => Promise.resolve(here(seats)),
};

export interface CurveRequest {
  readonly feature: string;
  readonly demand: Demand;
  readonly question: FeatureQuestion;
  readonly change?: LicenseChange;
  readonly ways?: ReplayWays;
}

/** The curve of a demand, its replays done where the question says. */
export function curveFor(request: CurveRequest): SeatCurve {
  const { feature, demand, question, change = { lines: [] }, ways = {} } = request;
  const license = question.licenseWith(change);
  const nameOf = (id: number) => question.names.client(id);
  const clientOf = clientsOf(nameOf);
  const here = (seats: number): Replayed =>
    replay({ demand, feature, clientOf }, license.newLedger, seats, ways);
  const ground = { feature, daemon: license.daemon, demand, change, ways, nameOf };
  return new SeatCurve({ ...question, demand }, question.sweep.prepare(ground, here));
}
