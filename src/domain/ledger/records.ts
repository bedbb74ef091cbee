import { assert } from '../../base/errors.ts';
import { letGo, watchTaken } from './activities.ts';
import { recordBorrowed } from './borrows.ts';
import { keepStanding } from './deadlines.ts';
import { giveBack, take } from './draws.ts';
import { sharingKey } from './dup-groups.ts';
import type { PoolCapacityChanged, SeatReturned, SeatTaken } from './events.ts';
import { type LedgerPool, SharedSeats } from './holdings.ts';
import { endStay } from './lapses.ts';
import type { Ledger } from './state.ts';

/** The changes behind `record`, one an event. */
export function recordTaken(ledger: Ledger, event: SeatTaken): void {
  const pool = event.pool as LedgerPool;
  const { handle, added } = event;
  const shares = sharedSeats(pool, event);
  const checkout = ledger.slots.take(pool);
  checkout.begin(event, pool, shares);
  ledger.checkouts.set(handle, checkout);
  ledger.slots.link(pool, checkout);
  pool.used += added;
  if (event.borrow === undefined) ledger.sessions.add(checkout);
  else recordBorrowed(ledger, checkout, event);
  if (shares !== undefined) {
    shares.add(checkout);
    shares.seats += added;
  }
  if (event.draws !== undefined) {
    take(checkout, event.draws);
    if (pool.serial !== undefined && ledger.queue.size > 0) {
      ledger.queue.hold(pool.serial, pool.serial.keyOf(event.client, event.data));
    }
  }
  if (event.client.remoteDesktop === true) pool.remoteSessions.add(event.client, 1);
  if (event.suiteHandle !== undefined) {
    const suite = ledger.checkouts.get(event.suiteHandle);
    assert(suite !== undefined, "a suite's seats go out just before its component's");
    checkout.companion = suite;
    suite.companion = checkout;
  }
  ledger.nextHandle = handle + 1;
  if (ledger.quiet.size > 0) watchTaken(ledger, checkout);
  if (shares !== undefined && pool.waiting !== undefined) ledger.queue.share(pool, shares.key);
}

export function recordReturned(ledger: Ledger, event: SeatReturned): void {
  const checkout = ledger.checkouts.get(event.handle);
  assert(checkout !== undefined, 'a seat comes back once');
  const { pool, shares } = checkout;
  ledger.checkouts.delete(event.handle);
  ledger.slots.unlink(pool, checkout);
  pool.used -= event.freed;
  letGo(ledger, checkout);
  if (checkout.stay !== undefined) endStay(ledger, checkout);
  if (shares !== undefined) {
    shares.delete(checkout);
    if (shares.size === 0) pool.groups.delete(shares.key);
  }
  if (checkout.client.remoteDesktop === true) pool.remoteSessions.add(checkout.client, -1);
  giveBack(checkout);
  ledger.slots.put(checkout);
  if (ledger.queue.size > 0) freeFor(ledger, pool);
}

/** Those that wait for the pool may be served, and for those pools whose seats its users held back. */
function freeFor({ queue }: Ledger, pool: LedgerPool): void {
  queue.free(pool);
  for (const each of pool.suiteCount?.holds.components ?? []) queue.free(each);
  for (const each of pool.serial?.pools ?? []) queue.free(each);
}

export function recordCapacity(ledger: Ledger, event: PoolCapacityChanged): void {
  const pool = event.pool as LedgerPool;
  keepStanding(ledger, pool, pool.standingAt(event.at));
  ledger.queue.stale ||= ledger.queue.size > 0;
}

function sharedSeats(pool: LedgerPool, { client, data }: SeatTaken): SharedSeats | undefined {
  const key = sharingKey(pool, client, data);
  if (key === undefined) return undefined;
  const known = pool.groups.get(key);
  if (known !== undefined) return known;
  const shares = new SharedSeats(key);
  pool.groups.set(key, shares);
  return shares;
}
