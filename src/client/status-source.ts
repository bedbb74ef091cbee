import type { EpochMs } from '../base/clock.ts';
import type { Refusal } from '../base/refusal.ts';
import type { LmstatReport } from '../text/lmstat-report.ts';
import type { Dialogue } from './context.ts';
import type { ServerAddress } from './license-path.ts';

/** A feature line of the license file that named the servers, as far as lmstat compares it. */
export interface LicensedFeature {
  readonly name: string;
  readonly vendor: string;
  /** 0 is uncounted. */
  readonly count: number;
}

/** One server to report on: an element of the license path. */
export type StatusSource =
  | {
      readonly kind: 'server';
      /** One, or the three of a triad in the order of their SERVER lines. */
      readonly hosts: readonly ServerAddress[];
      /** Set when a license file named the hosts. */
      readonly licensed?: readonly LicensedFeature[];
    }
  /** An element that leads to no server: a missing file, a file without SERVER lines. */
  | {
      readonly kind: 'unusable';
      /** As `FailureSection.step`. */
      readonly step: 'gettingStatus' | 'reachingLmgrd';
      readonly refusal: Refusal;
    };

export interface StatusOptions extends Dialogue {
  readonly at: EpochMs;
  readonly program: LmstatReport['program'];
  /** Features and users, totals only, or not even the vendor daemons' own word. */
  readonly usage: 'users' | 'totals' | 'none';
  /** Only this feature. That no daemon has it becomes an entry of its own, -5. */
  readonly feature?: string;
  /** Only this vendor daemon. */
  readonly vendor?: string;
  /** Only what is on this host. */
  readonly server?: string;
}

/** Whether an attempt came to nothing. */
export function isRefusal(value: object): value is Refusal {
  return 'major' in value && 'minor' in value;
}
