import type { EpochMs } from '../../base/clock.ts';
import type { LicenseFile } from '../license/model.ts';
import type { OptionsFile } from '../options/model.ts';
import type { Severity } from '../source.ts';
import type { LicenseView } from './catalog.ts';
import type { LintSubject, OptionsView } from './subject.ts';

export type AnyFile = LicenseFile | OptionsFile;

/** One options file and, where known, the vendor daemon that reads it. */
export interface LintedOptions {
  /** Absent: the file is compared with the features of every vendor. */
  readonly vendor?: string;
  readonly file: OptionsFile;
}

/** Everything that is looked at together, as one license manager would read it. */
export interface LintInput {
  readonly licenses: readonly LicenseFile[];
  readonly options: readonly LintedOptions[];
  readonly now: EpochMs;
  /** IANA name such as `Europe/Oslo`: where "today" is taken. Default: the runtime's own zone. */
  readonly timeZone?: string;
}

/** A stretch of one physical line: `endColumn` is one past its last column. */
export interface Span {
  readonly line: number;
  readonly column: number;
  readonly endColumn?: number;
}

/** One place where a rule is broken. The rule's row gives it an id and a severity. */
export interface Spot extends Span {
  readonly file: string;
  /** Expected what, got what, in the words of the file at hand. */
  readonly message: string;
  /** Where the row's own fix can be made to name the words at hand. */
  readonly fix?: string;
  readonly flexnetCode?: number;
}

/**
 * A row of the rule table. `error` is kept for what a real license manager or vendor daemon would
 * refuse or ignore; what only surprises people is a `warning`; what is good to know is `info`.
 */
export interface LintRule {
  /** Kebab-case, never reused for another meaning. */
  readonly id: string;
  readonly severity: Severity;
  /** One line, for lists of rules. */
  readonly summary: string;
  /** What goes wrong, and for whom. */
  readonly why: string;
  readonly fix: string;
  /** The FlexNet error that a server or client gives, such as -90. */
  readonly flexnetCode?: number;
  /** Where the fact comes from: a guide and its section, or an observation. */
  readonly source: string;
  /** A license manager given this file does not come up at all. */
  readonly stopsServer?: true;
  /** Where it finds something, nothing else is told of that file. */
  readonly alone?: true;
  /** Rules whose finding on the same line says the same with less; they give way. */
  readonly insteadOf?: readonly string[];
  /**
   * What to look at, one file at a time: a license file, an options file, the text of either. All
   * absent: the parsers report it while they read. No more is asked for than can be shown.
   */
  readonly license?: (view: LicenseView, subject: LintSubject) => Iterable<Spot>;
  readonly options?: (view: OptionsView, subject: LintSubject) => Iterable<Spot>;
  readonly text?: (file: AnyFile) => Iterable<Spot>;
}
