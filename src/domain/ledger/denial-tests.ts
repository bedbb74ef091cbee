import { hostidMatches } from '../license/hostids.ts';
import { platformMatches } from '../license/platforms.ts';
import type { CheckoutCommand } from './commands.ts';
import type { LedgerPool } from './holdings.ts';
import { idleFor, idleForOthers } from './reservations.ts';
import { lacksSerial, serialNeed } from './serials.ts';
import { suiteKey } from './suites.ts';
import { type Trial, trialOf } from './trials.ts';

/** The longer questions of the table of denials. */

export function isLockedElsewhere({ hostids }: LedgerPool, { client }: CheckoutCommand): boolean {
  return !hostids!.some((hostid) => hostidMatches(hostid, client));
}

/**
 * How many remote-desktop sessions may use a pool. Only an uncounted node-locked one asks.
 * Source: End User Guide v10, App. B, "TS_OK"; LAG, "FEATURE and INCREMENT Lines" (ONE_TS_OK).
 */
export function remoteSessionsMax({
  counted,
  definition: { hostids, terminalServer },
}: LedgerPool): number {
  if (counted || hostids === undefined || terminalServer === 'TS_OK') return Infinity;
  return terminalServer === 'ONE_TS_OK' ? 1 : 0;
}

export function isOtherPlatform({ platforms }: LedgerPool, { client }: CheckoutCommand): boolean {
  return !platforms!.some((tag) => platformMatches(tag, client.platform));
}

/**
 * True if others wait in the pool's line and the request is not the first of them. A client overtakes for seats that
 * are reserved for it, and one that has left a lingering seat comes back to it. So does one that has a seat of the
 * serial number already, while who is first waits for one. Source: error list, -24.
 */
export function isBehind(trial: Trial): boolean {
  const { pool, request, issued, added, now } = trial;
  const { waiting, reservations, serial } = pool;
  const { client, ticket, again } = request;
  const first = waiting!.all.first;
  if (again === true || first?.handle === ticket) return false;
  if (serial !== undefined && first !== undefined && serialNeed(trial) === 0) {
    if (lacksSerial(trialOf(pool, first.waiting.request, now, false))) return false;
  }
  return reservations.length === 0 || added > idleFor(reservations, issued, client);
}

/** Idle seats of a pool that its options file or a SUITE_RESERVED package holds for others. */
export function heldForOthers(pool: LedgerPool, issued: number, request: CheckoutCommand): number {
  const { client, data } = request;
  const reserved = idleForOthers(pool.reservations, issued, client);
  const { suiteCount } = pool;
  if (suiteCount === undefined) return reserved;
  return reserved + suiteCount.holds.idleForOthers(pool, suiteKey(suiteCount, client, data));
}
