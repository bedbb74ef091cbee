import type {
  BlankLine,
  CommentLine,
  LineExtent,
  LineFile,
  UnknownLine,
} from '../language/line.ts';
import type { Position } from '../source.ts';

/**
 * The options-file language as data. An `unknown` line is one that could not be understood; a real
 * daemon reports it and goes on.
 * Source: License Administration Guide, "Options File Syntax".
 */
export type OptionsFile = LineFile<OptionsLine>;

export type OptionsLine = BlankLine | CommentLine | OptionsRule | UnknownLine;

/** A line that could be understood: `rule.keyword` says which row of the keyword table made it. */
export interface OptionsRule extends LineExtent {
  readonly kind: 'rule';
  readonly at: Position;
  readonly rule: Rule;
}

/** `feature[:keyword=value]`, or in quotes with a blank. */
export interface FeatureSpec {
  readonly feature: string;
  readonly selector?: { readonly name: string; readonly value: string };
}

export type ClientType =
  | 'USER'
  | 'HOST'
  | 'DISPLAY'
  | 'INTERNET'
  | 'PROJECT'
  | 'GROUP'
  | 'HOST_GROUP';

/** Who a rule is about. */
export interface ClientSpec {
  readonly type: ClientType;
  readonly name: string;
}

export type EntitlementKeyword =
  | 'ACTIVATION_EXPIRY_DAYS'
  | 'ACTIVATION_LOWWATER'
  | 'EXCLUDE_ENTITLEMENT'
  | 'EXCLUDEALL_ENTITLEMENT'
  | 'INCLUDE_ENTITLEMENT'
  | 'INCLUDEALL_ENTITLEMENT';

export type LoggedEvent =
  | 'IN'
  | 'OUT'
  | 'DENIED'
  | 'QUEUED'
  | 'UNSUPPORTED'
  | 'UPGRADE'
  | 'DEQUEUED';

export type Rule =
  | { readonly keyword: 'AUTOMATIC_REREAD'; readonly on: boolean }
  | { readonly keyword: 'BORROW_LOWWATER'; readonly spec: FeatureSpec; readonly count: number }
  | { readonly keyword: 'DAEMON_SELECT_TIMEOUT'; readonly seconds: number }
  | {
      readonly keyword: 'DEBUGLOG';
      readonly path: string;
      readonly append: boolean;
      /** OBF_ADDMARK: mark obfuscated names. Kept, not emulated. */
      readonly markObfuscated?: true;
      readonly rolloverMegabytes?: number;
    }
  | {
      readonly keyword: 'EXCLUDE' | 'EXCLUDE_BORROW' | 'INCLUDE' | 'INCLUDE_BORROW';
      readonly spec: FeatureSpec;
      readonly client: ClientSpec;
    }
  | { readonly keyword: 'EXCLUDEALL' | 'INCLUDEALL'; readonly client: ClientSpec }
  | { readonly keyword: 'FQDN_MATCHING'; readonly lenient: boolean }
  | {
      readonly keyword: 'GROUP' | 'HOST_GROUP';
      readonly name: string;
      readonly members: readonly string[];
    }
  | { readonly keyword: 'GROUPCASEINSENSITIVE'; readonly on: boolean }
  | { readonly keyword: 'LINGER' | 'TIMEOUT'; readonly spec: FeatureSpec; readonly seconds: number }
  | {
      readonly keyword: 'MAX';
      readonly count: number;
      readonly spec: FeatureSpec;
      readonly client: ClientSpec;
    }
  | { readonly keyword: 'MAX_BORROW_HOURS'; readonly spec: FeatureSpec; readonly hours: number }
  | { readonly keyword: 'MAX_CONNECTIONS'; readonly count: number }
  | { readonly keyword: 'MAX_OVERDRAFT'; readonly spec: FeatureSpec; readonly count: number }
  | { readonly keyword: 'NOLOG'; readonly event: LoggedEvent }
  | {
      readonly keyword: 'REPORTLOG';
      readonly path: string;
      readonly append: boolean;
      readonly hideUser: boolean;
    }
  | {
      readonly keyword: 'RESERVE';
      readonly count: number;
      readonly spec: FeatureSpec;
      readonly client: ClientSpec;
    }
  | { readonly keyword: 'TIMEOUTALL'; readonly seconds: number }
  /** Trusted storage: recognised, not emulated. `words` are the rest of the line. */
  | { readonly keyword: EntitlementKeyword; readonly words: readonly string[] };

export type OptionsKeyword = Rule['keyword'];
