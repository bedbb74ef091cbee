import type { EpochMs } from '../../base/clock.ts';
import type { Refusal } from '../../base/refusal.ts';
import type { Command } from './commands.ts';
import type {
  CheckinRefused,
  LeaveReason,
  LedgerEvent,
  ReturnReason,
  SeatKept,
  SeatReturned,
} from './events.ts';
import type { HeldCheckout, SharedSeats } from './holdings.ts';
import { none, type SessionId } from './model.ts';
import { lingering as lingeringRefusal, neverCheckedOut } from './refusals.ts';
import { featureKey, findFeature, type Ledger } from './state.ts';
import { dequeued } from './waiting-lines.ts';

type CommandOf<Kind extends Command['kind']> = Extract<Command, { kind: Kind }>;

/** A handle can be given back only by the session that got it. */
export function decideCheckin(
  ledger: Ledger,
  { session, handle }: CommandOf<'checkin'>,
  now: EpochMs,
): readonly LedgerEvent[] {
  const checkout = ledger.checkouts.get(handle);
  if (checkout === undefined || checkout.session !== session || session === none) {
    return [refused({ session, handle }, neverCheckedOut, now)];
  }
  if (checkout.companion !== undefined) return checkedIn(checkout, now);
  return [leftAlone(checkout, 'checkin', now)];
}

/** What comes of a seat that goes with no other one when its client leaves it. */
function leftAlone(checkout: HeldCheckout, reason: LeaveReason, now: EpochMs): LedgerEvent {
  const kept = keptAfter(checkout, reason, now);
  if (kept !== undefined) return kept;
  const others = checkout.shares === undefined ? 0 : checkout.shares.size - 1;
  return returned(checkout, reason, now, checkout.seatsFreed(others));
}

/** A suite's component goes with the suite's seats, whose own handle was given to nobody. */
function checkedIn(checkout: HeldCheckout, now: EpochMs): readonly LedgerEvent[] {
  const { session, handle } = checkout;
  if (checkout.isSuiteSeat) return [refused({ session, handle }, neverCheckedOut, now)];
  const returns = new Returns(now);
  returns.leave(checkout, 'checkin');
  return returns.events;
}

/** Everything the session holds comes back, in order of handles, and nothing of it waits any more. */
export function decideDisconnect(
  ledger: Ledger,
  { session }: CommandOf<'disconnect'>,
  now: EpochMs,
): readonly LedgerEvent[] {
  // Most sessions hold one, and wait for none.
  const only = ledger.queue.size === 0 ? ledger.sessions.only(session) : undefined;
  if (only !== undefined && only.companion === undefined) {
    return [leftAlone(only, 'disconnected', now)];
  }
  const returns = new Returns(now);
  for (const checkout of ledger.sessions.held(session)) returns.leave(checkout, 'disconnected');
  for (const waiting of ledger.queue.of(session)) {
    returns.note(dequeued(waiting, 'disconnected', now));
  }
  return returns.events;
}

/**
 * lmremove -h: one checkout of a feature, whoever holds it; -100 for one that lingers. Source: LAG, "lmremove".
 */
export function decideRemove(
  ledger: Ledger,
  { feature, handle }: CommandOf<'remove'>,
  now: EpochMs,
): readonly LedgerEvent[] {
  const checkout = ledger.checkouts.get(handle);
  const same =
    checkout !== undefined &&
    featureKey(ledger.options, checkout.pool.feature) === featureKey(ledger.options, feature);
  return removal(same ? [checkout] : [], { session: none, handle }, now);
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
  return removal(found, { session: none, handle: none }, now);
}

/** Takes back those of the found that somebody holds; a seat that only stays is not lmremove's. */
function removal(
  found: readonly HeldCheckout[],
  named: { readonly session: SessionId; readonly handle: number },
  now: EpochMs,
): readonly LedgerEvent[] {
  const held = found.filter(({ stay }) => stay === undefined);
  if (held.length > 0) return returnAll(held, 'removed', now);
  return [refused(named, found.length > 0 ? lingeringRefusal : neverCheckedOut, now)];
}

/** Nobody waits any more, and everything comes back, in order of handles. */
export function decideStop(ledger: Ledger, now: EpochMs): readonly LedgerEvent[] {
  const waiting = [...ledger.queue.values()].map((each) => dequeued(each, 'shutdown', now));
  return [...waiting, ...returnAll(ledger.checkouts.values(), 'shutdown', now)];
}

/**
 * Gives back several at once: a group's seats are freed with the last of its checkouts, a suite's go with those
 * of their component, whichever of the two is named.
 */
export function returnAll(
  checkouts: Iterable<HeldCheckout>,
  reason: ReturnReason,
  now: EpochMs,
): readonly LedgerEvent[] {
  const returns = new Returns(now);
  for (const checkout of checkouts) returns.take(checkout, reason);
  return returns.events;
}

/**
 * What several returns at one moment come to, before any of them is recorded. A suite's seats follow their
 * component's, whichever is named. Source: public debug logs of Autodesk's daemon (pairs of IN lines, the component
 * first).
 */
export class Returns {
  readonly events: LedgerEvent[] = [];
  readonly now: EpochMs;
  /** Checkouts of a group that are left. */
  readonly #left = new Map<SharedSeats, number>();
  readonly #gone = new Set<HeldCheckout>();

  constructor(now: EpochMs) {
    this.now = now;
  }

  note(event: LedgerEvent): void {
    this.events.push(event);
  }

  /** Takes a seat back, once. */
  take(checkout: HeldCheckout, reason: ReturnReason): void {
    const { companion } = checkout;
    if (companion === undefined) return this.#take(checkout, reason);
    this.#take(checkout.isSuiteSeat ? companion : checkout, reason);
    this.#take(checkout.isSuiteSeat ? checkout : companion, reason);
  }

  #take(checkout: HeldCheckout, reason: ReturnReason): void {
    if (this.#gone.has(checkout)) return;
    this.#gone.add(checkout);
    const { shares } = checkout;
    let others = 0;
    if (shares !== undefined) {
      others = (this.#left.get(shares) ?? shares.size) - 1;
      this.#left.set(shares, others);
    }
    this.events.push(returned(checkout, reason, this.now, checkout.seatsFreed(others)));
  }

  /** Its client leaves a seat: it lingers, or comes back. A suite's seats linger as their component's do. */
  leave(checkout: HeldCheckout, reason: LeaveReason): void {
    const component = checkout.isSuiteSeat ? checkout.companion! : checkout;
    if (this.#gone.has(component)) return;
    const kept = keptAfter(component, reason, this.now);
    if (kept === undefined) return this.take(component, reason);
    this.#keep(component, kept);
    const suite = component.companion;
    if (suite === undefined) return;
    const { handle, pool, count } = suite;
    this.#keep(suite, { ...kept, handle, pool, feature: pool.feature, count });
  }

  #keep(checkout: HeldCheckout, kept: SeatKept): void {
    this.#gone.add(checkout);
    this.events.push(kept);
  }
}

/**
 * A seat that lingers when its client leaves it; undefined when it comes back at once. Linger ends with the license.
 * Source: LAG, "LINGER".
 */
function keptAfter(
  { handle, session, client, pool, count, data }: HeldCheckout,
  reason: LeaveReason,
  now: EpochMs,
): SeatKept | undefined {
  if (pool.lingerMs === 0) return undefined;
  const until = Math.min(now + pool.lingerMs, pool.expiresAt);
  if (until <= now) return undefined;
  const cut = until < now + pool.lingerMs;
  const { feature } = pool;
  const seat = { handle, session, client, pool, feature, count, data };
  return { kind: 'seatKept', at: now, ...seat, reason, until, cut };
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

function refused(
  { session, handle }: { readonly session: SessionId; readonly handle: number },
  refusal: Refusal,
  now: EpochMs,
): CheckinRefused {
  return { kind: 'checkinRefused', at: now, session, handle, refusal };
}
