import type { Deadline } from '../../base/deadline-heap.ts';
import { idleEnd, silenceEnd } from './activities.ts';
import type { HeldCheckout, LedgerPool } from './holdings.ts';
import { none } from './model.ts';
import { scanAt } from './scans.ts';
import type { Lapsing, Ledger } from './state.ts';

/** Works out anew what is to come to its end by itself, and says where the ledger waits for something else. */
export function auditLapses(ledger: Ledger): readonly string[] {
  const found = [...ledger.lapses.disorder()];
  let watched = 0;
  const expect = (what: string, kept: Deadline<Lapsing> | undefined, at: number | undefined) => {
    if (at !== undefined) watched++;
    if (kept?.at !== at || (kept !== undefined && !ledger.lapses.has(kept))) {
      found.push(`${what}: watched until ${kept?.at}, not ${at}`);
    }
  };
  for (const pool of ledger.pools.values()) {
    found.push(...auditLingering(pool));
    const firstEnd = pool.lingering?.firstEnd;
    const scan = firstEnd === undefined ? undefined : scanAt(ledger.startedAt, firstEnd);
    expect(`${pool.definition.id}: linger`, pool.lingering?.deadline, scan);
  }
  for (const seat of ledger.checkouts.values()) {
    if ((seat.session === none) !== (seat.stay !== undefined)) {
      found.push(`${seat.handle} is held by ${seat.session}, and ${seat.stay ? 'stays' : 'not'}`);
    }
    expect(`idle ${seat.handle}`, seat.deadline, idleEndOf(ledger, seat));
  }
  for (const [id, quiet] of ledger.quiet) {
    const { session, silentSince } = quiet;
    if (id !== session || !ledger.sessions.has(session)) found.push(`session ${id} is quiet`);
    const end = silentSince === undefined ? undefined : silenceEnd(ledger, silentSince);
    expect(`silent ${id}`, quiet.deadline, end);
  }
  const stray = ledger.lapses.size - watched;
  return stray === 0 ? found : [...found, `${stray} stray lapses`];
}

function auditLingering({ definition, checkouts, lingering }: LedgerPool): string[] {
  let staying = 0;
  let first = Infinity;
  for (const { stay } of checkouts.values()) {
    if (stay === undefined) continue;
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

function idleEndOf(ledger: Ledger, seat: HeldCheckout): number | undefined {
  const quiet = ledger.quiet.get(seat.session);
  return quiet && idleEnd(ledger, seat, quiet.idleSince);
}
