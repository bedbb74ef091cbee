import type { Refusal } from '../base/refusal.ts';
import type { LicenseLine } from '../domain/license/model.ts';
import type { FeatureUsage, PoolEntry } from '../text/lmstat-report.ts';
import type { Received } from './received.ts';

/** What a license manager says of itself and its vendor daemons, by whichever protocol it was asked. */
export interface ManagerFacts {
  /** The name it goes by, where it tells. */
  readonly host?: string;
  /** Such as `11.18.1`, without the v. */
  readonly version: string;
  /** The license files it was started with. */
  readonly licensePaths: readonly string[];
  /** Its SERVER lines, in order. */
  readonly servers: readonly ServerFacts[];
  readonly vendors: readonly VendorFacts[];
  /** Its license text, where that was needed to know the rest. */
  readonly lines?: readonly LicenseLine[];
}

export interface ServerFacts {
  readonly host: string;
  /** 0 when its line has none. */
  readonly port: number;
  readonly master: boolean;
}

export interface VendorFacts {
  readonly name: string;
  /** Where the manager knows it. */
  readonly version?: string;
  /** Why it cannot be asked, where the manager knows that. */
  readonly down?: Refusal;
}

/** What to ask a vendor daemon. */
export interface UsageQuestion {
  /** Only this one. */
  readonly feature?: string;
  /** Whether users are wanted, or totals only. */
  readonly users: boolean;
}

export interface DaemonUsage {
  /** Read once, in order. */
  readonly features: Iterable<FeatureUsage>;
  /** There are none. */
  readonly empty: boolean;
  /** How the vendor's own lmstat would write this, where the daemon says so. */
  readonly dialect?: string;
}

/** A feature's totals by the public messages, and the users the daemon lists. */
export interface PublicStatus {
  readonly used: number;
  readonly total: number;
  readonly entries: readonly PoolEntry[];
}

/** The peer tells more than can be true. */
export const tooMuch: Refusal = { major: -12, minor: 6, sysText: 'more than can be true' };

/** Why an answer is not the one that was due: the peer's own refusal, or that it makes no sense. */
export function refusalOf(received: Received): Refusal {
  if (received.kind === 'refused') return received.refusal;
  return { major: -12, minor: 5, sysText: `a message out of place: ${received.kind}` };
}
