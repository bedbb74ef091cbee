import { Lexer } from '../language/lexer.ts';
import type { LineExtent } from '../language/line.ts';
import type { LogicalLine } from '../language/logical-line.ts';
import type { ClientSpec, FeatureSpec, Rule } from '../options/model.ts';
import type { Position, SourceText } from '../source.ts';
import type { Span, Spot } from './model.ts';

interface Sourced {
  readonly source: SourceText;
}

type PlacedLine = Pick<LineExtent, 'start' | 'end' | 'line'> & { readonly at: Position };

/** A spot on a place that is already known. */
export function spot(file: Sourced, span: Span, message: string, fix?: string): Spot {
  const { line, column, endColumn } = span;
  return {
    file: file.source.name,
    line,
    column,
    ...(endColumn === undefined ? {} : { endColumn }),
    message,
    ...(fix === undefined ? {} : { fix }),
  };
}

/** The first word of a line, which says what kind of line it is. */
export function firstWord(file: Sourced, line: PlacedLine): Span {
  const from = offsetOf(file, line);
  const length = /^[^\s\\]*/.exec(file.source.text.slice(from, line.end))?.[0].length ?? 0;
  return { ...line.at, endColumn: line.at.column + Math.max(length, 1) };
}

/**
 * Where a word stands in a logical line, which may go over several physical lines: the first place,
 * from the word at `index` on, where it is a word of its own or the name of an attribute. Letters of
 * both cases match. Falls back on the line's first word.
 */
export function wordOf(file: Sourced, line: PlacedLine, word: string, index = 0): Span {
  const text = file.source.text.slice(line.start, line.end);
  const folded = text.toLowerCase();
  const wanted = word.toLowerCase();
  const comparable = folded.length === text.length && wanted.length > 0;
  const from = index === 0 ? 0 : wordsOf(text).wordStart(index);
  for (let at = comparable ? folded.indexOf(wanted, from) : -1; at >= 0; ) {
    const before = at === 0 ? ' ' : text[at - 1]!;
    const after = text[at + wanted.length] ?? ' ';
    if (/[\s"=]/.test(before) && /[\s"=:\\]/.test(after)) {
      return { ...positionIn(line, text, at), endColumn: column(text, at) + wanted.length };
    }
    at = folded.indexOf(wanted, at + wanted.length);
  }
  return firstWord(file, line);
}

/** Where the name of an attribute stands, such as BORROW of `BORROW=72`; in any case. */
export function attributePlace(file: Sourced, line: PlacedLine, name: string): Span {
  const index = attributeIndex(wordsOf(file.source.text.slice(line.start, line.end)), name);
  return index < 0 ? firstWord(file, line) : wordOf(file, line, name, index);
}

/** Where a component of a package is named. */
export function componentPlace(file: Sourced, line: PlacedLine, name: string): Span {
  const words = wordsOf(file.source.text.slice(line.start, line.end));
  return wordOf(file, line, name, Math.max(attributeIndex(words, 'COMPONENTS'), 0));
}

function attributeIndex(words: LogicalLine, name: string): number {
  for (let index = 1; index < words.wordCount; index++) {
    const bare = words.value(index) === undefined;
    if (words.name(index).toUpperCase() !== name.toUpperCase()) continue;
    // A positional field may have the name of an attribute.
    if (!bare || index > 2) return index;
  }
  return -1;
}

/** Where the client of an options line is named: behind its type. */
export function clientPlace(file: Sourced, line: PlacedLine, { type, name }: ClientSpec): Span {
  const words = wordsOf(file.source.text.slice(line.start, line.end));
  for (let index = 1; index + 1 < words.wordCount; index++) {
    const typed = words.word(index).toUpperCase().replace('HOSTGROUP', 'HOST_GROUP') === type;
    if (typed && words.word(index + 1) === name) return wordOf(file, line, name, index + 1);
  }
  return firstWord(file, line);
}

/** Where the feature of an options line is named. */
export function featurePlace(
  file: Sourced,
  line: PlacedLine & { readonly rule: Rule },
  { feature }: FeatureSpec,
): Span {
  const { keyword } = line.rule;
  // These have their count first.
  return wordOf(file, line, feature, keyword === 'MAX' || keyword === 'RESERVE' ? 2 : 1);
}

/** The last word of a line, where most options have their number. */
export function lastWord(file: Sourced, line: PlacedLine): Span {
  const text = file.source.text.slice(line.start, line.end);
  const words = wordsOf(text);
  const at = words.wordStart(words.wordCount - 1);
  const place = positionIn(line, text, at);
  return { ...place, endColumn: place.column + words.wordEnd(words.wordCount - 1) - at };
}

/** The words of a line's own text. */
function wordsOf(text: string): LogicalLine {
  // Braces of a license attribute are of no matter here: what is asked for stands before them.
  const lexer = new Lexer(text, 'options');
  lexer.next();
  return lexer.current;
}

/** Line and column of an offset into a line's own text. */
export function positionIn(line: Pick<LineExtent, 'line'>, text: string, offset: number): Position {
  let down = 0;
  for (let at = text.indexOf('\n'); at >= 0 && at < offset; at = text.indexOf('\n', at + 1)) down++;
  return { line: line.line + down, column: column(text, offset) };
}

/** Columns count from 1, and not a byte-order mark, as in editors. */
function column(text: string, offset: number): number {
  if (offset === 0) return 1;
  const before = text.lastIndexOf('\n', offset - 1);
  return offset - before - (before < 0 && text.startsWith('\ufeff') ? 1 : 0);
}

/** The offset of a line's first word in the whole text. */
function offsetOf(file: Sourced, line: PlacedLine): number {
  let from = line.start;
  for (let down = line.at.line - line.line; down > 0; down--) {
    from = file.source.text.indexOf('\n', from) + 1;
  }
  // A byte-order mark has no column.
  const marked = from === 0 && file.source.text.startsWith('\ufeff');
  return from + line.at.column - (marked ? 0 : 1);
}
