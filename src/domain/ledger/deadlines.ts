import type { EpochMs } from '../../base/clock.ts';
import type { LedgerEvent, PoolCapacityChanged } from './events.ts';
import type { LedgerPool } from './holdings.ts';
import { expiredBetween, type Standing } from './standings.ts';
import type { Ledger } from './state.ts';

/**
 * When the host should next send `timePassed`; undefined when nothing will ever lapse by itself.
 */
export function nextDeadline(ledger: Ledger): EpochMs | undefined {
  return ledger.deadlines.first?.at;
}

/** What has lapsed by `now`, in order of the times at which it was due. */
export function decideTimePassed(ledger: Ledger, now: EpochMs): readonly LedgerEvent[] {
  return ledger.deadlines
    .due(now)
    .map(({ subject: pool }) => capacityChange(pool, pool.standingAt(now), now));
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
  if (pool.deadline !== undefined) ledger.deadlines.remove(pool.deadline);
  pool.standing = standing;
  pool.phase = standing.phase;
  pool.capacity = standing.capacity;
  pool.issued = standing.capacity - standing.overdraft;
  pool.deadline =
    standing.until === Infinity ? undefined : ledger.deadlines.add(standing.until, pool);
  ledger.steadySince = Math.max(ledger.steadySince, standing.since);
  ledger.steadyUntil = nextDeadline(ledger) ?? Infinity;
}
