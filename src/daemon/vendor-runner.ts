import type { EpochMs } from '../base/clock.ts';
import type { LedgerSnapshot } from '../domain/ledger/snapshot.ts';
import type { VendorEntry } from './catalog.ts';
import type { ArmedFault } from './faults/armed-fault.ts';
import type { FaultCounts } from './faults/fault-in-force.ts';
import type { ClockFollower } from './server-clock.ts';
import type { VendorDaemon } from './vendor-daemon.ts';

/**
 * A vendor daemon as the manager sees it: inside this process, or a process of its own. Its `VendorLifecycle` is
 * the only one to start, reread, stop and kill it, one at a time.
 */
export interface VendorRunner {
  readonly name: string;
  /** Where it listens; 0 while it is down, and in single-port mode. */
  readonly port: number;
  /** PORT= of its VENDOR line. */
  readonly fixedPort: boolean;
  readonly pid: number;
  readonly up: boolean;
  /** The daemon itself when it lives in this process: it can take over connections (single port). */
  readonly daemon: VendorDaemon | undefined;
  /** Its clock, when that is in another process and runs. */
  readonly follower: ClockFollower | undefined;
  /**
   * Starts it; resolves when it serves, or died before it did.
   * @throws KnownError when it cannot start.
   */
  start(order: StartOrder): Promise<StartOutcome>;
  /** Orderly end, as of `signal` 15. */
  stop(signal: number): Promise<void>;
  /** Ends it as kill -9 does; `onExit` hears of it. */
  kill(): Promise<void>;
  /**
   * Puts `entry` in force, at once if it is up, else from its next start on. Resolves also when it died of it or
   * when `aborted`.
   * @throws KnownError when it cannot: what was in force stays so.
   */
  reread(entry: VendorEntry, aborted: AbortSignal): Promise<void>;
  /** Every seat comes back, every client is cut off. Nothing, when it is down. */
  clear(): Promise<void>;
  /** As after a start, without one. Nothing, when it is down. */
  begin(): Promise<void>;
  /** Opens logs anew that were put aside, if it is a process of its own. */
  reopenLogs(): Promise<void>;
  /** Arms these faults, and no others, if it is a process of its own. */
  arm(faults: readonly ArmedFault[]): Promise<void>;
  /** Until when it may grant, as the master's of a triad, if it is a process of its own. */
  lease(until: EpochMs): void;
  /** What its faults have counted, if it is a process of its own. */
  faultHits(): Promise<FaultCounts>;
  /** Licenses that are borrowed of it; 0 while it is down. */
  borrowed(): Promise<number>;
  /** Its ledger as it stands, when all that happened before is in the journal; undefined while it is down. */
  snapshot(): Promise<LedgerSnapshot | undefined>;
  /** Called when a daemon that served ends unasked, with the signal or, negative, the exit status. */
  onExit(listener: (signal: number) => void): void;
}

export interface StartOrder {
  /** Those since the manager started. */
  readonly restarts: number;
  /** Told the port and pid before the daemon logs its own start. */
  readonly listening: (port: number, pid: number) => void;
  /** The start is no longer wanted: it may be broken off. */
  readonly aborted: AbortSignal;
}

/** `signal` as `onExit` has it. */
export type StartOutcome =
  | { readonly kind: 'serving' }
  | { readonly kind: 'died'; readonly signal: number };
