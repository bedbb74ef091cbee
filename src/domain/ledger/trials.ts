import type { EpochMs } from '../../base/clock.ts';
import type { CheckoutCommand } from './commands.ts';
import { sharingKey } from './dup-groups.ts';
import type { LedgerPool } from './holdings.ts';
import { holdsAt, type Phase } from './standings.ts';

/** One request before one pool: all that a reason to deny may look at. */
export interface Trial {
  readonly request: CheckoutCommand;
  readonly pool: LedgerPool;
  /** Of the pool, at the moment of the request. */
  readonly phase: Phase;
  readonly capacity: number;
  /** The capacity without overdraft. */
  readonly issued: number;
  /** Seats asked for, or the pool's MINIMUM. */
  readonly count: number;
  /** Seats the pool's use would grow by; 0 when the request's DUP_GROUP holds enough already. */
  readonly added: number;
  /** The pool is a suite's, and this is about the seats that go out with a component's. */
  readonly withComponent: boolean;
  readonly now: EpochMs;
}

/**
 * Puts a request before a pool. `steady`: every pool stands as recorded, so nothing needs to be worked out.
 * unverified: a request for fewer than MINIMUM takes as many.
 */
export function trialOf(
  pool: LedgerPool,
  request: CheckoutCommand,
  now: EpochMs,
  steady: boolean,
): Trial {
  const count = Math.max(request.count, pool.minimum);
  return trialOfCount(pool, request, count, now, steady);
}

/**
 * Puts the seats that go out with a component's before the suite's pool: as many, whatever the version.
 * unverified: a component of several seats takes as many of the suite; whether they may be borrowed is a question of
 * the component's.
 */
export function suiteTrialOf(
  suite: LedgerPool,
  { request, count }: Trial,
  now: EpochMs,
  steady: boolean,
): Trial {
  const asked = { ...request, feature: suite.feature, version: '', borrowUntil: undefined };
  return { ...trialOfCount(suite, asked, count, now, steady), withComponent: true };
}

/** Puts a request before a pool as one for so many seats. */
export function trialOfCount(
  pool: LedgerPool,
  request: CheckoutCommand,
  count: number,
  now: EpochMs,
  steady: boolean,
): Trial {
  let { phase, capacity, issued } = pool;
  if (!steady && !holdsAt(pool.standing, now)) {
    const standing = pool.standingAt(now);
    ({ phase, capacity } = standing);
    issued = capacity - standing.overdraft;
  }
  const added = seatsToAdd(pool, request, count);
  return { request, pool, phase, capacity, issued, count, added, withComponent: false, now };
}

/** Equal DUP_GROUP keys share seats: only what goes beyond the group's is new. */
function seatsToAdd(pool: LedgerPool, { client, data }: CheckoutCommand, count: number): number {
  const key = sharingKey(pool, client, data);
  if (key === undefined) return count;
  const group = pool.groups.get(key);
  return group === undefined ? count : Math.max(0, count - group.seats);
}
