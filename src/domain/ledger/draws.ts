import type { Draw } from './events.ts';
import type { HeldCheckout, LedgerPool, SharedSeats } from './holdings.ts';
import { limitFor } from './max-limits.ts';
import type { Client } from './model.ts';
import { idleReservations } from './reservations.ts';
import { serialDraws } from './serials.ts';
import { suiteKey } from './suites.ts';

/**
 * What seats that a client is about to take count against: the MAX line about it, and its reservations in
 * file order, as far as they go; only then free seats. And with whom they hold a SUITE_RESERVED package, and a seat
 * of their serial number. `seats` are those it is about to take, `count` those it is of in all.
 * Undefined when nothing counts them.
 * Source: LAG, "MAX", "RESERVE". unverified: reserved seats before free ones; a reserved seat counts for MAX.
 */
export function drawsFor(
  { maxLimits, reservations, suiteCount, serial }: LedgerPool,
  issued: number,
  { client, data }: { readonly client: Client; readonly data: string },
  { seats, count }: { readonly seats: number; readonly count: number },
): readonly Draw[] | undefined {
  if (seats === 0) return undefined;
  const draws: Draw[] = [];
  const limited = limitFor(maxLimits, client);
  if (limited !== undefined) draws.push({ from: limited.limit, key: limited.key, seats });
  if (suiteCount !== undefined) {
    draws.push({ from: suiteCount, key: suiteKey(suiteCount, client, data), seats });
  }
  if (serial !== undefined) draws.push(...serialDraws(serial, { client, data }, count));
  let left = seats;
  for (const { reservation, count } of idleReservations(reservations, issued)) {
    if (left === 0) break;
    if (!reservation.rule.matches(client)) continue;
    const reserved = Math.min(left, count);
    draws.push({ from: reservation, key: '', seats: reserved });
    left -= reserved;
  }
  return draws.length > 0 ? draws : undefined;
}

/** True for a pool whose seats something counts beside the pool itself. */
export function countsSeats(pool: LedgerPool): boolean {
  const { maxLimits, reservations, suiteCount, serial } = pool;
  if (maxLimits.length > 0 || reservations.length > 0) return true;
  return suiteCount !== undefined || serial !== undefined;
}

/** Counts draws, and keeps them with the seats they are of. */
export function take(checkout: HeldCheckout, draws: readonly Draw[]): void {
  for (const { from, key, seats } of draws) from.add(key, seats);
  const holder = holderOf(checkout);
  holder.draws = holder.draws === undefined ? draws : [...holder.draws, ...draws];
}

/** Takes them back with a checkout's own seats, or with a group's once its last checkout is gone. */
export function giveBack(checkout: HeldCheckout): void {
  const { shares } = checkout;
  const draws =
    shares === undefined ? checkout.draws : shares.size === 0 ? shares.draws : undefined;
  if (draws === undefined) return;
  for (const { from, key, seats } of draws) from.add(key, -seats);
}

/**
 * Counts what is out against a pool's new limits and reservations, which have counted nothing yet. The seats
 * of a group count as those of its oldest checkout.
 */
export function redraw(pool: LedgerPool): void {
  const any = countsSeats(pool);
  for (const checkout of pool.checkouts.values()) {
    if (!checkout.isFirstOfGroup) continue;
    holderOf(checkout).draws = undefined;
    if (!any) continue;
    const seats = checkout.shares?.seats ?? checkout.count;
    const draws = drawsFor(pool, pool.issued, checkout, { seats, count: seats });
    if (draws !== undefined) take(checkout, draws);
  }
}

function holderOf(checkout: HeldCheckout): HeldCheckout | SharedSeats {
  return checkout.shares ?? checkout;
}
