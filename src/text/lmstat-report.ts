import type { EpochMs } from '../base/clock.ts';
import type { Refusal } from '../base/refusal.ts';

/**
 * What lmstat prints, as data: a client assembles it from the wire, `renderLmstat` turns it to
 * text. Features and entries, which may be very many, are iterables: read at most once, in order.
 */
export interface LmstatReport {
  /** When the report was made; the second line tells it in local time. */
  readonly at: EpochMs;
  /** The program in the banner. */
  readonly program: 'lmutil' | 'lmstat';
  /** One per element of the license path that was asked, in order. At least one. */
  readonly sections: readonly LmstatSection[];
}

export type LmstatSection = ServerSection | FailureSection;

/** A license server (or a triad, which is one) that could be asked. */
export interface ServerSection {
  readonly kind: 'server';
  readonly address: ServerAddress;
  /** One per SERVER line, in order. */
  readonly hosts: readonly HostStatus[];
  /** Where the vendor daemons run: the master of a triad. */
  readonly masterHost: string;
  readonly vendors: readonly VendorStatus[];
}

/** Nothing could be learned. */
export interface FailureSection {
  readonly kind: 'failure';
  /**
   * Which step failed: asking at all (`Error getting status:`), or reaching lmgrd once the file or
   * the list of servers was known (`lmgrd is not running:`).
   */
  readonly step: 'gettingStatus' | 'reachingLmgrd';
  readonly refusal: Refusal;
  readonly address?: ServerAddress;
}

export interface ServerAddress {
  /** `port@host`, a triad's three joined by commas. */
  readonly spec: string;
  readonly licenseFiles?: { readonly host: string; readonly paths: readonly string[] };
}

export type HostStatus =
  | {
      readonly name: string;
      readonly state: 'up';
      readonly master: boolean;
      /** Such as `11.18.1`, without the v. */
      readonly version: string;
    }
  | { readonly name: string; readonly state: 'down' }
  | { readonly name: string; readonly state: 'unreachable'; readonly refusal: Refusal };

export interface VendorStatus {
  readonly name: string;
  readonly state: DaemonState;
  /** The license server in each seat's `(host/port handle)`. */
  readonly server: { readonly host: string; readonly port: number };
  /** The dialect this vendor's tools write, where the daemon says one; a name for `dialectOf`. */
  readonly dialect?: string;
  readonly features: Iterable<FeatureUsage>;
}

export type DaemonState =
  | { readonly kind: 'up'; readonly version: string }
  | { readonly kind: 'down'; readonly refusal: Refusal };

export type FeatureUsage =
  | {
      readonly kind: 'counted';
      readonly name: string;
      readonly issued: number;
      /** Seats out, idle reservations included; over `issued` while an overdraft is in use. */
      readonly used: number;
      /** The pools in use or reserved, in the order of the license files. */
      readonly pools: readonly PoolUsage[];
    }
  | { readonly kind: 'uncounted'; readonly name: string; readonly pools: readonly PoolUsage[] }
  /** In the license file that was read, but not among what the server serves. */
  | { readonly kind: 'unsupported'; readonly name: string; readonly issued: number }
  | { readonly kind: 'error'; readonly name: string; readonly refusal: Refusal };

export interface PoolUsage {
  /** May differ from the feature's own name, for packages. */
  readonly name: string;
  /** As in the license file: `1.000`. */
  readonly version: string;
  readonly vendor: string;
  /** As in the license file, or `permanent`. */
  readonly expiry?: string;
  readonly vendorString?: string;
  readonly lock: PoolLock;
  readonly entries: Iterable<PoolEntry>;
}

/** `hostid` as in the license file: `ID=12345`; several are joined by blanks. `ANY` is nothing. */
export type PoolLock =
  | { readonly kind: 'floating' }
  | { readonly kind: 'nodelocked'; readonly hostid: string }
  | { readonly kind: 'uncountedNodelocked'; readonly hostid: string };

export type PoolEntry = UserEntry | QueuedEntry | ReservationEntry;

interface ClientFields {
  readonly user: string;
  readonly host: string;
  /** '' when the client sent none. */
  readonly display: string;
  readonly checkoutData?: string;
  /** The version asked for, which may be older than the pool's. */
  readonly version: string;
  readonly handle: number;
  readonly count: number;
}

export interface UserEntry extends ClientFields {
  readonly kind: 'user';
  readonly since: EpochMs;
  /** Set while the seat lingers or is borrowed: it comes back by itself. */
  readonly linger?: { readonly remainingSeconds: number; readonly totalSeconds: number };
  /** Out of reach of the server until linger ends. No text tells this from another linger. */
  readonly borrowed?: boolean;
  readonly pid?: number;
  readonly project?: string;
}

export interface QueuedEntry extends ClientFields {
  readonly kind: 'queued';
}

export interface ReservationEntry {
  readonly kind: 'reservation';
  readonly count: number;
  readonly type: 'USER' | 'HOST' | 'GROUP' | 'HOST_GROUP' | 'DISPLAY' | 'INTERNET' | 'PROJECT';
  readonly name: string;
}
