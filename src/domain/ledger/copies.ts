import type { EpochMs } from '../../base/clock.ts';
import type { PoolRules } from '../options/rules.ts';
import type { PoolTimes } from '../options/time-rules.ts';
import type { CheckoutQueued, Draw, LedgerEvent, SeatTaken } from './events.ts';
import type { HeldCheckout, LedgerPool } from './holdings.ts';
import { createLedger, record } from './ledger.ts';
import type { SessionId } from './model.ts';
import { Reservation } from './reservations.ts';
import { SerialHolders } from './serial-holders.ts';
import { featureKey, type Ledger, type LedgerFeature } from './state.ts';
import { SuiteCount } from './suite-holds.ts';
import type { Waiting } from './waiting-lines.ts';

/** How much of a ledger is copied at most. */
export interface CopyBounds {
  readonly poolsMax: number;
  /** Checkouts, and requests that wait, together. */
  readonly seatsMax: number;
}

/**
 * A ledger of its own with everything that can have to do with one feature: its pools, those that go out together
 * with them, and all other pools of their features; who has their seats, and who waits for them. What is decided in
 * it is what would be decided in the original. Undefined when that is more than the bounds allow.
 */
export function copyAround(
  ledger: Ledger,
  feature: LedgerFeature,
  now: EpochMs,
  { poolsMax, seatsMax }: CopyBounds,
): Ledger | undefined {
  const pools = connectedPools(ledger, feature, poolsMax);
  if (pools === undefined) return undefined;
  let seats = 0;
  for (const { checkouts, waiting } of pools) seats += checkouts.size + (waiting?.all.size ?? 0);
  if (seats > seatsMax) return undefined;
  const copy = emptyCopy(ledger, pools, now);
  for (const event of historyOf(pools, copy)) record(copy, event);
  copy.clock.latest = ledger.clock.latest;
  copy.nextHandle = ledger.nextHandle;
  return copy;
}

/** In the order in which they were defined; undefined when there are more than `poolsMax`. */
function connectedPools(
  ledger: Ledger,
  { pools: first }: LedgerFeature,
  poolsMax: number,
): readonly LedgerPool[] | undefined {
  const found = new Set<LedgerPool>(first);
  // A set that grows is walked to its end.
  for (const pool of found) {
    if (found.size > poolsMax) return undefined;
    for (const each of neighborsOf(ledger, pool)) found.add(each);
  }
  return found.size > poolsMax
    ? undefined
    : [...ledger.pools.values()].filter((pool) => found.has(pool));
}

function neighborsOf(ledger: Ledger, pool: LedgerPool): readonly LedgerPool[] {
  const { suite } = pool;
  const sameFeature = ledger.features.get(featureKey(ledger.options, pool.feature))?.pools ?? [];
  const siblings = [...sameFeature, ...(pool.serial?.pools ?? [])];
  if (suite !== undefined) return [...siblings, suite];
  if (pool.definition.package?.role !== 'suite') return siblings;
  const components = [...ledger.pools.values()].filter((each) => each.suite === pool);
  return [...siblings, ...components];
}

/** The same pools under the same rules, nothing being out. */
function emptyCopy(ledger: Ledger, pools: readonly LedgerPool[], now: EpochMs): Ledger {
  const rules = new Map<string, PoolRules>();
  const times = new Map<string, PoolTimes>();
  for (const { definition, rules: own, lingerMs, timeoutMs, borrow } of pools) {
    if (own !== undefined) rules.set(definition.id, own);
    times.set(definition.id, { lingerMs, timeoutMs, borrow });
  }
  const definitions = pools.map(({ definition }) => definition);
  return createLedger(definitions, ledger.options, now, rules, times);
}

/** What would bring an empty ledger to where these pools are. */
function* historyOf(pools: readonly LedgerPool[], copy: Ledger): Generator<LedgerEvent> {
  const seats = pools.flatMap(({ checkouts }) => [...checkouts.values()] as HeldCheckout[]);
  seats.sort((a, b) => a.handle - b.handle);
  for (const seat of seats) yield takenAgain(seat, copy);
  const lingering = seats.flatMap((seat) => (seat.stay?.kind === 'linger' ? [seat.stay] : []));
  // Of one client's, the one that it left first comes first.
  lingering.sort((a, b) => a.handle - b.handle);
  for (const { seat, since, until } of lingering) {
    const { handle, client, count, data } = seat;
    const pool = copy.pools.get(seat.pool.definition.id)!;
    const session = someSession;
    const what = { handle, session, client, pool, feature: pool.feature, count, data };
    yield { kind: 'seatKept', at: since, ...what, reason: 'checkin', until, cut: false };
  }
  const waiting = new Set<Waiting>();
  for (const pool of pools) {
    for (const place of pool.waiting?.all.values() ?? []) waiting.add(place.waiting);
  }
  for (const each of [...waiting].sort((a, b) => a.handle - b.handle)) yield queuedAgain(each);
}

/** Who held a seat that lingers, until it was left: nobody knows any more. */
const someSession: SessionId = 0;

/** A group's seats are those that its oldest checkout took, although others may have asked for more. */
function takenAgain(seat: HeldCheckout, copy: Ledger): SeatTaken {
  const { handle, client, version, count, data, since, shares, stay, companion } = seat;
  const session = stay?.kind === 'linger' ? someSession : seat.session;
  const pool = copy.pools.get(seat.pool.definition.id)!;
  const own = shares === undefined ? count : seat.isFirstOfGroup ? shares.seats : 0;
  const draws = shares === undefined ? seat.draws : seat.isFirstOfGroup ? shares.draws : undefined;
  const paired = companion !== undefined && !seat.isSuiteSeat;
  return {
    ...{ kind: 'seatTaken', at: since, handle, session, client, pool, feature: pool.feature },
    ...{
      version,
      count,
      data,
      added: own,
      draws: draws?.map((draw) => drawIn(pool, draw, seat.pool)),
    },
    ...(paired && { suiteHandle: companion.handle }),
    ...(stay?.kind === 'borrow' && { borrow: { until: stay.until, totalMs: stay.totalMs } }),
  };
}

/** What counts the same in the copy: a line's limit or reservation, or a suite's or serial number's holders. */
function drawIn(
  { maxLimits, reservations, suiteCount, serial }: LedgerPool,
  { from, ...draw }: Draw,
  original: LedgerPool,
): Draw {
  if (from instanceof SuiteCount) return { ...draw, from: suiteCount! };
  if (from instanceof SerialHolders) {
    return { ...draw, from: serial!.counts[original.serial!.counts.indexOf(from)]! };
  }
  const counts = from instanceof Reservation ? reservations : maxLimits;
  const { rule } = from as Reservation;
  return { ...draw, from: counts.find((each) => each.rule === rule)! };
}

function queuedAgain({ handle, request, feature, since, pools }: Waiting): CheckoutQueued {
  const { session, client, version, count, data, queue } = request;
  const ids = pools.map(({ definition }) => definition.id);
  const what = { feature, version, count, data, queue: queue!, pools: ids };
  return { kind: 'checkoutQueued', at: since, handle, session, client, ...what };
}
