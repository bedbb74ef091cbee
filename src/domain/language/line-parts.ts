import type { Findings } from './findings.ts';
import type { LineExtent, UnknownLine } from './line.ts';
import type { LogicalLine } from './logical-line.ts';

export type Mutable<T> = { -readonly [K in keyof T]: T[K] };

/** The extent that every line of the model has. */
export function extentOf(line: LogicalLine): LineExtent {
  return { start: line.start, end: line.end, line: line.line, lineCount: line.lineCount };
}

/** A line of which no more than the first word was understood. */
export function unknownLine(line: LogicalLine): UnknownLine {
  return {
    kind: 'unknown',
    start: line.start,
    end: line.end,
    line: line.line,
    lineCount: line.lineCount,
    firstWord: line.wordCount > 0 ? line.word(0) : '',
    at: line.at,
  };
}

/**
 * Notes what is wrong with a line whatever its language and kind: a quote or brace that is not
 * closed, and blanks that only look like one.
 */
export function checkWords(line: LogicalLine, findings: Findings): void {
  if (line.unterminatedAt >= 0) {
    const open = line.text[line.unterminatedAt];
    findings.addAt(line, line.unterminatedAt, {
      rule: 'unterminated-quote',
      severity: 'error',
      message: `expected a closing ${open === '{' ? '}' : '"'}, got the end of the line`,
      flexnetCode: -2,
    });
  }
  if (line.wideBlankAt >= 0) {
    const code = line.text.charCodeAt(line.wideBlankAt).toString(16).toUpperCase().padStart(4, '0');
    findings.addAt(line, line.wideBlankAt, {
      rule: 'non-ascii-space',
      severity: 'error',
      message: `expected a blank, got U+${code}, which a daemon takes for a letter`,
      flexnetCode: -2,
    });
  }
}
