import type {
  BlankLine,
  CommentLine,
  LineExtent,
  LineFile,
  UnknownLine,
} from '../language/line.ts';
import type { Position } from '../source.ts';

/**
 * The license-file language as data. An `unknown` line is one that starts with an unknown word, one
 * in decimal format, a FEATURESET, or words that nobody understands.
 * Source: License Administration Guide, "License File Format"; End User Guide v10, App. B.
 */
export type LicenseFile = LineFile<LicenseLine>;

export type LicenseLine =
  | BlankLine
  | CommentLine
  | ServerLine
  | VendorLine
  | UseServerLine
  | FeatureLine
  | PackageLine
  | UpgradeLine
  | OptionsKeywordLine
  | UnknownLine;

/** SERVER host hostid [port] [PRIMARY_IS_MASTER] [HEARTBEAT_INTERVAL=s] [PLAT=n] */
export interface ServerLine extends LineExtent {
  readonly kind: 'server';
  /** As written: a name, an address or `this_host`. */
  readonly host: string;
  /** One or more (some sites list two), as written. */
  readonly hostids: readonly string[];
  readonly port?: number;
  readonly primaryIsMaster: boolean;
  readonly heartbeatIntervalSeconds?: number;
  /** PLAT=: 1 physical, 2 virtual, 4 container, or their sum (LAG 2026 R1). */
  readonly platformMask?: number;
  readonly at: Position;
}

/** VENDOR vendor [path] [[OPTIONS=]path] [[PORT=]port]; DAEMON is the older spelling. */
export interface VendorLine extends LineExtent {
  readonly kind: 'vendor';
  readonly keyword: 'VENDOR' | 'DAEMON';
  readonly vendor: string;
  readonly daemonPath?: string;
  readonly optionsPath?: string;
  readonly port?: number;
  readonly at: Position;
}

export interface UseServerLine extends LineExtent {
  readonly kind: 'useServer';
  readonly at: Position;
}

/** FEATURE|INCREMENT name vendor version exp_date num_lic [key] [attributes] */
export interface FeatureLine extends LineExtent {
  readonly kind: 'feature';
  readonly keyword: 'FEATURE' | 'INCREMENT';
  readonly name: string;
  readonly vendor: string;
  /** As written: printed text keeps the original spelling (`1.000`). */
  readonly version: string;
  readonly expiry: Expiry;
  /** 0 means uncounted (`uncounted` or `0` in the file). */
  readonly count: number;
  /** The positional key of files before 7.1. Opaque. */
  readonly key?: string;
  readonly attributes: Attributes;
  readonly at: Position;
  /** False when something on the line makes a real daemon refuse it (-2, -11, -77, -90): not served. */
  readonly usable: boolean;
}

/** PACKAGE name vendor [version] COMPONENTS="..." [OPTIONS=SUITE|SUITE_RESERVED] ... */
export interface PackageLine extends LineExtent {
  readonly kind: 'package';
  readonly name: string;
  readonly vendor: string;
  readonly version?: string;
  readonly components: readonly PackageComponent[];
  readonly suite: 'none' | 'suite' | 'suiteReserved';
  readonly key?: string;
  readonly attributes: Attributes;
  readonly at: Position;
  readonly usable: boolean;
}

/** One of COMPONENTS: `name[:version[:count]]`. */
export interface PackageComponent {
  readonly name: string;
  readonly version?: string;
  readonly count?: number;
}

/** UPGRADE name vendor from_version to_version exp_date num_lic ... */
export interface UpgradeLine extends LineExtent {
  readonly kind: 'upgrade';
  readonly name: string;
  readonly vendor: string;
  readonly fromVersion: string;
  readonly version: string;
  readonly expiry: Expiry;
  readonly count: number;
  readonly key?: string;
  readonly attributes: Attributes;
  readonly at: Position;
  readonly usable: boolean;
}

/** A line of the options-file language that strayed into a license file (RESERVE, INCLUDE, ...). */
export interface OptionsKeywordLine extends LineExtent {
  readonly kind: 'optionsKeyword';
  readonly keyword: string;
  readonly at: Position;
}

/** When a line stops being valid. The last day counts whole, in the server's time zone. */
export type Expiry =
  | { readonly kind: 'permanent'; readonly text: string }
  | { readonly kind: 'date'; readonly text: string; readonly date: CalendarDate };

/** A day of the calendar, no time zone. `month` is 1 to 12. */
export interface CalendarDate {
  readonly year: number;
  readonly month: number;
  readonly day: number;
}

/** Which fields of a client make two checkouts one (DUP_GROUP). `none`: every checkout counts. */
export type DupGroup =
  | { readonly kind: 'none' }
  | { readonly kind: 'site' }
  | {
      readonly kind: 'fields';
      readonly user: boolean;
      readonly host: boolean;
      readonly display: boolean;
      readonly vendor: boolean;
    };

/**
 * The attributes fauxlm gives a meaning, typed; what the file says of others is in `others`.
 * A row of the attribute table (attributes.ts) fills each.
 */
export interface Attributes {
  readonly borrowHours?: number;
  readonly dupGroup?: DupGroup;
  readonly suiteDupGroup?: DupGroup;
  readonly floatOk?: string | true;
  /** HOSTID=: one match is enough; as written (`ANY`, `USER=x`, `001122334455`). */
  readonly hostids?: readonly string[];
  /** 0 means "as many as num_lic". */
  readonly hostBased?: number;
  readonly userBased?: number;
  readonly issued?: CalendarDate;
  readonly start?: CalendarDate;
  readonly issuer?: string;
  readonly notice?: string;
  readonly serialNumber?: string;
  readonly lingerSeconds?: number;
  readonly minimum?: number;
  readonly overdraft?: number;
  readonly platforms?: readonly string[];
  /** Opaque. */
  readonly sign?: string;
  readonly sign2?: string;
  /** SUPERSEDE alone is an empty list: the line's own feature. */
  readonly supersede?: readonly string[];
  readonly supersedeSign?: string;
  readonly terminalServer?: 'TS_OK' | 'ONE_TS_OK';
  readonly vendorString?: string;
  readonly assetInfo?: string;
  readonly distInfo?: string;
  readonly userInfo?: string;
  readonly vendorInfo?: string;
  readonly checksum?: string;
  /** 0 to 255, default 100; lower is tried first. */
  readonly sort?: number;
  /** Everything else on the line (AUTH=, V7.1_LK=, lower-case free words ...), as written, in order. */
  readonly others?: readonly { readonly name: string; readonly value: string | true }[];
}
