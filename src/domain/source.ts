/** A place in a text: lines and columns count from 1, columns count UTF-16 units as editors do. */
export interface Position {
  readonly line: number;
  readonly column: number;
}

export type Severity = 'error' | 'warning' | 'info';

/** Something a reader of a file should know: from a parser, or from a lint rule. */
export interface Finding {
  /** The rule's id, such as `feature-date` (a row of the lint rule table). */
  readonly rule: string;
  readonly severity: Severity;
  /** The file's name as the user gave it. */
  readonly file: string;
  readonly line: number;
  readonly column: number;
  /** One past the last column, on the same line; absent for a whole line. */
  readonly endColumn?: number;
  /** Expected what, got what. */
  readonly message: string;
  /** Overrides the rule's own fix with one that names the words at hand. */
  readonly fix?: string;
  /** The FlexNet error a real server or client would give, such as -90. */
  readonly flexnetCode?: number;
}

/** How a file's bytes were read, so that printing gives the same bytes back. */
export type Encoding = 'utf-8' | 'latin1';

/** A text and where it came from. */
export interface SourceText {
  /** The name as the user gave it, for messages. */
  readonly name: string;
  /** The whole text, a byte-order mark included if there was one. */
  readonly text: string;
  readonly encoding: Encoding;
}
