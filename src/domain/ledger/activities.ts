import type { EpochMs } from '../../base/clock.ts';
import type { Command } from './commands.ts';
import type { LedgerEvent, SessionQuieted } from './events.ts';
import type { HeldCheckout } from './holdings.ts';
import { none, type SessionId } from './model.ts';
import { type Activity, QuietSession } from './quiet-sessions.ts';
import { scanAt } from './scans.ts';
import { type Ledger, lapseRanks } from './state.ts';

/** Where nobody says: vendors' policies do. */
const SESSION_TIMEOUT_SECONDS = 2 * 60 * 60;

/** True for a session that holds seats or waits for some. */
export function isKnown({ sessions, queue }: Ledger, session: SessionId): boolean {
  return sessions.has(session) || queue.has(session);
}

/** Nothing for a session that holds nothing and waits for nothing, or that is so already. */
export function decideActivity(
  ledger: Ledger,
  { session, activity, since }: Extract<Command, { kind: 'activity' }>,
  now: EpochMs,
): readonly LedgerEvent[] {
  if (!isKnown(ledger, session) || activityOf(ledger, session) === activity) return [];
  return [quieted(session, activity, Math.min(since, now), now)];
}

export function activityOf(ledger: Ledger, session: SessionId): Activity {
  const quiet = ledger.quiet.get(session);
  if (quiet === undefined) return 'active';
  return quiet.silentSince === undefined ? 'idle' : 'silent';
}

export function quieted(
  session: SessionId,
  activity: Activity,
  since: EpochMs,
  now: EpochMs,
): SessionQuieted {
  return { kind: 'sessionQuieted', at: now, session, activity, since };
}

/** What the client does decides when its seats come back by themselves. */
export function recordQuieted(ledger: Ledger, event: SessionQuieted): void {
  const { session, activity, since } = event;
  let quiet = ledger.quiet.get(session);
  if (activity === 'active') {
    if (quiet === undefined) return;
    for (const seat of ledger.sessions.held(session)) unwatchSeat(ledger, seat);
    return forget(ledger, quiet);
  }
  if (quiet === undefined) {
    quiet = new QuietSession(session, since);
    ledger.quiet.set(session, quiet);
    watchSeats(ledger, quiet);
  }
  if (activity === 'silent') quiet.silentSince ??= since;
  else quiet.silentSince = undefined;
  watchSession(ledger, quiet);
}

/** A seat's session does not hold it any more, and nobody waits for it to be idle. */
export function letGo(ledger: Ledger, seat: HeldCheckout): void {
  const { session } = seat;
  if (session === none) return;
  ledger.sessions.delete(seat);
  seat.session = none;
  if (ledger.quiet.size === 0) return;
  unwatchSeat(ledger, seat);
  forgetIfGone(ledger, session);
}

/** A session that holds nothing any more, and waits for nothing, is no business of the ledger's. */
export function forgetIfGone(ledger: Ledger, session: SessionId): void {
  const quiet = ledger.quiet.get(session);
  if (quiet !== undefined && !isKnown(ledger, session)) forget(ledger, quiet);
}

/** A seat that its client waited for, and that it may not even have noticed. */
export function watchTaken(ledger: Ledger, seat: HeldCheckout): void {
  const quiet = ledger.quiet.get(seat.session);
  if (quiet !== undefined) watchSeat(ledger, seat, quiet);
}

/** Watches for the scans that find seats of a quiet session to have been idle for too long. */
export function watchSeats(ledger: Ledger, quiet: QuietSession): void {
  for (const seat of ledger.sessions.held(quiet.session)) watchSeat(ledger, seat, quiet);
}

function watchSeat(ledger: Ledger, seat: HeldCheckout, { idleSince }: QuietSession): void {
  unwatchSeat(ledger, seat);
  const at = idleEnd(ledger, seat, idleSince);
  if (at !== undefined) seat.deadline = ledger.lapses.add(at, seat, lapseRanks.idle);
}

/** When a seat that has been idle since then is taken back; undefined when no TIMEOUT is about it. */
export function idleEnd(
  { startedAt }: Ledger,
  { pool, since }: HeldCheckout,
  idleSince: EpochMs,
): EpochMs | undefined {
  if (pool.timeoutMs === undefined) return undefined;
  return scanAt(startedAt, Math.max(since, idleSince) + pool.timeoutMs);
}

/** When a session that has been silent since then is given up. */
export function silenceEnd({ options }: Ledger, silentSince: EpochMs): EpochMs {
  return silentSince + (options.sessionTimeoutSeconds ?? SESSION_TIMEOUT_SECONDS) * 1000;
}

function watchSession(ledger: Ledger, quiet: QuietSession): void {
  const { silentSince, deadline } = quiet;
  if (deadline !== undefined) ledger.lapses.remove(deadline);
  quiet.deadline =
    silentSince === undefined
      ? undefined
      : ledger.lapses.add(silenceEnd(ledger, silentSince), quiet, lapseRanks.session);
}

function unwatchSeat(ledger: Ledger, seat: HeldCheckout): void {
  if (seat.deadline === undefined) return;
  ledger.lapses.remove(seat.deadline);
  seat.deadline = undefined;
}

function forget(ledger: Ledger, quiet: QuietSession): void {
  if (quiet.deadline !== undefined) ledger.lapses.remove(quiet.deadline);
  ledger.quiet.delete(quiet.session);
}
