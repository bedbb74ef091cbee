import type { EpochMs } from '../../base/clock.ts';
import type { Refusal } from '../../base/refusal.ts';
import { quieted } from './activities.ts';
import { borrowedAlready, confirmed } from './borrows.ts';
import type { CheckoutCommand } from './commands.ts';
import { capacityChange } from './deadlines.ts';
import { denialRow, isPassing, isWaitable, refusalOf } from './denials.ts';
import { drawsFor } from './draws.ts';
import type { CheckoutDenied, CheckoutQueued, LedgerEvent, SeatTaken } from './events.ts';
import type { HeldCheckout, LedgerPool } from './holdings.ts';
import { hasLingering, lingeredOut, reusable } from './lingerers.ts';
import { noSuchFeature } from './refusals.ts';
import { returnAll } from './returns.ts';
import { holdsAt } from './standings.ts';
import { findFeature, isSteady, type Ledger, type LedgerFeature } from './state.ts';
import { suiteTrialOf, type Trial, trialOf } from './trials.ts';

/**
 * Tries the feature's pools in order and grants from the first that can give the whole count; a suite's
 * component only together with the suite's seats. Pools whose lines started or expired unnoticed are judged as
 * of `now`, and say so first: a host whose timer is late, or whose clock was set back, still gets the right
 * answer.
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
  if (request.imposed !== undefined) return [denied(feature, request, request.imposed, now)];
  if (request.borrowUntil !== undefined) {
    const already = borrowedAlready(feature, request);
    if (already !== undefined) return [confirmed(already, request, now)];
  }
  const { events, denied: row, busy } = tryPools(ledger, feature, request, now);
  if (row === undefined) return events;
  const mayWait = request.queue !== undefined && request.borrowUntil === undefined;
  if (mayWait && busy.length > 0 && !ledger.queue.isFull) {
    events.push(queued(ledger.nextHandle, feature, request, busy, now));
  } else events.push(denied(feature, request, refusalOf(row), now));
  return events;
}

/** What a request comes to: events that hold a grant, or that give seats back first; or the reason to deny it. */
export interface Outcome {
  readonly events: LedgerEvent[];
  /** The row of the reason of the pool that came closest; undefined when there is nothing to deny. */
  readonly denied?: number;
  /** Pools that would grant but for those who have the seats. */
  readonly busy: readonly LedgerPool[];
}

/** Puts a request before the feature's pools. Other events than the answer's stand before it. */
export function tryPools(
  ledger: Ledger,
  feature: LedgerFeature,
  request: CheckoutCommand,
  now: EpochMs,
): Outcome {
  const steady = isSteady(ledger, now);
  const events: LedgerEvent[] = [];
  if (ledger.quiet.size > 0 && ledger.quiet.has(request.session) && request.ticket === undefined) {
    events.push(quieted(request.session, 'active', now, now));
  }
  let closest = -1;
  let busy: LedgerPool[] | undefined;
  let over: HeldCheckout[] | undefined;
  for (let pool: LedgerPool | undefined = feature.first; pool !== undefined; pool = pool.sibling) {
    const { suite }: LedgerPool = pool;
    if (!steady) noteChange(events, pool, now);
    const trial = trialOf(pool, request, now, steady);
    let row = denialRow(trial);
    let suiteTrial: Trial | undefined;
    if (suite !== undefined && row < 0) {
      if (!steady) noteChange(events, suite, now);
      suiteTrial = suiteTrialOf(suite, trial, now, steady);
      row = denialRow(suiteTrial);
    }
    // Who waits in the queue does not come back to a seat of its own.
    const own = request.ticket === undefined && (row < 0 || isPassing(row));
    const reused = own ? reusable(pool, request.client, trial.count) : undefined;
    if (reused !== undefined) return after(events, returnAll([reused], 'reused', now), busy);
    if (row < 0) {
      return after(events, taken(ledger.nextHandle, feature, trial, suiteTrial, now), busy);
    }
    if (row > closest) closest = row;
    if (isWaitable(row)) {
      busy ??= [];
      busy.push(suiteTrial?.pool ?? pool);
    }
    if (isPassing(row) && hasLingering(pool)) {
      over ??= [];
      over.push(...lingeredOut(pool, now));
    }
  }
  if (over !== undefined && over.length > 0) {
    return after(events, returnAll(over, 'lingerEnded', now), busy);
  }
  return { events, denied: closest, busy: busy ?? noPools };
}

const noPools: readonly LedgerPool[] = [];

function noteChange(events: LedgerEvent[], pool: LedgerPool, now: EpochMs): void {
  if (!holdsAt(pool.standing, now)) events.push(capacityChange(pool, pool.standingAt(now), now));
}

function after(
  events: LedgerEvent[],
  more: LedgerEvent | readonly LedgerEvent[],
  busy: readonly LedgerPool[] = noPools,
): Outcome {
  if (!('kind' in more)) events.push(...more);
  else if (events.length > 0) events.push(more);
  // To push into an empty array makes room for 17.
  else return { events: [more], busy };
  return { events, busy };
}

/**
 * A suite's seats go out first, under a handle of their own, then the component's, which the client gets.
 * Source: public debug logs of Autodesk's daemon (pairs of OUT lines, the package first).
 */
export function taken(
  handle: number,
  { name }: { readonly name: string },
  trial: Trial,
  suiteTrial: Trial | undefined,
  now: EpochMs,
  borrow: SeatTaken['borrow'] = borrowOf(trial),
): LedgerEvent | readonly LedgerEvent[] {
  if (suiteTrial === undefined) {
    const seat = seatTaken(handle, name, trial, now);
    return borrow === undefined ? seat : { ...seat, borrow };
  }
  const { pool } = suiteTrial;
  const componentHandle = handle + 1;
  const suite = seatTaken(handle, pool.feature, suiteTrial, now);
  const component = seatTaken(componentHandle, name, trial, now);
  // unverified: what lmstat shows as the version asked of a suite's seats.
  return [
    { ...suite, version: pool.version, componentHandle, ...(borrow && { borrow }) },
    { ...component, suiteHandle: handle, ...(borrow && { borrow }) },
  ];
}

/** Until when seats are borrowed that are to be; as linger does, that ends with the license. */
function borrowOf({ request, pool, now }: Trial): SeatTaken['borrow'] {
  if (request.borrowUntil === undefined) return undefined;
  const until = Math.min(request.borrowUntil, pool.expiresAt);
  return { until, totalMs: until - now };
}

/** The step by which a request gets the seats that its trial is about. */
export function seatTaken(
  handle: number,
  feature: string,
  { request, pool, issued, count, added }: Trial,
  now: EpochMs,
): SeatTaken {
  return {
    kind: 'seatTaken',
    at: now,
    handle,
    session: request.session,
    client: request.client,
    pool,
    feature,
    version: request.version,
    count,
    data: request.data,
    added,
    draws: pool.drawn ? drawsFor(pool, issued, request, { seats: added, count }) : undefined,
  };
}

function queued(
  handle: number,
  { name }: LedgerFeature,
  { session, client, version, count, data, queue }: CheckoutCommand,
  busy: readonly LedgerPool[],
  now: EpochMs,
): CheckoutQueued {
  const pools = [...new Set(busy)].map(({ definition }) => definition.id);
  const what = { feature: name, version, count, data, queue: queue!, pools };
  return { kind: 'checkoutQueued', at: now, handle, session, client, ...what };
}

function denied(
  feature: LedgerFeature,
  { session, client, version, count }: CheckoutCommand,
  refusal: Refusal,
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
    refusal,
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
