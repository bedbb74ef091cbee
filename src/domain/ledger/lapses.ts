import { letGo } from './activities.ts';
import { endBorrow } from './borrows.ts';
import type { SeatKept } from './events.ts';
import type { HeldCheckout, LedgerPool } from './holdings.ts';
import { LingeringSeats } from './lingering-seats.ts';
import type { Returns } from './returns.ts';
import { scanAt } from './scans.ts';
import { type Lapsing, type Ledger, lapseRanks } from './state.ts';
import { dequeued } from './waiting-lines.ts';

/** What comes of a deadline of `ledger.lapses`. */
export function decideLapse(ledger: Ledger, subject: Lapsing, returns: Returns): void {
  switch (subject.lapses) {
    case 'idle':
      return returns.take(subject, 'inactive');
    case 'lingering':
      for (const seat of subject.over(returns.now)) returns.take(seat, 'lingerEnded');
      return;
    case 'borrow':
      return returns.take(subject.seat, 'borrowEnded');
    case 'session':
      for (const seat of ledger.sessions.held(subject.session)) returns.leave(seat, 'timedOut');
      for (const waiting of ledger.queue.of(subject.session)) {
        returns.note(dequeued(waiting, 'disconnected', returns.now));
      }
  }
}

/** The seat is nobody's now, and free when its linger is over. */
export function recordKept(ledger: Ledger, { handle, at, until }: SeatKept): void {
  const seat = ledger.checkouts.get(handle)!;
  letGo(ledger, seat);
  const { pool } = seat;
  pool.lingering ??= new LingeringSeats();
  seat.stay = pool.lingering.add(seat, { since: at, until });
  watchLingering(ledger, pool);
}

/** A seat that comes back stays no longer. */
export function endStay(ledger: Ledger, seat: HeldCheckout): void {
  const { stay, pool } = seat;
  if (stay?.kind === 'borrow') return endBorrow(ledger, seat, stay);
  if (stay === undefined) return;
  pool.lingering!.delete(stay);
  watchLingering(ledger, pool);
}

/** Watches for the scan that finds the first of a pool's lingering seats to be over. */
function watchLingering(ledger: Ledger, { lingering }: LedgerPool): void {
  const { firstEnd, deadline } = lingering!;
  const due = firstEnd === undefined ? undefined : scanAt(ledger.startedAt, firstEnd);
  if (deadline?.at === due) return;
  if (deadline !== undefined) ledger.lapses.remove(deadline);
  lingering!.deadline =
    due === undefined ? undefined : ledger.lapses.add(due, lingering!, lapseRanks.lingering);
}
