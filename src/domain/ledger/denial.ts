import type { Refusal } from '../../base/refusal.ts';
import type { LedgerPool } from './holdings.ts';
import type { Trial } from './trials.ts';

/**
 * A reason to deny. `minor` is FlexNet's own where one was seen, else a number from 900 of ours.
 */
export interface Denial extends Refusal {
  readonly id: string;
  /** The pools that it can be a reason of, as they are defined; absent: every pool. */
  readonly concerns?: (pool: LedgerPool) => boolean;
  /** It can be a reason only of a request to borrow. */
  readonly toBorrow?: true;
  /** Whether it holds, for a pool that it concerns. */
  readonly when: (trial: Trial) => boolean;
}
