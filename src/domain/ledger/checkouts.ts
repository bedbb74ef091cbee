import type { EpochMs } from '../../base/clock.ts';
import { quieted } from './activities.ts';
import type { CheckoutCommand } from './commands.ts';
import { capacityChange } from './deadlines.ts';
import { denialRow, isPassing, noSuchFeature, refusalOf, type Trial } from './denials.ts';
import { drawsFor } from './draws.ts';
import { dupKey } from './dup-groups.ts';
import type { CheckoutDenied, LedgerEvent, SeatTaken } from './events.ts';
import type { HeldCheckout, LedgerPool } from './holdings.ts';
import type { Client } from './model.ts';
import { returnAll } from './returns.ts';
import { holdsAt } from './standings.ts';
import { findFeature, type Ledger, type LedgerFeature } from './state.ts';

/**
 * Tries the feature's pools in order and grants from the first that can give the whole count. Pools
 * whose lines started or expired unnoticed are judged as of `now`, and say so first: a host whose
 * timer is late, or whose clock was set back, still gets the right answer.
 * Source: End User Guide v10, App. B ("a checkout is satisfied from one pool"); all-or-nothing is
 * inferred.
 *
 * Seats that linger are given back first where that helps: the client's own, or, when the request would be denied,
 * those that are over and wait for the daemon's next scan. Then the events hold no answer, and the request is to be
 * decided again once they are recorded. Source: LAG, "LINGER".
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
  if (ledger.quiet.size > 0 && ledger.quiet.has(request.session)) {
    changes = [quieted(request.session, 'active', now, now)];
  }
  let closest = -1;
  let busy: LedgerPool[] | undefined;
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
    const own = pool.lingering !== undefined && (row < 0 || isPassing(row));
    const reused = own ? reusable(pool, request.client, count) : undefined;
    if (reused !== undefined) return after(changes, ...returnAll([reused], 'reused', now));
    if (row < 0) return after(changes, seatTaken(ledger, feature, trial, now));
    if (row > closest) closest = row;
    if (pool.lingering !== undefined && isPassing(row)) {
      busy ??= [];
      busy.push(pool);
    }
  }
  const over = busy?.flatMap(({ lingering }) => lingering!.over(now)) ?? [];
  if (over.length > 0) return after(changes, ...returnAll(over, 'lingerEnded', now));
  return after(changes, denied(feature, request, closest, now));
}

/**
 * A seat of the pool that the client has left and that still lingers: a client that comes back has it again, not
 * another one. With a DUP_GROUP it is shared anyway. unverified: guides only say that the seat is held.
 */
function reusable(
  { lingering, sharing }: LedgerPool,
  client: Client,
  count: number,
): HeldCheckout | undefined {
  if (sharing !== undefined) return undefined;
  const own = lingering!.firstOf(client);
  return own !== undefined && own.count >= count ? own : undefined;
}

/** Equal DUP_GROUP keys share seats: only what goes beyond the group's is new. */
function seatsToAdd(pool: LedgerPool, { client, data }: CheckoutCommand, count: number): number {
  if (pool.sharing === undefined) return count;
  const group = pool.groups.get(dupKey(pool.sharing, client, data));
  return group === undefined ? count : Math.max(0, count - group.seats);
}

function after(
  changes: LedgerEvent[] | undefined,
  ...events: readonly LedgerEvent[]
): readonly LedgerEvent[] {
  if (changes === undefined) return events;
  changes.push(...events);
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
