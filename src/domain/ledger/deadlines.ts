import type { EpochMs } from '../../base/clock.ts';
import type { LedgerEvent, PoolCapacityChanged } from './events.ts';
import type { LedgerPool } from './holdings.ts';
import { decideLapse } from './lapses.ts';
import { Returns } from './returns.ts';
import { expiredBetween, type Standing } from './standings.ts';
import type { Ledger } from './state.ts';

/**
 * When the host should next send `timePassed`; undefined when nothing will ever lapse by itself.
 */
export function nextDeadline(ledger: Ledger): EpochMs | undefined {
  const standing = ledger.standings.first?.at;
  const lapse = ledger.lapses.first?.at;
  if (standing === undefined || lapse === undefined) return standing ?? lapse;
  return Math.min(standing, lapse);
}

/**
 * What has lapsed by `now`, in order of the times at which it was due; of one moment, pools come first, everything
 * else in the order in which it began.
 */
export function decideTimePassed(ledger: Ledger, now: EpochMs): readonly LedgerEvent[] {
  const standings = ledger.standings.due(now);
  const returns = new Returns(now);
  let changed = 0;
  const changeUntil = (at: EpochMs): void => {
    for (; changed < standings.length && standings[changed]!.at <= at; changed++) {
      const { subject: pool } = standings[changed]!;
      returns.note(capacityChange(pool, pool.standingAt(now), now));
    }
  };
  for (const { at, subject } of ledger.lapses.due(now)) {
    changeUntil(at);
    decideLapse(ledger, subject, returns);
  }
  changeUntil(now);
  return returns.events;
}

/** The step from a pool's recorded standing to another. */
export function capacityChange(
  pool: LedgerPool,
  standing: Standing,
  now: EpochMs,
): PoolCapacityChanged {
  return {
    kind: 'poolCapacityChanged',
    at: now,
    pool,
    feature: pool.definition.feature,
    capacity: standing.capacity,
    expired: expiredBetween(pool.standing, standing),
  };
}

/** Gives a pool its standing and watches for its end. */
export function keepStanding(ledger: Ledger, pool: LedgerPool, standing: Standing): void {
  if (pool.deadline !== undefined) ledger.standings.remove(pool.deadline);
  pool.standing = standing;
  pool.phase = standing.phase;
  pool.capacity = standing.capacity;
  pool.issued = standing.capacity - standing.overdraft;
  pool.deadline =
    standing.until === Infinity ? undefined : ledger.standings.add(standing.until, pool);
  ledger.steadySince = Math.max(ledger.steadySince, standing.since);
  ledger.steadyUntil = firstStandingEnd(ledger);
}

/** Up to, not including, this moment every pool stands as recorded. */
export function firstStandingEnd(ledger: Ledger): EpochMs {
  return ledger.standings.first?.at ?? Infinity;
}
