import type { EpochMs } from '../../base/clock.ts';
import type { FaultName } from './table.ts';

/** A fault as it is listed. */
export interface ListedFault {
  readonly id: string;
  readonly fault: FaultName;
  /** As it could be written, its id aside. */
  readonly text: string;
  readonly words: Readonly<Record<string, string>>;
  /** `waiting` for its time, in force, or `over` until it is cleared. */
  readonly state: 'waiting' | 'on' | 'over';
  /** Calls on which it has acted, or how often it has acted by itself, in all processes. */
  readonly hits: number;
  /** On the clock of the server. */
  readonly from: EpochMs;
  readonly to?: EpochMs;
  /** Why it will hardly ever act: it is of features that no license has. */
  readonly remark?: string;
}
