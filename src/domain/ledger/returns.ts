import type { EpochMs } from '../../base/clock.ts';
import type { Command } from './commands.ts';
import { neverCheckedOut } from './denials.ts';
import type { CheckinRefused, LedgerEvent, ReturnReason, SeatReturned } from './events.ts';
import type { HeldCheckout, SharedSeats } from './holdings.ts';
import type { SessionId } from './model.ts';
import { featureKey, findFeature, type Ledger } from './state.ts';

type CommandOf<Kind extends Command['kind']> = Extract<Command, { kind: Kind }>;

/** Names a session or a handle in a refusal when the command named none. */
export const none = -1;

/** A handle can be given back only by the session that got it. */
export function decideCheckin(
  ledger: Ledger,
  { session, handle }: CommandOf<'checkin'>,
  now: EpochMs,
): readonly LedgerEvent[] {
  const checkout = ledger.checkouts.get(handle);
  if (checkout === undefined || checkout.session !== session) {
    return [refused(session, handle, now)];
  }
  const others = checkout.shares === undefined ? 0 : checkout.shares.size - 1;
  return [returned(checkout, 'checkin', now, checkout.seatsFreed(others))];
}

/** Everything the session holds comes back, in order of handles; nothing if it holds nothing. */
export function decideDisconnect(
  ledger: Ledger,
  { session }: CommandOf<'disconnect'>,
  now: EpochMs,
): readonly LedgerEvent[] {
  return returnAll(ledger.sessions.held(session), 'disconnected', now);
}

/** lmremove -h: one checkout of a feature, whoever holds it. Source: LAG, "lmremove". */
export function decideRemove(
  ledger: Ledger,
  { feature, handle }: CommandOf<'remove'>,
  now: EpochMs,
): readonly LedgerEvent[] {
  const checkout = ledger.checkouts.get(handle);
  const same =
    checkout !== undefined &&
    featureKey(ledger.options, checkout.pool.feature) === featureKey(ledger.options, feature);
  return same ? returnAll([checkout], 'removed', now) : [refused(none, handle, now)];
}

/**
 * lmremove by user, host and display: every checkout of the feature they hold, shared ones too.
 * The three are compared to the letter. Source: LAG, "lmremove".
 */
export function decideRemoveClient(
  ledger: Ledger,
  { feature, user, host, display }: CommandOf<'removeClient'>,
  now: EpochMs,
): readonly LedgerEvent[] {
  const found: HeldCheckout[] = [];
  for (const pool of findFeature(ledger, feature)?.pools ?? []) {
    for (const checkout of pool.checkouts.values()) {
      const { client } = checkout;
      if (client.user === user && client.host === host && client.display === display) {
        found.push(checkout);
      }
    }
  }
  found.sort((a, b) => a.handle - b.handle);
  return found.length > 0 ? returnAll(found, 'removed', now) : [refused(none, none, now)];
}

/** Everything comes back, in order of handles. */
export function decideStop(ledger: Ledger, now: EpochMs): readonly LedgerEvent[] {
  return returnAll(ledger.checkouts.values(), 'shutdown', now);
}

/** Gives back several at once: a group's seats are freed with the last of its checkouts. */
export function returnAll(
  checkouts: Iterable<HeldCheckout>,
  reason: ReturnReason,
  now: EpochMs,
): readonly LedgerEvent[] {
  const left = new Map<SharedSeats, number>();
  const events: LedgerEvent[] = [];
  for (const checkout of checkouts) {
    const { shares } = checkout;
    let others = 0;
    if (shares !== undefined) {
      others = (left.get(shares) ?? shares.size) - 1;
      left.set(shares, others);
    }
    events.push(returned(checkout, reason, now, checkout.seatsFreed(others)));
  }
  return events;
}

function returned(
  { handle, session, client, pool, count, data }: HeldCheckout,
  reason: ReturnReason,
  now: EpochMs,
  freed: number,
): SeatReturned {
  return {
    kind: 'seatReturned',
    at: now,
    handle,
    session,
    client,
    pool,
    feature: pool.feature,
    count,
    data,
    reason,
    freed,
  };
}

function refused(session: SessionId, handle: number, now: EpochMs): CheckinRefused {
  return { kind: 'checkinRefused', at: now, session, handle, refusal: neverCheckedOut };
}
