import type { EpochMs } from '../../base/clock.ts';
import type { SeatCount } from './events.ts';
import type { HeldCheckout, LedgerPool, SharedSeats } from './holdings.ts';
import { MaxLimit } from './max-limits.ts';
import { Reservation } from './reservations.ts';
import { returnAll } from './returns.ts';

/**
 * Pools as they would be with some seats given back, for asking what a request would come to then. Each is a
 * picture of a pool of the ledger: what was not touched is the pool's own, and nothing of the ledger changes.
 */
export class GivenBack {
  readonly #seats = new Set<HeldCheckout>();
  readonly #now: EpochMs;
  #pictures = new Map<LedgerPool, LedgerPool>();

  constructor(now: EpochMs) {
    this.#now = now;
  }

  has(seat: HeldCheckout): boolean {
    return this.#seats.has(seat);
  }

  /** Gives back more; false when nothing was new. */
  add(seats: readonly HeldCheckout[]): boolean {
    const before = this.#seats.size;
    for (const seat of seats) {
      this.#seats.add(seat);
      if (seat.companion !== undefined) this.#seats.add(seat.companion);
    }
    if (this.#seats.size === before) return false;
    this.#pictures = this.#draw();
    return true;
  }

  /** The pool as it would be. */
  pool(pool: LedgerPool): LedgerPool {
    return this.#pictures.get(pool) ?? pool;
  }

  #draw(): Map<LedgerPool, LedgerPool> {
    const freed = new Map<LedgerPool, number>();
    for (const event of returnAll(this.#seats, 'lingerEnded', this.#now)) {
      if (event.kind !== 'seatReturned') continue;
      const pool = event.pool as LedgerPool;
      freed.set(pool, (freed.get(pool) ?? 0) + event.freed);
    }
    const gone = goneGroups(this.#seats);
    const counts = givenCounts(this.#seats, gone);
    const affected = new Set<LedgerPool>();
    for (const { pool } of this.#seats) affected.add(pool).add(pool.suite ?? pool);
    const pictures = new Map<LedgerPool, LedgerPool>();
    for (const pool of affected) {
      const changes = {
        used: pool.used - (freed.get(pool) ?? 0),
        groups: new Map([...pool.groups].filter(([, group]) => !gone.has(group))),
        reservations: pool.reservations.map((each) => reservationWithout(each, counts)),
      };
      pictures.set(pool, Object.assign(Object.create(pool) as LedgerPool, changes));
    }
    // A MAX line counts over all pools of its feature.
    const limits = new Map<MaxLimit, MaxLimit>();
    for (const [pool, picture] of pictures) {
      picture.maxLimits = pool.maxLimits.map((limit) => {
        const known = limits.get(limit) ?? limitWithout(limit, counts);
        limits.set(limit, known);
        return known;
      });
      picture.suite = pool.suite && (pictures.get(pool.suite) ?? pool.suite);
    }
    return pictures;
  }
}

/** Groups whose last checkout goes. */
function goneGroups(seats: ReadonlySet<HeldCheckout>): ReadonlySet<SharedSeats> {
  const gone = new Set<SharedSeats>();
  for (const { shares } of seats) {
    if (shares?.toArray().every((member) => seats.has(member))) gone.add(shares);
  }
  return gone;
}

type Counts = ReadonlyMap<SeatCount, ReadonlyMap<string, number>>;

/** What limits and reservations would count less, by key. */
function givenCounts(seats: ReadonlySet<HeldCheckout>, gone: ReadonlySet<SharedSeats>): Counts {
  const counts = new Map<SeatCount, Map<string, number>>();
  const holders = [...gone, ...[...seats].filter(({ shares }) => shares === undefined)];
  for (const { draws = [] } of holders) {
    for (const { from, key, seats: count } of draws) {
      const keys = counts.get(from) ?? new Map<string, number>();
      counts.set(from, keys.set(key, (keys.get(key) ?? 0) + count));
    }
  }
  return counts;
}

function reservationWithout(reservation: Reservation, counts: Counts): Reservation {
  const less = counts.get(reservation)?.get('') ?? 0;
  if (less === 0) return reservation;
  const picture = new Reservation(reservation.rule);
  picture.add('', reservation.used - less);
  return picture;
}

function limitWithout(limit: MaxLimit, counts: Counts): MaxLimit {
  const less = counts.get(limit);
  if (less === undefined) return limit;
  const picture = new MaxLimit(limit.rule);
  for (const [key, seats] of limit.counts()) picture.add(key, seats - (less.get(key) ?? 0));
  return picture;
}
