import type { LicenseInput, VendorEntry } from './catalog.ts';
import type { VendorDaemon } from './vendor-daemon.ts';

/** A vendor daemon as the manager sees it: inside this process, or a process of its own. */
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
  /**
   * Starts it; resolves when it serves. `restarts` counts those since the manager started; `listening` is told the
   * port and pid before the daemon logs its own start.
   * @throws KnownError when it cannot start.
   */
  start(restarts: number, listening: (port: number, pid: number) => void): Promise<void>;
  /** Orderly end, as of `signal` 15. */
  stop(signal: number): Promise<void>;
  /** Ends it as kill -9 does; `onExit` hears of it. */
  kill(): Promise<void>;
  reread(entry: VendorEntry, sources: RereadSources): Promise<void>;
  /** Called when the daemon ends unasked, with the signal or, negative, the exit status. */
  onExit(listener: (signal: number) => void): void;
}

/** What a daemon in a process of its own reads again by itself, as real ones do. */
export interface RereadSources {
  readonly licenses: readonly LicenseInput[];
  readonly options: Readonly<Record<string, LicenseInput>>;
}
