import type { ClientSpec } from '../options/model.ts';
import type { RuleClient } from '../options/names.ts';
import type { ReserveRule } from '../options/rules.ts';
import type { SeatCount } from './events.ts';
import type { LedgerPool } from './holdings.ts';

/**
 * The seats of one pool that a RESERVE line holds, as many as the pool has: reservations get theirs in file
 * order, and what is beyond the issued seats is ignored. Overdraft is not reserved. Source: LAG, "RESERVE".
 */
export class Reservation implements SeatCount {
  readonly rule: ReserveRule;
  /** Seats out to those it is for, counted against it. */
  used = 0;

  constructor(rule: ReserveRule) {
    this.rule = rule;
  }

  add(_key: string, seats: number): void {
    this.used += seats;
  }
}

/** Seats that are held for some clients, and how many of them those have. */
export interface Reserving {
  readonly rule: Pick<ReserveRule, 'count' | 'matches'>;
  readonly used: number;
}

/** A reservation with seats that nobody uses: they count as in use, and are there for its clients only. */
export interface IdleReservation<Kind extends Reserving = Reservation> {
  readonly reservation: Kind;
  readonly count: number;
}

/** Those of a pool that has issued so many seats, in file order. */
export function idleReservations<Kind extends Reserving>(
  reservations: readonly Kind[],
  issued: number,
): readonly IdleReservation<Kind>[] {
  const found: IdleReservation<Kind>[] = [];
  let left = issued;
  for (const reservation of reservations) {
    const held = Math.min(reservation.rule.count, left);
    left -= held;
    const count = held - reservation.used;
    if (count > 0) found.push({ reservation, count });
  }
  return found;
}

/** Idle seats that a client may not have. */
export function idleForOthers(
  reservations: readonly Reserving[],
  issued: number,
  client: RuleClient,
): number {
  let idle = 0;
  for (const { reservation, count } of idleReservations(reservations, issued)) {
    if (!reservation.rule.matches(client)) idle += count;
  }
  return idle;
}

/** Idle seats that are kept for a client. */
export function idleFor(
  reservations: readonly Reservation[],
  issued: number,
  client: RuleClient,
): number {
  let idle = 0;
  for (const { reservation, count } of idleReservations(reservations, issued)) {
    if (reservation.rule.matches(client)) idle += count;
  }
  return idle;
}

/** Idle seats, and whom they are for. */
export interface ListedReservation {
  readonly client: ClientSpec;
  readonly count: number;
}

/**
 * The idle reservations that lmstat lists: those of the options file, then what a SUITE_RESERVED package holds
 * for its users. A reread may reserve seats that are out already: what is not there is not listed, so that a
 * pool never shows more in use than it has.
 */
export function listedReservations(pool: LedgerPool): readonly ListedReservation[] {
  if (pool.reservations.length === 0 && pool.suiteCount === undefined) return [];
  const listed: ListedReservation[] = [];
  let left = pool.capacity - pool.used;
  for (const { client, count } of allIdle(pool)) {
    if (left <= 0) break;
    listed.push({ client, count: Math.min(count, left) });
    left -= count;
  }
  return listed;
}

function* allIdle(pool: LedgerPool): Generator<ListedReservation> {
  for (const { reservation, count } of idleReservations(pool.reservations, pool.issued)) {
    yield { client: reservation.rule.client, count };
  }
  for (const { user, count } of pool.suiteCount?.idle() ?? []) {
    yield { client: { type: 'USER', name: user }, count };
  }
}

/** Seats of a pool that are neither out nor free: reserved, and idle. */
export function idleSeats(pool: LedgerPool): number {
  return listedReservations(pool).reduce((sum, { count }) => sum + count, 0);
}
