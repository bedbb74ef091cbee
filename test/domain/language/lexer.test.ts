import { describe, expect, test } from 'vitest';
import { limits } from '../../../src/base/limits.ts';
import { type Language, Lexer } from '../../../src/domain/language/lexer.ts';
import type { LogicalLine } from '../../../src/domain/language/logical-line.ts';

/** Each logical line as its kind, its number of physical lines, and its words. */
function linesOf(text: string): readonly unknown[] {
  const lexer = new Lexer(text, 'license');
  const lines: unknown[] = [];
  while (lexer.next()) {
    const { kind, lineCount, wordCount } = lexer.current;
    const words = Array.from({ length: wordCount }, (_, index) => lexer.current.word(index));
    lines.push([kind, lineCount, ...words]);
  }
  return lines;
}

/** The lexer at the first line of a text. */
function firstLine(text: string, language: Language = 'license'): LogicalLine {
  const lexer = new Lexer(text, language);
  lexer.next();
  return lexer.current;
}

describe('logical lines', () => {
  test('words stand between blanks and tabs; the last line needs no line end', () => {
    expect(linesOf('a  b\tc \n\n d')).toEqual([
      ['statement', 1, 'a', 'b', 'c'],
      ['blank', 1],
      ['statement', 1, 'd'],
    ]);
    expect(linesOf('')).toEqual([]);
  });

  test('line feeds and carriage returns may be mixed', () => {
    expect(linesOf('a\r\nb\nc \r\n \t\r\n')).toEqual([
      ['statement', 1, 'a'],
      ['statement', 1, 'b'],
      ['statement', 1, 'c'],
      ['blank', 1],
    ]);
  });

  test('a lone carriage return, a form feed and a vertical tab are blanks', () => {
    expect(linesOf(' \t\f\va\rb\fc\r')).toEqual([['statement', 1, 'a', 'b', 'c']]);
  });

  test('a NUL is a letter like others', () => {
    expect(linesOf('a\0b \0')).toEqual([['statement', 1, 'a\0b', '\0']]);
  });

  test('a backslash at the end joins lines, also with blanks or a comment behind it', () => {
    expect(linesOf('a \\\nb \\ \t\r\n\tc \\  # why\nd\ne')).toEqual([
      ['statement', 4, 'a', 'b', 'c', 'd'],
      ['statement', 1, 'e'],
    ]);
  });

  test('a continuation separates words even where no blank does', () => {
    expect(linesOf('a 5\\\nb=c')).toEqual([['statement', 2, 'a', '5', 'b=c']]);
  });

  test('a backslash elsewhere is a character, as in Windows paths', () => {
    expect(linesOf('C:\\dir\\x.exe \\n\\ y')).toEqual([
      ['statement', 1, 'C:\\dir\\x.exe', '\\n\\', 'y'],
    ]);
  });

  test('a continuation at the end of the file joins nothing', () => {
    expect(linesOf('a \\')).toEqual([['statement', 1, 'a']]);
    expect(linesOf('a \\\n')).toEqual([['statement', 1, 'a']]);
    expect(linesOf('a \\\n\nb')).toEqual([
      ['statement', 2, 'a'],
      ['statement', 1, 'b'],
    ]);
    expect(firstLine('a \\')).toMatchObject({ lineCount: 1, end: 3 });
    expect(firstLine('a \\\n')).toMatchObject({ lineCount: 1, end: 4 });
  });

  test('a comment is a line that begins with #, and what follows # between words', () => {
    expect(linesOf('# a \\\n  #12\na # b\na#b')).toEqual([
      ['comment', 1],
      ['comment', 1],
      ['statement', 1, 'a'],
      ['statement', 1, 'a#b'],
    ]);
  });

  test('# before digits, behind the first word, is a decimal host id', () => {
    expect(linesOf('SERVER h #439041101 27000 # comment')).toEqual([
      ['statement', 1, 'SERVER', 'h', '#439041101', '27000'],
    ]);
  });

  test('quotes hold blanks, #, = and backslashes; they are no part of the word', () => {
    expect(linesOf('a "b c" d="e # f" "g=h" i"j k"l "m\\n"')).toEqual([
      ['statement', 1, 'a', 'b c', 'd=e # f', 'g=h', 'ij kl', 'm\\n'],
    ]);
  });

  test('a continuation inside quotes is one blank, whatever blanks are around it', () => {
    expect(linesOf('a=" \\\n   401, 402"')).toEqual([['statement', 2, 'a= 401, 402']]);
    expect(linesOf('a="00AA \\\n\t11BB\\\n22CC \\ \r\n 33DD"')).toEqual([
      ['statement', 4, 'a=00AA 11BB22CC 33DD'],
    ]);
    expect(linesOf('a="b \\\n\tc"')).toEqual([['statement', 2, 'a=b c']]);
    expect(linesOf('a="b\\\n   c"')).toEqual([['statement', 2, 'a=b c']]);
    expect(linesOf('a=" \\\r\n  b \\ \r\n \\\n c"')).toEqual([['statement', 4, 'a= b c']]);
    expect(linesOf('a="12\\\n34"')).toEqual([['statement', 2, 'a=1234']]);
    expect(linesOf('a=b"c \\\n d"')).toEqual([['statement', 2, 'a=bc d']]);
  });

  test('braces behind = are one word with all that is in them, but not in an options file', () => {
    const text = 'a b={ c="d }" e=( f ) { g } } h';
    expect(linesOf(text)).toEqual([['statement', 1, 'a', 'b={ c="d }" e=( f ) { g } }', 'h']]);
    expect(firstLine(text, 'options').word(1)).toBe('b={');
  });

  test('quotes and braces end at the latest with the line', () => {
    const lexer = new Lexer('a "b c\nd e={ f\ng', 'license');
    const opened: number[] = [];
    while (lexer.next()) opened.push(lexer.current.unterminatedAt);
    expect(opened).toEqual([2, 11, -1]);
  });

  test('a byte-order mark is no part of the first word, and takes no column', () => {
    const line = firstLine('\ufeffa b');
    expect(line.word(0)).toBe('a');
    expect(line.place(0)).toEqual({ line: 1, column: 1, endColumn: 2 });
    expect(line.place(1)).toEqual({ line: 1, column: 3, endColumn: 4 });
    expect(line.place(2)).toEqual({ line: 1, column: 4 });
  });

  test('a byte-order mark where none belongs is a letter that looks like a blank', () => {
    const lexer = new Lexer('a\n\ufeffb', 'license');
    lexer.next();
    lexer.next();
    expect([lexer.current.word(0), lexer.current.wideBlankAt]).toEqual(['\ufeffb', 2]);
  });

  test.each([
    ['a non-breaking space', '\u00a0'],
    ['a next-line character', '\u0085'],
    ['a space of another width', '\u2003'],
    ['a space of no width', '\u200b'],
    ['an ideographic space', '\u3000'],
  ])('%s is a letter, and noted outside quotes', (_what, blank) => {
    const line = firstLine(`a b${blank}c`);
    expect([line.word(1), line.wideBlankAt]).toEqual([`b${blank}c`, 3]);
    expect(firstLine(`a "b${blank}c"`)).toMatchObject({ wideBlankAt: -1, wordCount: 2 });
  });

  test('columns count UTF-16 units, a tab as one, from each physical line of its own', () => {
    const line = firstLine('\ta é\u{1d11e}b \\\r\n\t c="\\\n d"e f\n');
    const places = Array.from({ length: line.wordCount + 1 }, (_, index) => line.place(index));
    expect(places).toEqual([
      { line: 1, column: 2, endColumn: 3 },
      { line: 1, column: 4, endColumn: 8 },
      // It goes over the end of its line.
      { line: 2, column: 3 },
      { line: 3, column: 6, endColumn: 7 },
      { line: 3, column: 7 },
    ]);
  });

  test('names and values are on both sides of the first = outside quotes', () => {
    const line = firstLine('a=b=c "d=e" f= =g "lo\\\n wer"=x "up=per"=y "a b"={ c }');
    const words = Array.from({ length: line.wordCount }, (_, i) => [line.name(i), line.value(i)]);
    expect(words).toEqual([
      ['a', 'b=c'],
      ['d=e', undefined],
      ['f', ''],
      ['', 'g'],
      ['lo wer', 'x'],
      ['up=per', 'y'],
      ['a b', '{ c }'],
    ]);
  });

  test('characters beyond Latin-1 are read like others', () => {
    expect(linesOf('a "\u20ac \\\n x" \u4e2d=\u6587\n')).toEqual([
      ['statement', 2, 'a', '\u20ac x', '\u4e2d=\u6587'],
    ]);
  });

  test('a line that is too long is found whole and not read', () => {
    const long = `a ${'b '.repeat(limits.lineCharactersMax)}\\\nc "d`;
    const lexer = new Lexer(`${long}\ne`, 'license');
    lexer.next();
    expect(lexer.current).toMatchObject({ kind: 'tooLong', lineCount: 2, end: long.length + 1 });
    expect(lexer.next() && lexer.current.word(0)).toBe('e');
  });

  test('a line is too long together with its continuations', () => {
    const long = `GROUP g ${'\\\n ann'.repeat(limits.lineCharactersMax / 6)} \\\n ben\n`;
    const lexer = new Lexer(`${long}e`, 'options');
    lexer.next();
    expect(lexer.current).toMatchObject({ kind: 'tooLong', end: long.length });
    expect(lexer.current.word(0)).toBe('GROUP');
    expect(lexer.next() && lexer.current.word(0)).toBe('e');
  });

  test('a line of as many characters as are read is read', () => {
    const line = `a ${'b'.repeat(limits.lineCharactersMax - 3)}\n`;
    expect(line).toHaveLength(limits.lineCharactersMax);
    expect(firstLine(line)).toMatchObject({ kind: 'statement', wordCount: 2 });
    expect(firstLine(`c${line}`).kind).toBe('tooLong');
  });

  test('lines beyond the limit are one rest', () => {
    const lexer = new Lexer('\n'.repeat(limits.linesPerFileMax + 5), 'license');
    let count = 0;
    while (lexer.next()) count++;
    expect(count).toBe(limits.linesPerFileMax + 1);
    expect(lexer.current).toMatchObject({ line: limits.linesPerFileMax + 6 });
  });
});
