import type { Line } from './line.ts';
import { takeLine } from './lines.ts';
import { Outline } from './outline.ts';
import {
  type ParsedLmstat,
  UNEXPLAINED_CHARACTERS,
  UNEXPLAINED_MAX,
  type UnexplainedLine,
} from './parsed.ts';

/** A longer line is none of lmstat's: a license line and with it a vendor string has at most 64 KiB. */
const LINE_CHARACTERS_MAX = 128 * 1024;

/**
 * Reads what any release of lmstat prints, for any of its flags and on any system: servers, vendor daemons,
 * features with their pools, users, reservations and waiting users, errors, and the table of -i. Never
 * throws; a line that has no place is in `unexplained`. Takes time in proportion to the text's length, keeps
 * nothing between calls, and needs nothing but the language: it works in a browser.
 *
 * The dialect need not be told. Blank lines, indents and line ends do not matter, so text that went through
 * a mail or a document is read, too.
 */
export function parseLmstat(text: string): ParsedLmstat {
  const outline = new Outline();
  const unexplained: UnexplainedLine[] = [];
  let unexplainedCount = 0;
  for (const line of linesOf(typeof text === 'string' ? text : '')) {
    if (line.text === '') {
      if (outline.part === 'note') outline.part = 'head';
      continue;
    }
    if (line.whole.length <= LINE_CHARACTERS_MAX && takeLine(line, outline)) continue;
    unexplainedCount += 1;
    if (unexplained.length === UNEXPLAINED_MAX) continue;
    unexplained.push({ line: line.number, text: line.whole.slice(0, UNEXPLAINED_CHARACTERS) });
  }
  return outline.finish({ unexplained, unexplainedCount });
}

function* linesOf(text: string): Generator<Line> {
  // A byte order mark, which programs of Windows put first.
  let start = text.startsWith('\uFEFF') ? 1 : 0;
  for (let number = 1; start < text.length; number++) {
    const newline = text.indexOf('\n', start);
    const next = newline < 0 ? text.length : newline;
    let end = next;
    while (end > start && text[end - 1] === '\r') end--;
    const whole = text.slice(start, end);
    const fromFirst = whole.trimStart();
    const isIndented = fromFirst.length < whole.length;
    yield { number, text: fromFirst.trimEnd(), whole: fromFirst, isIndented };
    start = next + 1;
  }
}
