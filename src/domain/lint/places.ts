import type { LineExtent } from '../language/line.ts';
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
 * Where a word stands in a logical line, which may go over several physical lines: the first place
 * where it is a word of its own or the name of an attribute. Letters of both cases match. Falls
 * back on the line's first word.
 */
export function wordOf(file: Sourced, line: PlacedLine, word: string): Span {
  const text = file.source.text.slice(line.start, line.end);
  const folded = text.toLowerCase();
  const wanted = word.toLowerCase();
  const comparable = folded.length === text.length && wanted.length > 0;
  for (let at = comparable ? folded.indexOf(wanted) : -1; at >= 0; ) {
    const before = at === 0 ? ' ' : text[at - 1]!;
    const after = text[at + wanted.length] ?? ' ';
    if (/[\s"=]/.test(before) && /[\s"=:\\]/.test(after)) {
      return { ...positionIn(line, text, at), endColumn: column(text, at) + wanted.length };
    }
    at = folded.indexOf(wanted, at + wanted.length);
  }
  return firstWord(file, line);
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
