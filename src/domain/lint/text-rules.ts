import type { AnyFile, LintRule, Spot } from './model.ts';
import { firstWord, positionIn, spot } from './places.ts';

type AnyLine = AnyFile['lines'][number];

/**
 * What word processors and mail programs put for what was typed. U+0091 to U+0097 are Windows-1252
 * read as Latin-1.
 */
const typographic = new Map<string, string>([
  ...[...'\u201c\u201d\u201e\u201f\u00ab\u00bb\u2033\u0093\u0094'].map((c) => [c, '"'] as const),
  ...[...'\u2018\u2019\u201a\u201b\u2032\u0091\u0092'].map((c) => [c, "'"] as const),
  ...[...'\u2010\u2011\u2012\u2013\u2014\u2015\u2212\u0096\u0097'].map((c) => [c, '-'] as const),
  ...[...'\u00ad\u200c\u200d\u2060'].map((c) => [c, ''] as const),
]);
const typographicPattern = new RegExp(`[${[...typographic.keys()].join('')}]`);

const PHYSICAL_LINE_CHARACTERS_OLD = 2_048;
const OPTIONS_LINE_CHARACTERS = 4_000;

/** Kinds of line long enough to be broken. */
const mayGoOn = /^(?:feature|package|upgrade)$/;

/** Words that start a line of its own; after a backslash they were swallowed. */
const swallowedStatement =
  /\n[ \t]*(SERVER|VENDOR|DAEMON|USE_SERVER|FEATURE|INCREMENT|PACKAGE|UPGRADE)[ \t]+\S+[ \t]+\S/;

/** Rules about the text itself: what mail programs, editors and copying do to it. */
export const textRules: readonly LintRule[] = [
  {
    id: 'smart-quotes',
    severity: 'error',
    summary: 'a typographic quote, dash or invisible character',
    why:
      'The file went through a word processor or a mail program. To a license manager these are ' +
      'letters: the text is not quoted, the date is not a date, the signature does not fit.',
    fix: "Save the vendor's attachment itself, or type the character anew in a plain-text editor.",
    flexnetCode: -2,
    source: "vendors' installation pages on pasted license files",
    text: typographicSpots,
  },
  {
    id: 'continuation-trailing-space',
    severity: 'warning',
    summary: 'blanks after a backslash at the end of a line',
    why:
      'A backslash continues a line when it is the very last character. With a blank after it, ' +
      'some versions end the line there and check a signature over half of the text.',
    fix: 'Delete the blanks at the ends of the lines.',
    flexnetCode: -8,
    source: "End User Guide v10, App. B; a forum's file whose keys were refused",
    *text(file) {
      for (const line of file.lines) {
        if (line.lineCount === 1 || !isStatement(line)) continue;
        const text = file.source.text.slice(line.start, line.end);
        const blank = /\\[ \t]+\r?\n/.exec(text);
        if (!blank) continue;
        const count = (text.match(/\\[ \t]+\r?\n/g) ?? []).length;
        const on = count === 1 ? '' : ` here and on ${count - 1} more of its lines`;
        const message = `expected the line's end after the backslash, got blanks${on}`;
        yield at(file, line, text, blank.index + 1, message);
      }
    },
  },
  {
    id: 'continuation-swallows-line',
    severity: 'error',
    summary: 'a backslash joins the next statement',
    why:
      'The line before ends in a backslash, so this one is read as part of it and is no ' +
      'statement of its own. Usually the tail of the line before was lost.',
    fix: 'Restore what is missing above, or delete the backslash.',
    source: 'End User Guide v10, App. B',
    *license({ file }) {
      for (const line of file.lines) {
        if (line.lineCount === 1 || !isStatement(line)) continue;
        const text = file.source.text.slice(line.start, line.end);
        const swallowed = swallowedStatement.exec(text);
        if (!swallowed) continue;
        const keyword = swallowed[1]!;
        const from = swallowed.index + swallowed[0].indexOf(keyword);
        yield at(file, line, text, from, `expected the rest of line ${line.line}, got ${keyword}`);
      }
    },
  },
  {
    id: 'missing-continuation',
    severity: 'error',
    summary: 'the rest of a broken line stands alone',
    why:
      'A mail program or editor broke the line above and no backslash joins the parts: the line ' +
      'above lost attributes, and this one means nothing.',
    fix: 'Write a backslash at the end of the line above, or join the two.',
    flexnetCode: -8,
    source: 'End User Guide v10, App. B',
    insteadOf: ['unknown-keyword', 'unknown-line', 'unknown-statement', 'decimal-line'],
    *license({ file }) {
      let broken: AnyLine | undefined;
      for (const line of file.lines) {
        if (line.kind !== 'unknown') {
          broken = mayGoOn.test(line.kind) ? line : undefined;
        } else if (broken && isRemainder(line.firstWord)) {
          const message =
            'expected a keyword, ' + `got ${line.firstWord} as if line ${broken.line} went on`;
          yield spot(file, firstWord(file, line), message);
        }
      }
    },
  },
  {
    id: 'long-physical-line',
    severity: 'info',
    summary: `a physical line of more than ${PHYSICAL_LINE_CHARACTERS_OLD} characters`,
    why: 'Older license managers read a physical line into a buffer of this size, no more.',
    fix: 'Break the line with backslashes at its blanks.',
    source: 'unverified: a limit of 2048 is often quoted for license lines',
    *license({ file }) {
      for (const line of file.lines) {
        if (!isStatement(line) || line.end - line.start <= PHYSICAL_LINE_CHARACTERS_OLD) continue;
        const text = file.source.text.slice(line.start, line.end);
        let offset = 0;
        for (const each of text.split('\n')) {
          if (each.length > PHYSICAL_LINE_CHARACTERS_OLD) {
            const message =
              `expected at most ${PHYSICAL_LINE_CHARACTERS_OLD} characters, ` +
              `got ${each.length}`;
            yield at(file, line, text, offset, message);
            break;
          }
          offset += each.length + 1;
        }
      }
    },
  },
  {
    id: 'long-options-line',
    severity: 'warning',
    summary: `an options line of more than ${OPTIONS_LINE_CHARACTERS} characters`,
    why:
      `A vendor daemon reads ${OPTIONS_LINE_CHARACTERS} characters of an options line, those ` +
      'behind continuations included. What stands behind is not in force.',
    fix: 'Split the line: repeated GROUP and HOST_GROUP lines of one name add up.',
    source: 'LAG, "Managing the Options File"',
    *options({ file, rules }) {
      for (const line of rules) {
        const characters = line.end - line.start;
        if (characters <= OPTIONS_LINE_CHARACTERS) continue;
        const message = `expected at most ${OPTIONS_LINE_CHARACTERS} characters, got ${characters}`;
        yield spot(file, firstWord(file, line), message);
      }
    },
  },
  {
    id: 'missing-final-newline',
    severity: 'info',
    summary: 'the last line has no line end',
    why: 'Some license managers read only lines that end, and lose the last one.',
    fix: 'Add a line end after the last line.',
    source: "vendors' installation pages",
    *text(file) {
      const { text } = file.source;
      const last = file.lines.at(-1);
      if (!last || text === '' || text.endsWith('\n')) return;
      const own = text.slice(last.start, last.end);
      if (own.trim() === '') return;
      const message = 'expected a line end after the last line, got the end of the file';
      yield at(file, last, own, own.length, message);
    },
  },
];

function isStatement(line: AnyLine): boolean {
  return line.kind !== 'comment' && line.kind !== 'blank' && line.kind !== 'unknown';
}

/** `offset` counts from the line's start; `text` is the line's own. */
function at(file: AnyFile, line: AnyLine, text: string, offset: number, message: string): Spot {
  return spot(file, positionIn(line, text, offset), message);
}

/**
 * Outside comments; inside straight quotes an apostrophe or a dash is only text. One spot a line.
 */
function* typographicSpots(file: AnyFile): Iterable<Spot> {
  if (file.source.text.search(typographicPattern) < 0) return;
  for (const line of file.lines) {
    if (line.kind === 'comment' || line.kind === 'blank') continue;
    const text = file.source.text.slice(line.start, line.end);
    const offset = firstUnquoted(text);
    if (offset < 0) continue;
    const character = text.charAt(offset);
    const code = `U+${character.charCodeAt(0).toString(16).toUpperCase().padStart(4, '0')}`;
    const typed = typographic.get(character);
    const place = positionIn(line, text, offset);
    const message = `expected ${typed || 'nothing'}, got ${code}`;
    const fix = typed ? `Type ${typed} there.` : `Delete ${code}.`;
    yield spot(file, { ...place, endColumn: place.column + 1 }, message, fix);
  }
}

/** The offset of the first typographic character outside straight quotes, or -1. */
function firstUnquoted(text: string): number {
  let quoted = false;
  for (let i = 0; i < text.length; i++) {
    const character = text.charAt(i);
    if (character === '"') quoted = !quoted;
    else if (!quoted && typographic.has(character)) return i;
  }
  return -1;
}

/** `NAME=...`, a group of hex digits, or the end of quoted text. */
function isRemainder(word: string): boolean {
  return /^(?:[A-Za-z][\w.]*=|[0-9A-F]{4}(?:"|$)|[0-9A-F]{12,}$)/.test(word);
}
