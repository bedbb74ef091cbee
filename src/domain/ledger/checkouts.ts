import type { EpochMs } from '../../base/clock.ts';
import { quieted } from './activities.ts';
import type { CheckoutCommand } from './commands.ts';
import { capacityChange } from './deadlines.ts';
import { denialRow, isPassing, noSuchFeature, refusalOf } from './denials.ts';
import { countsSeats, drawsFor } from './draws.ts';
import type { CheckoutDenied, LedgerEvent, SeatTaken } from './events.ts';
import type { LedgerPool } from './holdings.ts';
import { hasLingering, lingeredOut, reusable } from './lingerers.ts';
import { returnAll } from './returns.ts';
import { holdsAt } from './standings.ts';
import { findFeature, isSteady, type Ledger, type LedgerFeature } from './state.ts';
import { suiteTrialOf, type Trial, trialOf } from './trials.ts';

/**
 * Tries the feature's pools in order and grants from the first that can give the whole count; a suite's
 * component only together with the suite's seats. Pools whose lines started or expired unnoticed are judged as
 * of `now`, and say so first: a host whose timer is late, or whose clock was set back, still gets the right
 * answer. `tryPools` tells the same walk step by step.
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
  const steady = isSteady(ledger, now);
  const events: LedgerEvent[] = [];
  if (ledger.quiet.size > 0 && ledger.quiet.has(request.session)) {
    events.push(quieted(request.session, 'active', now, now));
  }
  let closest = -1;
  let busy: LedgerPool[] | undefined;
  for (const pool of feature.pools) {
    const { suite } = pool;
    if (!steady) noteChange(events, pool, now);
    const trial = trialOf(pool, request, now, steady);
    let row = denialRow(trial);
    let suiteTrial: Trial | undefined;
    if (suite !== undefined && row < 0) {
      if (!steady) noteChange(events, suite, now);
      suiteTrial = suiteTrialOf(suite, trial, now, steady);
      row = denialRow(suiteTrial);
    }
    const own = pool.lingering !== undefined && (row < 0 || isPassing(row));
    const reused = own ? reusable(pool, request.client, trial.count) : undefined;
    if (reused !== undefined) return after(events, returnAll([reused], 'reused', now));
    if (row < 0) return after(events, taken(ledger.nextHandle, feature, trial, suiteTrial, now));
    if (row > closest) closest = row;
    if (isPassing(row) && hasLingering(pool)) {
      busy ??= [];
      busy.push(pool);
    }
  }
  const over = busy?.flatMap((pool) => lingeredOut(pool, now)) ?? [];
  if (over.length > 0) return after(events, returnAll(over, 'lingerEnded', now));
  events.push(denied(feature, request, closest, now));
  return events;
}

function noteChange(events: LedgerEvent[], pool: LedgerPool, now: EpochMs): void {
  if (!holdsAt(pool.standing, now)) events.push(capacityChange(pool, pool.standingAt(now), now));
}

function after(
  events: LedgerEvent[],
  more: LedgerEvent | readonly LedgerEvent[],
): readonly LedgerEvent[] {
  if (!('kind' in more)) events.push(...more);
  else events.push(more);
  return events;
}

/**
 * A suite's seats go out first, under a handle of their own, then the component's, which the client gets.
 * Source: public debug logs of Autodesk's daemon (pairs of OUT lines, the package first).
 */
function taken(
  handle: number,
  { name }: LedgerFeature,
  trial: Trial,
  suiteTrial: Trial | undefined,
  now: EpochMs,
): LedgerEvent | readonly LedgerEvent[] {
  if (suiteTrial === undefined) return seatTaken(handle, name, trial, now);
  const { pool } = suiteTrial;
  const componentHandle = handle + 1;
  const suite = seatTaken(handle, pool.feature, suiteTrial, now);
  const component = seatTaken(componentHandle, name, trial, now);
  // unverified: what lmstat shows as the version asked of a suite's seats.
  return [
    { ...suite, version: pool.version, componentHandle },
    { ...component, suiteHandle: handle },
  ];
}

function seatTaken(
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
    draws: countsSeats(pool) ? drawsFor(pool, issued, request, added) : undefined,
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
