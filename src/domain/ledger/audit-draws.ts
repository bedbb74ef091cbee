import type { SeatCount } from './events.ts';
import type { HeldCheckout, LedgerPool } from './holdings.ts';
import { limitFor, type MaxLimit } from './max-limits.ts';
import { Reservation } from './reservations.ts';
import { SerialHolders } from './serial-holders.ts';
import type { Ledger } from './state.ts';
import { SuiteCount } from './suite-holds.ts';

/** By count and key: seats that what is out says it holds of it. */
type Recount = Map<SeatCount, Map<string, number>>;

/** Counts limits and reservations again from what is out, and says where the running counts disagree. */
export function auditDraws(ledger: Ledger): readonly string[] {
  const recount: Recount = new Map();
  const found: string[] = [];
  for (const pool of ledger.pools.values()) {
    for (const checkout of pool.checkouts.values()) {
      if (checkout.isFirstOfGroup) found.push(...recountHolder(recount, pool, checkout));
    }
  }
  for (const pool of ledger.pools.values()) found.push(...auditCounts(recount, pool));
  return found;
}

function recountHolder(recount: Recount, pool: LedgerPool, checkout: HeldCheckout): string[] {
  const { handle, client, shares, count } = checkout;
  const found: string[] = [];
  const seats = shares?.seats ?? count;
  let limited = 0;
  let reserved = 0;
  let held = 0;
  const serials: number[] = [];
  for (const draw of (shares ?? checkout).draws ?? []) {
    const keys = recount.get(draw.from) ?? new Map<string, number>();
    recount.set(draw.from, keys.set(draw.key, (keys.get(draw.key) ?? 0) + draw.seats));
    if (draw.from instanceof SerialHolders) serials.push(draw.seats);
    else if (draw.from instanceof Reservation) reserved += draw.seats;
    else if (draw.from instanceof SuiteCount) held += draw.seats;
    else limited += draw.seats;
    const { maxLimits, reservations, suiteCount, serial } = pool;
    const known = [...maxLimits, ...reservations, suiteCount, ...(serial?.counts ?? [])];
    if (!known.some((each) => each === draw.from))
      found.push(`${handle} draws on what its pool has not`);
  }
  if (reserved > seats) found.push(`${handle} holds ${seats}, ${reserved} reserved`);
  if (pool.suiteCount !== undefined && held !== seats) {
    found.push(`${handle} holds ${seats}, ${held} of the suite's`);
  }
  if (pool.serial !== undefined && seats > 0 && Math.max(0, ...serials) !== seats) {
    found.push(`${handle} holds ${seats}, ${serials.join()} of its serial number's`);
  }
  // Whoever shares seats may have taken them under another line than the oldest of the group.
  const alone = shares === undefined;
  const expected = limitFor(pool.maxLimits, client) === undefined ? 0 : seats;
  if (alone && limited !== expected) found.push(`${handle}: ${limited} of ${seats} are limited`);
  return found;
}

function auditCounts(recount: Recount, pool: LedgerPool): string[] {
  const { definition, maxLimits, reservations, suiteCount } = pool;
  const found: string[] = [];
  if (suiteCount !== undefined) {
    const fresh = recount.get(suiteCount) ?? new Map<string, number>();
    if (!equalCounts(suiteCount.holds.counts(pool), fresh)) {
      found.push(`${definition.id}: what its suite's users have is not so`);
    }
  }
  for (const limit of maxLimits) found.push(...auditLimit(recount, limit));
  for (const reservation of reservations) {
    const { used, rule } = reservation;
    const seats = recount.get(reservation)?.get('') ?? 0;
    if (seats !== used) found.push(`${definition.id}: reservation has ${used} out, not ${seats}`);
    if (used > rule.count || used < 0) found.push(`${definition.id}: ${used} of a reservation`);
  }
  return found;
}

function auditLimit(recount: Recount, limit: MaxLimit): string[] {
  const kept = limit.counts();
  const fresh = recount.get(limit) ?? new Map<string, number>();
  return equalCounts(kept, fresh)
    ? []
    : [`MAX line ${limit.rule.line.line}: its counts are not so`];
}

function equalCounts(
  kept: ReadonlyMap<string, number>,
  fresh: ReadonlyMap<string, number>,
): boolean {
  return kept.size === fresh.size && [...fresh].every(([key, seats]) => kept.get(key) === seats);
}
