/**
 * What `parseLmstat` finds in the output of lmstat: plain data, fit for JSON. `line` is a line's number, from 1.
 * Times are the clock on the wall of the machine that ran lmstat, ISO 8601 without a zone
 * (`2026-03-09T08:49`), which `new Date(...)` reads as local time. Where the text was cut and a name is not in
 * it, the name is ''.
 */
export interface ParsedLmstat {
  /** What the banner names: `lmutil`, `lmstat`. */
  readonly program?: string;
  /** When the report was made. */
  readonly at?: string;
  /** A Windows build wrote this: it said that it looks for lmgrds. */
  readonly windows: boolean;
  /** What -v tells. */
  readonly tool?: ParsedTool;
  /** One per `License server status:`, and one for whatever stands under no such line. */
  readonly servers: readonly ParsedServer[];
  /** The table of -i; absent when there is none. */
  readonly table?: readonly ParsedLicenseRow[];
  /** Lines that have no place in an output of lmstat: the first UNEXPLAINED_MAX of them. */
  readonly unexplained: readonly UnexplainedLine[];
  /** How many there are in all. */
  readonly unexplainedCount: number;
}

export interface UnexplainedLine {
  readonly line: number;
  /** As it stands, its end cut off after UNEXPLAINED_CHARACTERS. */
  readonly text: string;
}

export interface ParsedTool {
  readonly name: string;
  /** Without the v; absent in old releases, which tell their name only. */
  readonly version?: string;
  readonly build?: number;
  readonly platform?: string;
}

/** A license server, or a triad, which is one. */
export interface ParsedServer {
  readonly line: number;
  /** `27000@alpha`, a triad's three joined by commas; '' when the text does not say. */
  readonly spec: string;
  /** The same in parts; no port where there is no number. */
  readonly addresses: readonly { readonly host: string; readonly port?: number }[];
  readonly licenseFiles?: { readonly host: string; readonly paths: readonly string[] };
  /** The `license server` lines. Some builds list a host twice, the second time in small letters. */
  readonly hosts: readonly ParsedHost[];
  /** Where the vendor daemons run. */
  readonly masterHost?: string;
  readonly vendors: readonly ParsedVendor[];
  /** Why nothing could be learned. */
  readonly failure?: ParsedFailure;
}

/** `gettingStatus`: `Error getting status: ...`; `reachingLmgrd`: `lmgrd is not running: ...` */
export interface ParsedFailure {
  readonly line: number;
  readonly step: 'gettingStatus' | 'reachingLmgrd';
  readonly error: ParsedError;
}

/** `Cannot connect to license server system. (-15,570:111 "Connection refused")` */
export interface ParsedError {
  /** `Cannot connect to license server system.` */
  readonly text: string;
  /** FlexNet's code; the numbers are absent when the text has none. */
  readonly major?: number;
  readonly minor?: number;
  readonly sys?: number;
  readonly sysText?: string;
}

export interface ParsedHost {
  readonly line: number;
  readonly name: string;
  readonly state: 'up' | 'down' | 'unreachable';
  readonly master: boolean;
  /** Without the v. */
  readonly version?: string;
  readonly error?: ParsedError;
}

export interface ParsedVendor {
  readonly line: number;
  readonly name: string;
  /** `unknown` when the daemon's own line is not in the text. */
  readonly state: 'up' | 'down' | 'unknown';
  /** Without the v. */
  readonly version?: string;
  readonly error?: ParsedError;
  readonly features: readonly ParsedFeature[];
}

interface FeatureFields {
  readonly line: number;
  readonly name: string;
  /** The pools that lmstat lists: those in use or reserved. */
  readonly pools: readonly ParsedPool[];
}

export type ParsedFeature =
  | (FeatureFields & { readonly kind: 'counted'; readonly issued: number; readonly used: number })
  | (FeatureFields & { readonly kind: 'uncounted' })
  /** `(Error: 5 licenses, unsupported by licensed server)` */
  | (FeatureFields & { readonly kind: 'unsupported'; readonly issued: number })
  /** `Cannot get users of ...` */
  | (FeatureFields & { readonly kind: 'error'; readonly error: ParsedError });

export interface ParsedPool {
  readonly line: number;
  /** '' in a text that lists users right below the feature. */
  readonly name: string;
  /** Without the v. */
  readonly version: string;
  readonly vendor: string;
  readonly expiry?: ParsedExpiry;
  readonly vendorString?: string;
  readonly lock?: ParsedLock;
  readonly users: readonly ParsedUser[];
  readonly queued: readonly ParsedQueued[];
  readonly reservations: readonly ParsedReservation[];
}

export interface ParsedExpiry {
  /** As it stands: `31-dec-2049`, `permanent(no expiration date)`, `1-jan-0`, `01-jan-0000`. */
  readonly text: string;
  /** It does not expire. */
  readonly never: boolean;
  /** `2049-12-31`, of a date that can be read. */
  readonly date?: string;
}

/** What a pool is locked to; `hostid` `ANY` is nothing. */
export type ParsedLock =
  | { readonly kind: 'floating' }
  | { readonly kind: 'nodelocked'; readonly hostid: string }
  | { readonly kind: 'uncountedNodelocked'; readonly hostid: string };

/** Who holds or waits for seats. */
export interface ParsedClient {
  readonly line: number;
  readonly user: string;
  readonly host: string;
  /** '' when there is none. */
  readonly display: string;
  readonly checkoutData?: string;
  /** User, host, display and checkout data as they stand, one blank between each. */
  readonly client: string;
  /** The names could be cut in other ways, too: `client` has what is certain. */
  readonly guessed: boolean;
  /** The version asked for, without the v. */
  readonly version: string;
  readonly server: ParsedPlace;
  readonly handle: number;
  readonly count: number;
}

/** The license server of a seat or reservation; no port where there is no number. */
export interface ParsedPlace {
  readonly host: string;
  readonly port?: number;
}

export interface ParsedUser extends ParsedClient {
  /** `Mon 3/9 8:49` */
  readonly startText: string;
  /** The same with the year: the latest in which that day was that weekday. Absent without `at`. */
  readonly start?: string;
  /** In seconds; old releases tell the total only. */
  readonly linger?: { readonly totalSeconds: number; readonly remainingSeconds?: number };
  readonly pid?: number;
  readonly project?: string;
  /** `ACTIVATED LICENSE(S)` stands where the user's name does: activated through trusted storage. */
  readonly activated?: true;
}

export type ParsedQueued = ParsedClient;

export interface ParsedReservation {
  readonly line: number;
  readonly count: number;
  /** `GROUP`, `HOST`, `USER`, `HOST_GROUP`, `DISPLAY`, `INTERNET`, `PROJECT`. */
  readonly type: string;
  readonly name: string;
  readonly server: ParsedPlace;
}

/** A row of the table of -i. */
export interface ParsedLicenseRow {
  readonly line: number;
  readonly name: string;
  readonly version: string;
  /** 0 is uncounted. */
  readonly count: number;
  readonly vendor: string;
  readonly expiry: ParsedExpiry;
}

/** Unexplained lines that are kept: enough to see what a text is. */
export const UNEXPLAINED_MAX = 1_000;
/** Characters that are kept of each. */
export const UNEXPLAINED_CHARACTERS = 500;
