import type { Deadline } from '../../base/deadline-heap.ts';
import { idleEnd, isKnown, silenceEnd } from './activities.ts';
import type { HeldCheckout, LedgerPool } from './holdings.ts';
import { none } from './model.ts';
import { scanAt } from './scans.ts';
import type { Lapsing, Ledger } from './state.ts';

/** Works out anew what is to come to its end by itself, and says where the ledger waits for something else. */
export function auditLapses(ledger: Ledger): readonly string[] {
  const found = [...ledger.lapses.disorder()];
  let watched = 0;
  let borrows = 0;
  const expect = (what: string, kept: Deadline<Lapsing> | undefined, at: number | undefined) => {
    if (at !== undefined) watched++;
    if (kept?.at !== at || (kept !== undefined && !ledger.lapses.has(kept))) {
      found.push(`${what}: watched until ${kept?.at}, not ${at}`);
    }
  };
  for (const pool of ledger.pools.values()) {
    found.push(...auditLingering(pool), ...auditBorrowed(pool));
    borrows += pool.borrowed === undefined ? 0 : countOf(pool, () => 1);
    const firstEnd = pool.lingering?.firstEnd;
    const scan = firstEnd === undefined ? undefined : scanAt(ledger.startedAt, firstEnd);
    expect(`${pool.definition.id}: linger`, pool.lingering?.deadline, scan);
  }
  for (const seat of ledger.checkouts.values()) {
    if ((seat.session === none) !== (seat.stay !== undefined)) {
      found.push(`${seat.handle} is held by ${seat.session}, and ${seat.stay ? 'stays' : 'not'}`);
    }
    const { stay } = seat;
    if (stay?.kind === 'borrow') expect(`borrow ${seat.handle}`, stay.deadline, stay.until);
    expect(`idle ${seat.handle}`, seat.deadline, idleEndOf(ledger, seat));
  }
  for (const [id, quiet] of ledger.quiet) {
    const { session, silentSince } = quiet;
    if (id !== session || !isKnown(ledger, session)) found.push(`session ${id} is quiet`);
    const end = silentSince === undefined ? undefined : silenceEnd(ledger, silentSince);
    expect(`silent ${id}`, quiet.deadline, end);
  }
  if (borrows !== ledger.borrows) found.push(`${ledger.borrows} of ${borrows} are borrowed`);
  const stray = ledger.lapses.size - watched;
  return stray === 0 ? found : [...found, `${stray} stray lapses`];
}

function auditLingering({ definition, checkouts, lingering }: LedgerPool): string[] {
  let staying = 0;
  let first = Infinity;
  for (const { stay } of checkouts.values()) {
    if (stay?.kind !== 'linger') continue;
    staying++;
    first = Math.min(first, stay.until);
  }
  const found = [...(lingering?.disorder() ?? [])];
  const size = lingering?.size ?? 0;
  if (size !== staying) found.push(`${definition.id}: ${size} of ${staying} linger`);
  if (first !== (lingering?.firstEnd ?? Infinity))
    found.push(`${definition.id}: ${first} is first`);
  return found;
}

function auditBorrowed(pool: LedgerPool): string[] {
  const { definition, borrowed } = pool;
  const count = countOf(pool, (seat) => seat.count);
  const found =
    count === (borrowed?.count ?? 0) ? [] : [`${definition.id}: ${count} seats are borrowed`];
  for (const seat of pool.checkouts.values()) {
    const listed = borrowed?.of(seat.client).includes(seat) === true;
    if (listed !== (seat.stay?.kind === 'borrow')) found.push(`${seat.handle} is no borrower's`);
  }
  return found;
}

function countOf(pool: LedgerPool, count: (seat: HeldCheckout) => number): number {
  let total = 0;
  for (const seat of pool.checkouts.values()) {
    if (seat.stay?.kind === 'borrow') total += count(seat);
  }
  return total;
}

function idleEndOf(ledger: Ledger, seat: HeldCheckout): number | undefined {
  const quiet = ledger.quiet.get(seat.session);
  return quiet && idleEnd(ledger, seat, quiet.idleSince);
}
