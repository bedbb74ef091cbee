import type { Outline } from './outline.ts';

/** A line of the text. */
export interface Line {
  readonly number: number;
  /** Without blanks before it and behind it. */
  readonly text: string;
  /** With the blanks behind it. */
  readonly whole: string;
  readonly isIndented: boolean;
}

/** Understands a line and puts what it says in its place; false when it is no such line here. */
export type LineKind = (line: Line, outline: Outline) => boolean;

/** Makes a kind of line from a pattern and what to do with what it finds, which may be to pass: false. */
export function matching(
  pattern: RegExp,
  take: (found: readonly string[], line: Line, outline: Outline) => unknown,
): LineKind {
  return (line, outline) => {
    const found = pattern.exec(line.text);
    return found !== null && take(found, line, outline) !== false;
  };
}
