import type { Clock } from '../base/clock.ts';
import type { PrefixStyle } from '../text/debug-log.ts';
import type { LicenseInput } from './catalog.ts';
import type { Traffic } from './traffic.ts';
import type { TriadSetting, TriadWish } from './triad/setting.ts';

/** `info`: as it should be, told for the record. */
export type NoticeLevel = 'info' | 'warn';

/** Told of what happens to the server itself; the CLI hands it to pino. Without a level it is a warning. */
export type Notice = (
  what: string,
  details: Readonly<Record<string, unknown>>,
  level?: NoticeLevel,
) => void;

export interface ServerConfig {
  /** License files, directories of *.lic, and texts. */
  readonly licenses: readonly LicenseInput[];
  /** Options file or text by vendor name. */
  readonly options?: Readonly<Record<string, LicenseInput>>;
  /** Addresses to listen on; loopback of both families unless told. */
  readonly hosts?: readonly string[];
  /** 0 takes a free port; absent: the SERVER line's, else the first free of 27000 to 27009. */
  readonly port?: number;
  /** Vendor daemons take free ports whatever their VENDOR lines say, so that servers side by side do not collide. */
  readonly freePorts?: boolean;
  /** What redirects and greetings name instead of the address the client reached. */
  readonly advertise?: { readonly host: string; readonly port?: number };
  /** One listener for manager and daemons. */
  readonly singlePort?: boolean;
  /** Each vendor daemon in a process of its own. */
  readonly processes?: boolean;
  readonly lenient?: boolean;
  /** Of everything that faults leave to chance. */
  readonly seed?: string;
  readonly clock?: Clock;
  /** It is a member of a triad: its files have three SERVER lines. */
  readonly triad?: TriadSetting;
  /** The same for who has not read the files yet; `triad` wins. */
  readonly triadWish?: TriadWish;
  /** Servers of one process that share a clock share this, too: whoever moves it waits for all of them. */
  readonly traffic?: Traffic;
  /** IANA name; absent: the machine's. */
  readonly timeZone?: string;
  /**
   * The debug log: a file (emptied first unless `append`), standard output without a path, or `usual`ly where the
   * vendors' own license manager has it.
   */
  readonly log?: { readonly path?: string; readonly usual?: true; readonly append?: boolean };
  /** Where relative paths of logs in options files and of tools lead; absent: where the process was started. */
  readonly folder?: string;
  readonly logStyle?: PrefixStyle;
  /** Lines of seats in the debug log have their verbose form. */
  readonly verboseLog?: boolean;
  /** A folder in which what must outlive a restart is written down: borrowed seats. */
  readonly stateFolder?: string;
  readonly journalEventsMax?: number;
  readonly connectionsMax?: number;
  /** How long a license must have been out before lmremove may take it back; LMREMOVE_AGE_SECONDS_MIN unless told. */
  readonly lmremoveAgeSecondsMin?: number;
  readonly protocol?: 'current' | 'legacy';
  /** lmgrd -local. */
  readonly localOnly?: boolean;
  /** lmgrd -x: tools disabled for everyone. */
  readonly disabled?: readonly string[];
  /** lmgrd -2 -p: tools for administrators only. */
  readonly administratorsOnly?: boolean;
  /** The words the server was started with, for the log. */
  readonly commandLine?: readonly string[];
  readonly notice?: Notice;
}

/** Two minutes. Source: Altair's note on lmremove; `(-64,200)` in public scripts. */
export const LMREMOVE_AGE_SECONDS_MIN = 120;

/** The default addresses: loopback, both families. */
export const loopbackHosts = ['127.0.0.1', '::1'] as const;
