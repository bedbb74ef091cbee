import type { Clock } from '../base/clock.ts';
import type { VendorPolicy } from '../domain/vendors/index.ts';
import type { AdminRights } from './admin-rights.ts';
import type { VendorEntry } from './catalog.ts';
import type { SiteFaults } from './faults/site-faults.ts';
import type { Journal } from './journal.ts';
import type { OptionFiles } from './option-files.ts';
import type { Traffic } from './traffic.ts';
import type { VendorLog } from './vendor-log.ts';

/** What a vendor daemon is started with. */
export interface VendorDaemonOptions {
  readonly entry: VendorEntry;
  readonly policy: VendorPolicy;
  readonly clock: Clock;
  readonly timeZone?: string;
  readonly log: VendorLog;
  /** Its own debug log and its report log, as its options file has them. */
  readonly files: OptionFiles;
  readonly journal: Journal;
  readonly traffic: Traffic;
  /** What goes wrong here. */
  readonly faults: SiteFaults;
  /** What the license server's machine is called, by its SERVER line and by itself. */
  readonly serverHosts: readonly string[];
  /** Addresses to listen on; none in single-port mode, where the manager hands connections over. */
  readonly hosts: readonly string[];
  readonly port?: number;
  readonly connectionsMax?: number;
  readonly lmremoveAgeSecondsMin: number;
  /** The host that greetings name; absent: the address the client reached. */
  readonly advertisedHost?: string;
  readonly legacy: boolean;
  readonly rights: AdminRights;
  /** Reads its files again, if they have changed. Throws KnownError when they cannot be served. */
  readonly readAgain?: () => VendorEntry | undefined;
  /** Where borrowed seats are written down; absent: they are forgotten with the daemon. */
  readonly stateFolder?: string;
  /** Its clock is one that is moved: clients that are connected count as alive and as they were. */
  readonly assumesHeartbeats: boolean;
  /** Asked before each answer, and before who waits is served; absent: always. */
  readonly mayGrant?: () => boolean;
  readonly notice: (what: string, details: Readonly<Record<string, unknown>>) => void;
}
