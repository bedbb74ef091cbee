import type { EpochMs } from '../../base/clock.ts';
import type { CheckoutCommand } from './commands.ts';
import { capacityChange } from './deadlines.ts';
import { denialRow, noSuchFeature, refusalOf, type Trial } from './denials.ts';
import { drawsFor } from './draws.ts';
import { dupKey } from './dup-groups.ts';
import type { CheckoutDenied, LedgerEvent, SeatTaken } from './events.ts';
import type { LedgerPool } from './holdings.ts';
import { holdsAt } from './standings.ts';
import { findFeature, type Ledger, type LedgerFeature } from './state.ts';

/**
 * Tries the feature's pools in order and grants from the first that can give the whole count. Pools
 * whose lines started or expired unnoticed are judged as of `now`, and say so first: a host whose
 * timer is late, or whose clock was set back, still gets the right answer.
 * Source: End User Guide v10, App. B ("a checkout is satisfied from one pool"); all-or-nothing is
 * inferred.
 */
export function decideCheckout(
  ledger: Ledger,
  request: CheckoutCommand,
  now: EpochMs,
): readonly LedgerEvent[] {
  const feature = findFeature(ledger, request.feature);
  if (feature === undefined) return [unsupported(request, now)];
  const steady = ledger.steadySince <= now && now < ledger.steadyUntil;
  let changes: LedgerEvent[] | undefined;
  let closest = -1;
  for (const pool of feature.pools) {
    let { phase, capacity, issued } = pool;
    if (!steady && !holdsAt(pool.standing, now)) {
      const standing = pool.standingAt(now);
      ({ phase, capacity } = standing);
      issued = capacity - standing.overdraft;
      changes ??= [];
      changes.push(capacityChange(pool, standing, now));
    }
    // unverified: a request for fewer than MINIMUM takes as many.
    const count = Math.max(request.count, pool.minimum);
    const added = seatsToAdd(pool, request, count);
    const trial: Trial = { request, pool, phase, capacity, issued, count, added };
    const row = denialRow(trial);
    if (row < 0) return after(changes, seatTaken(ledger, feature, trial, now));
    if (row > closest) closest = row;
  }
  return after(changes, denied(feature, request, closest, now));
}

/** Equal DUP_GROUP keys share seats: only what goes beyond the group's is new. */
function seatsToAdd(pool: LedgerPool, { client, data }: CheckoutCommand, count: number): number {
  if (pool.sharing === undefined) return count;
  const group = pool.groups.get(dupKey(pool.sharing, client, data));
  return group === undefined ? count : Math.max(0, count - group.seats);
}

function after(changes: LedgerEvent[] | undefined, event: LedgerEvent): readonly LedgerEvent[] {
  if (changes === undefined) return [event];
  changes.push(event);
  return changes;
}

function seatTaken(
  ledger: Ledger,
  feature: LedgerFeature,
  { request, pool, issued, count, added }: Trial,
  now: EpochMs,
): SeatTaken {
  return {
    kind: 'seatTaken',
    at: now,
    handle: ledger.nextHandle,
    session: request.session,
    client: request.client,
    pool,
    feature: feature.name,
    version: request.version,
    count,
    data: request.data,
    added,
    draws: pool.rules === undefined ? undefined : drawsFor(pool, issued, request.client, added),
  };
}

function denied(
  feature: LedgerFeature,
  { session, client, version, count }: CheckoutCommand,
  row: number,
  now: EpochMs,
): CheckoutDenied {
  return {
    kind: 'checkoutDenied',
    at: now,
    session,
    client,
    feature: feature.name,
    version,
    count,
    refusal: refusalOf(row),
  };
}

function unsupported(request: CheckoutCommand, now: EpochMs): LedgerEvent {
  return {
    kind: 'featureUnsupported',
    at: now,
    session: request.session,
    client: request.client,
    feature: request.feature,
    refusal: noSuchFeature,
  };
}
