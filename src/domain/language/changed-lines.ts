import { KnownError } from '../../base/errors.ts';
import { BYTE_ORDER_MARK } from './characters.ts';
import type { LineExtent, LineFile } from './line.ts';

/**
 * The text of a file: lines as they were read give their exact characters, changed ones what
 * `print` gives, with the line end of what they replace.
 */
export function printLines<L extends LineExtent>(
  { source: { text }, lines }: Pick<LineFile<L>, 'source' | 'lines'>,
  print: (line: L) => string,
): string {
  let printed = '';
  let kept = 0;
  for (const line of lines) {
    if (!line.changed) continue;
    const lineEnd = lineEndOf(line, text);
    const own = print(line).replaceAll('\n', lineEnd || '\n');
    printed += text.slice(kept, behindMark(line, text)) + own + lineEnd;
    kept = line.end;
  }
  return printed + text.slice(kept);
}

/**
 * The extent that a line takes over when it is put in place of the line at `index`; positions of
 * the lines behind it stay those of the text that was read.
 * @throws KnownError with `code` if the file has no such line.
 */
export function changedExtent(
  { source, lines }: Pick<LineFile<LineExtent>, 'source' | 'lines'>,
  index: number,
  code: 'LICENSE_SYNTAX' | 'OPTIONS_SYNTAX',
): LineExtent & { readonly changed: true } {
  const replaced = lines[index];
  if (!replaced) {
    throw new KnownError(
      code,
      `${source.name}: expected the index of one of ${lines.length} lines, got ${index}`,
      { index },
    );
  }
  const { start, end, line, lineCount } = replaced;
  return { start, end, line, lineCount, changed: true };
}

/** Where a line's own characters begin: a byte-order mark before them is the file's, and stays. */
function behindMark(line: LineExtent, text: string): number {
  const marked = line.start === 0 && text.charCodeAt(0) === BYTE_ORDER_MARK;
  return marked ? 1 : line.start;
}

function lineEndOf({ start, end }: LineExtent, text: string): string {
  if (end === start || text[end - 1] !== '\n') return '';
  return end - 1 > start && text[end - 2] === '\r' ? '\r\n' : '\n';
}
