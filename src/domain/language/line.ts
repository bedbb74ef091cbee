import type { Finding, Position, SourceText } from '../source.ts';

/** A file as its lines: every character of the text belongs to exactly one, in order. */
export interface LineFile<L extends LineExtent> {
  readonly source: SourceText;
  readonly lines: readonly L[];
  /** What the parser noticed on the way, in order of position; lint adds its rules' findings. */
  readonly findings: readonly Finding[];
}

/** What every line has. `start` and `end` are offsets into `source.text`; `end` includes the line's end. */
export interface LineExtent {
  readonly start: number;
  readonly end: number;
  /** First physical line, from 1. */
  readonly line: number;
  /** Physical lines joined by continuation. */
  readonly lineCount: number;
  /** Put in for the text from `start` to `end`: printed from its fields. */
  readonly changed?: true;
}

export interface BlankLine extends LineExtent {
  readonly kind: 'blank';
}

export interface CommentLine extends LineExtent {
  readonly kind: 'comment';
}

/** A line of which no more than the first word was understood. */
export interface UnknownLine extends LineExtent {
  readonly kind: 'unknown';
  readonly firstWord: string;
  readonly at: Position;
}
