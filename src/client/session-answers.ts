import type { EpochMs } from '../base/clock.ts';
import type { Received } from './received.ts';
import { type Refused, refusedBy, senseless } from './refused.ts';

/** Seats that are ours while the session lives. */
export interface Granted {
  readonly ok: true;
  /** Names the checkout to its vendor daemon. */
  readonly handle: number;
  /** The version of the pool that granted. */
  readonly poolVersion: string;
}

/** Seats that are out until their end, whether the session lives or not. */
export interface Lent {
  readonly ok: true;
  readonly handle: number;
  readonly poolVersion: string;
  /** By the daemon's clock. */
  readonly until: EpochMs;
  readonly secondsLeft: number;
}

/** What a daemon answers to a checkout. */
export function grantIn(received: Received): Granted | Refused {
  if (received.kind !== 'granted') return refusalIn(received, 'an answer to a checkout');
  const { handle, poolVersion } = received.value;
  return { ok: true, handle, poolVersion };
}

/** What it answers to a borrow. */
export function loanIn(received: Received): Lent | Refused {
  if (received.kind !== 'borrowed') return refusalIn(received, 'an answer to a borrow');
  const { handle, poolVersion, until, secondsLeft } = received.value;
  return { ok: true, handle, poolVersion, until: until * 1000, secondsLeft };
}

/** Undefined for an answer of the kind that says yes. */
export function refusalUnless(kind: Received['kind'], received: Received): Refused | undefined {
  return received.kind === kind ? undefined : refusalIn(received, kind);
}

function refusalIn(received: Received, expected: string): Refused {
  if (received.kind === 'refused') return refusedBy(received, 'daemon');
  return senseless('client', `expected ${expected}, got ${received.kind}`);
}
