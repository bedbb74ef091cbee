import { Rng } from '../../base/rng.ts';
import { DayDraws } from '../demand/day-draws.ts';
import type { DemandRows } from '../demand/demand.ts';
import type { FullWeeks } from '../demand/weeks.ts';
import type { SeatCounts } from '../estimate/seat-search.ts';
import { type LedgerFactory, type ReplayWays, replay } from '../replay-ledger.ts';
import type { WallClock } from '../scan/wall-clock.ts';
import { DayCounts } from './day-counts.ts';
import { clientsOfShared, type SharedDemand } from './shared-demand.ts';

/** One replay of a demand. */
export interface ReplayOrder {
  readonly seats: number;
  /** The seed of a history whose days are drawn from those of the demand; undefined: the demand itself. */
  readonly drawnBy?: string;
}

/** What the replays of a demand have in common. */
export interface ReplayGround {
  readonly shared: SharedDemand;
  readonly feature: string;
  readonly newLedger: LedgerFactory;
  readonly ways: ReplayWays;
  readonly weeks: FullWeeks;
  readonly wall: WallClock;
}

/** The replays of one demand that one thread does, one after the other. */
export class DemandReplays {
  readonly #ground: ReplayGround;
  readonly #clientOf: ReturnType<typeof clientsOfShared>;
  #counts: DayCounts | undefined;
  #draws: DayDraws | undefined;

  constructor(ground: ReplayGround) {
    this.#ground = ground;
    this.#clientOf = clientsOfShared(ground.shared.clients);
  }

  do({ seats, drawnBy }: ReplayOrder): SeatCounts {
    const { shared, weeks, wall } = this.#ground;
    if (drawnBy === undefined) {
      this.#counts ??= new DayCounts(shared.demand, weeks, wall);
      return this.#replay(shared.demand, seats, this.#counts);
    }
    this.#draws ??= new DayDraws(shared.demand, weeks, wall);
    const drawn = this.#draws.draw(new Rng(drawnBy));
    return this.#replay(drawn, seats, new DayCounts(drawn, weeks, wall));
  }

  #replay(demand: DemandRows, seats: number, counts: DayCounts): SeatCounts {
    const { feature, newLedger, ways } = this.#ground;
    return counts.of(replay({ demand, feature, clientOf: this.#clientOf }, newLedger, seats, ways));
  }
}
