import { assert } from '../../base/errors.ts';
import { letGo } from './activities.ts';
import { keepStanding } from './deadlines.ts';
import { giveBack, take } from './draws.ts';
import { dupKey } from './dup-groups.ts';
import type { PoolCapacityChanged, SeatReturned, SeatTaken } from './events.ts';
import { HeldCheckout, type LedgerPool, SharedSeats } from './holdings.ts';
import { endStay } from './lapses.ts';
import type { Ledger } from './state.ts';

/** The changes behind `record`, one an event. */
export function recordTaken(ledger: Ledger, event: SeatTaken): void {
  const pool = event.pool as LedgerPool;
  const { handle, added } = event;
  const shares = sharedSeats(pool, event);
  const checkout = new HeldCheckout(event, pool, shares);
  ledger.checkouts.set(handle, checkout);
  pool.checkouts.add(checkout);
  pool.used += added;
  ledger.sessions.add(checkout);
  if (shares !== undefined) {
    shares.add(checkout);
    shares.seats += added;
  }
  if (event.draws !== undefined) take(checkout, event.draws);
  ledger.nextHandle = handle + 1;
}

export function recordReturned(ledger: Ledger, event: SeatReturned): void {
  const checkout = ledger.checkouts.get(event.handle);
  assert(checkout !== undefined, 'a seat comes back once');
  const { pool, shares } = checkout;
  ledger.checkouts.delete(event.handle);
  pool.checkouts.remove(checkout);
  pool.used -= event.freed;
  letGo(ledger, checkout);
  if (checkout.stay !== undefined) endStay(ledger, checkout);
  if (shares !== undefined) {
    shares.delete(checkout);
    if (shares.size === 0) pool.groups.delete(shares.key);
  }
  giveBack(checkout);
}

export function recordCapacity(ledger: Ledger, event: PoolCapacityChanged): void {
  const pool = event.pool as LedgerPool;
  keepStanding(ledger, pool, pool.standingAt(event.at));
}

function sharedSeats(pool: LedgerPool, { client, data }: SeatTaken): SharedSeats | undefined {
  if (pool.sharing === undefined) return undefined;
  const key = dupKey(pool.sharing, client, data);
  const known = pool.groups.get(key);
  if (known !== undefined) return known;
  const shares = new SharedSeats(key);
  pool.groups.set(key, shares);
  return shares;
}
