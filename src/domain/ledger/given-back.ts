import type { EpochMs } from '../../base/clock.ts';
import { addTo } from '../license/seat-lines.ts';
import type { SeatCount } from './events.ts';
import type { HeldCheckout, LedgerPool, SharedSeats } from './holdings.ts';
import { MaxLimit } from './max-limits.ts';
import { Reservation } from './reservations.ts';
import { returnAll } from './returns.ts';
import { SerialHolders, SerialHoldersLeft } from './serial-holders.ts';
import { SuiteCount, SuiteCountLeft } from './suite-holds.ts';

/**
 * Pools as they would be with some seats given back, for asking what a request would come to then. Each is a
 * picture of a pool of the ledger: what was not touched is the pool's own, and nothing of the ledger changes.
 */
export class GivenBack {
  readonly #seats = new Set<HeldCheckout>();
  readonly #now: EpochMs;
  #effects: Effects | undefined;
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
    this.#effects = effectsOf(this.#seats, this.#now);
    this.#pictures = new Map();
    return true;
  }

  /** The pool as it would be. */
  pool(pool: LedgerPool): LedgerPool {
    if (this.#effects === undefined) return pool;
    const known = this.#pictures.get(pool) ?? pictureOf(pool, this.#effects);
    this.#pictures.set(pool, known);
    return known;
  }
}

/** What would be free, and what would count less. */
interface Effects {
  readonly freed: ReadonlyMap<LedgerPool, number>;
  readonly goneGroups: ReadonlySet<SharedSeats>;
  readonly counts: Counts;
  readonly held: ReadonlyMap<LedgerPool, ReadonlyMap<string, number>>;
  readonly serials: TakenSeats;
}

function effectsOf(seats: ReadonlySet<HeldCheckout>, now: EpochMs): Effects {
  const freed = new Map<LedgerPool, number>();
  for (const event of returnAll(seats, 'lingerEnded', now)) {
    if (event.kind !== 'seatReturned') continue;
    const pool = event.pool as LedgerPool;
    freed.set(pool, (freed.get(pool) ?? 0) + event.freed);
  }
  const goneGroups = goneGroupsOf(seats);
  const counts = givenCounts(seats, goneGroups);
  const serials = serialsTaken(holdersOf(seats, goneGroups));
  return { freed, goneGroups, counts, held: heldCounts(counts), serials };
}

/** A MAX line counts over all pools of its feature, a SUITE_RESERVED package over all its components. */
function pictureOf(
  pool: LedgerPool,
  { freed, goneGroups, counts, held, serials }: Effects,
): LedgerPool {
  const { suiteCount, serial } = pool;
  const picture = Object.create(pool) as LedgerPool;
  return Object.assign(picture, {
    used: pool.used - (freed.get(pool) ?? 0),
    groups: new GroupsLeft(pool.groups, goneGroups),
    reservations: pool.reservations.map((each) => reservationWithout(each, counts)),
    maxLimits: pool.maxLimits.map((each) => limitWithout(each, counts)),
    suiteCount: suiteCount && new SuiteCountLeft(suiteCount, held),
    serial: serial?.withHolders((each) => serialHoldersWithout(each, serials)),
  });
}

/** Groups whose last checkout goes. */
function goneGroupsOf(seats: ReadonlySet<HeldCheckout>): ReadonlySet<SharedSeats> {
  const gone = new Set<SharedSeats>();
  for (const { shares } of seats) {
    if (shares?.toArray().every((member) => seats.has(member))) gone.add(shares);
  }
  return gone;
}

type Counts = ReadonlyMap<SeatCount, ReadonlyMap<string, number>>;

/** Who has drawn seats that would be back: groups of which nobody is left, and those who share with nobody. */
function holdersOf(
  seats: ReadonlySet<HeldCheckout>,
  gone: ReadonlySet<SharedSeats>,
): readonly (HeldCheckout | SharedSeats)[] {
  return [...gone, ...[...seats].filter(({ shares }) => shares === undefined)];
}

/** By serial number's holders and key, how many seats each of what would be back was of. */
type TakenSeats = ReadonlyMap<SeatCount, ReadonlyMap<string, readonly number[]>>;

function serialsTaken(holders: readonly (HeldCheckout | SharedSeats)[]): TakenSeats {
  const taken = new Map<SeatCount, Map<string, number[]>>();
  for (const { draws = [] } of holders) {
    for (const { from, key, seats } of draws) {
      if (!(from instanceof SerialHolders)) continue;
      const keys = taken.get(from) ?? new Map<string, number[]>();
      taken.set(from, keys);
      addTo(keys, key, seats);
    }
  }
  return taken;
}

function serialHoldersWithout(holders: SerialHolders, serials: TakenSeats): SerialHolders {
  const taken = serials.get(holders);
  return taken === undefined ? holders : new SerialHoldersLeft(holders, taken);
}

/** What limits and reservations would count less, by key. */
function givenCounts(seats: ReadonlySet<HeldCheckout>, gone: ReadonlySet<SharedSeats>): Counts {
  const counts = new Map<SeatCount, Map<string, number>>();
  for (const { draws = [] } of holdersOf(seats, gone)) {
    for (const { from, key, seats: count } of draws) {
      const keys = counts.get(from) ?? new Map<string, number>();
      counts.set(from, keys.set(key, (keys.get(key) ?? 0) + count));
    }
  }
  return counts;
}

/** What holders of suites would have less, by pool. */
function heldCounts(counts: Counts): ReadonlyMap<LedgerPool, ReadonlyMap<string, number>> {
  const held = new Map<LedgerPool, ReadonlyMap<string, number>>();
  for (const [from, keys] of counts) if (from instanceof SuiteCount) held.set(from.pool, keys);
  return held;
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
  return less === undefined ? limit : new LimitLeft(limit, less);
}

/** A limit that counts less. With thousands of users it is not copied. */
class LimitLeft extends MaxLimit {
  readonly #limit: MaxLimit;
  readonly #less: ReadonlyMap<string, number>;

  constructor(limit: MaxLimit, less: ReadonlyMap<string, number>) {
    super(limit.rule);
    this.#limit = limit;
    this.#less = less;
  }

  override seatsOf(key: string): number {
    return this.#limit.seatsOf(key) - (this.#less.get(key) ?? 0);
  }
}

/** Groups to look up, of which some are gone; not copied either. */
class GroupsLeft extends Map<string, SharedSeats> {
  readonly #groups: ReadonlyMap<string, SharedSeats>;
  readonly #gone: ReadonlySet<SharedSeats>;

  constructor(groups: ReadonlyMap<string, SharedSeats>, gone: ReadonlySet<SharedSeats>) {
    super();
    this.#groups = groups;
    this.#gone = gone;
  }

  override get(key: string): SharedSeats | undefined {
    const group = this.#groups.get(key);
    return group !== undefined && this.#gone.has(group) ? undefined : group;
  }
}
