import type { Finding, SourceText } from '../source.ts';
import { printable } from './report.ts';

/** Columns of a source line that are shown; a longer line is cut around its finding. */
const WINDOW_COLUMNS = 100;
/** Columns shown before the finding when the line is cut. */
const LEAD_COLUMNS = 30;

/** The physical lines of the given numbers (from 1), without their ends. One walk over the text. */
export function physicalLines(
  { text }: SourceText,
  numbers: ReadonlySet<number>,
): ReadonlyMap<number, string> {
  const lines = new Map<number, string>();
  let start = text.startsWith('\ufeff') ? 1 : 0;
  for (let number = 1; lines.size < numbers.size; number++) {
    const end = text.indexOf('\n', start);
    if (numbers.has(number)) {
      lines.set(number, text.slice(start, end < 0 ? text.length : end).replace(/\r$/, ''));
    }
    if (end < 0) break;
    start = end + 1;
  }
  return lines;
}

/**
 * A source line and a line with carets under the finding's columns. Tabs stay tabs in both, so that
 * the carets stand right whatever a tab is worth; wide characters get two blanks.
 */
export function excerpt(
  line: string,
  { column, endColumn }: Pick<Finding, 'column' | 'endColumn'>,
): readonly [source: string, carets: string] {
  const long = line.length > WINDOW_COLUMNS;
  const from = long ? Math.max(0, column - 1 - LEAD_COLUMNS) : 0;
  const to = Math.min(line.length, from + WINDOW_COLUMNS);
  const before = from > 0 ? '…' : '';
  const shown = `${before}${line.slice(from, to)}${to < line.length ? '…' : ''}`;
  const first = Math.min(column - 1, line.length);
  const last = Math.min(endColumn ?? column, to + 1) - 1;
  const carets = Math.max(1, widthOf(line.slice(first, Math.max(last, first))));
  const indent = before.replace(/./g, ' ') + blanksFor(line.slice(from, first));
  return [printable(shown), indent + '^'.repeat(carets)];
}

/** As many columns of blanks as the text takes on a terminal, its tabs kept. */
function blanksFor(text: string): string {
  let blanks = '';
  for (const character of text) {
    blanks += character === '\t' ? '\t' : ' '.repeat(columnsOf(character));
  }
  return blanks;
}

function widthOf(text: string): number {
  let width = 0;
  for (const character of text) width += columnsOf(character);
  return width;
}

/**
 * Nothing for marks that join the letter before, two columns for East Asian letters and pictures.
 */
function columnsOf(character: string): number {
  if (/^[\p{M}\u200b-\u200d\u2060]$/u.test(character)) return 0;
  return wide.test(character) ? 2 : 1;
}

const wide = new RegExp(
  `^[${[
    '\\u1100-\\u115f', // Hangul syllables in parts
    '\\u2e80-\\ua4cf\\uf900-\\ufaff\\u{20000}-\\u{3fffd}', // Chinese, Japanese
    '\\uac00-\\ud7a3', // Korean
    '\\ufe30-\\ufe6f\\uff01-\\uff60\\uffe0-\\uffe6', // full-width forms
    '\\u{1f300}-\\u{1faff}', // pictures
  ].join('')}]$`,
  'u',
);
