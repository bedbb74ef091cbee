import type { ParsedError } from '../lmstat-parser/parsed.ts';

/** What a line of the debug log begins with. */
export interface ParsedPrefix {
  readonly style: 'time' | 'datestamp' | 'monthDay';
  /** `09:49:41` by the clock on the server's wall; without seconds in the style of FLEXlm 5. */
  readonly time: string;
  /** `2026-03-09`, where the line tells it. */
  readonly date?: string;
  /** `+01:00` or `Z`, where the line tells it. */
  readonly zone?: string;
  /** `3/9` in the style of FLEXlm 5. */
  readonly monthDay?: string;
  /** `lmgrd`, or the vendor daemon; of a forked copy with `_1` and so on. */
  readonly daemon: string;
  /** In the form `acmed[4711]`. */
  readonly pid?: number;
}

/** Somebody's seats of a feature. */
export interface ParsedSeat {
  readonly feature: string;
  readonly user: string;
  /** '' in old logs that name the user only. */
  readonly host: string;
  readonly count: number;
  /** Checkout data. */
  readonly data?: string;
  readonly verbose?: ParsedVerbose;
}

/** The `^^^` form's fields. */
export interface ParsedVerbose {
  readonly version: string;
  readonly user: string;
  readonly address: string;
  readonly pid: number;
  readonly handle: number;
  readonly inUse: number;
  readonly outOf: number;
  readonly project: string;
  readonly flexVersion: number;
  readonly flexRevision: number;
  /** `2026-03-09T09:05:07` */
  readonly at: string;
  readonly isDuplicate: boolean;
}

export type ParsedEvent =
  | ({ readonly kind: 'out' } & ParsedSeat)
  | ({
      readonly kind: 'in';
      /** The daemon stopped, TIMEOUT took the seat, or (in old logs) another server died. */
      readonly reason?: 'SHUTDOWN' | 'INACTIVE' | 'SERVER DIED';
      /** How long it was out, in old logs. */
      readonly usedSeconds?: number;
    } & ParsedSeat)
  | ({ readonly kind: 'queued' | 'dequeued' } & ParsedSeat)
  /** `error` is absent when the reason is on the next line, or in an old log, which has none. */
  | ({ readonly kind: 'denied'; readonly error?: ParsedError } & ParsedSeat)
  | ({
      readonly kind: 'unsupported';
      readonly key: string;
      readonly error?: ParsedError;
    } & ParsedSeat)
  | { readonly kind: 'checkinFailed'; readonly feature: string; readonly client: string }
  /** A line that is nothing but the reason of the line before. */
  | { readonly kind: 'reason'; readonly error: ParsedError }
  | { readonly kind: 'expired'; readonly feature: string }
  | { readonly kind: 'timestamp'; readonly date: string }
  /** `at` without zone, and the zone in the system's own words. */
  | { readonly kind: 'systemDate'; readonly at: string; readonly zone: string }
  | ({
      readonly kind: 'managerStarted';
      readonly host: string;
      readonly date: string;
    } & ParsedRelease)
  | ({ readonly kind: 'daemonRelease' } & ParsedRelease)
  | {
      readonly kind: 'daemonStarted';
      readonly vendor: string;
      readonly pid: number;
      readonly port?: number;
      /** After it had died. */
      readonly again: boolean;
    }
  | { readonly kind: 'daemonPort'; readonly vendor: string; readonly port: number }
  | { readonly kind: 'managerPort'; readonly port: number }
  | { readonly kind: 'licenseFiles' | 'optionsFile'; readonly path: string }
  /** The features a daemon serves, or those of the list's next line; `package` begins or goes on with that. */
  | {
      readonly kind: 'serving';
      readonly host?: string;
      readonly names: readonly string[];
      readonly package?: string;
    }
  /** The names a daemon answers to, on a line of their own. */
  | { readonly kind: 'vendorNames'; readonly names: readonly string[] }
  | { readonly kind: 'featureUpdated'; readonly feature: string }
  | {
      readonly kind: 'rereadRequested' | 'shutdownRequested';
      readonly user: string;
      readonly host: string;
    }
  | { readonly kind: 'rereading' | 'reread' | 'stopping' }
  | {
      readonly kind: 'daemonKilled';
      readonly vendor: string;
      readonly pid: number;
      readonly signal: number;
    }
  | {
      readonly kind: 'daemonExited';
      readonly vendor: string;
      readonly status: number;
      readonly signal?: number;
      readonly text?: string;
    }
  | { readonly kind: 'exiting'; readonly signal: number; readonly reason?: number }
  /** A summary line; `label` and `value` where it has the form of one. */
  | {
      readonly kind: 'slog';
      readonly text: string;
      readonly label?: string;
      readonly value?: string;
    }
  /** A line of FlexNet's that tells nothing: notices, rules, advice, empty ones. */
  | { readonly kind: 'chatter'; readonly text: string }
  | { readonly kind: 'unknown'; readonly text: string };

/** The events that are about somebody's seats. */
export type SeatEvent = Extract<ParsedEvent, ParsedSeat>;

export interface ParsedRelease {
  /** Without the v. */
  readonly version: string;
  readonly build?: number;
  readonly platform?: string;
}

export interface ParsedLogLine {
  /** Absent on the few lines that have none. */
  readonly prefix?: ParsedPrefix;
  readonly event: ParsedEvent;
}
