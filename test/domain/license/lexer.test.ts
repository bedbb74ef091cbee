import { describe, expect, test } from 'vitest';
import { limits } from '../../../src/base/limits.ts';
import { Lexer } from '../../../src/domain/language/lexer.ts';

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
    expect(linesOf('a\r\nb\nc \r\n')).toEqual([
      ['statement', 1, 'a'],
      ['statement', 1, 'b'],
      ['statement', 1, 'c'],
    ]);
  });

  test('a backslash at the end joins lines, also with blanks or a comment behind it', () => {
    expect(linesOf('a \\\nb \\  \r\n\tc \\  # why\nd\ne')).toEqual([
      ['statement', 4, 'a', 'b', 'c', 'd'],
      ['statement', 1, 'e'],
    ]);
  });

  test('a continuation separates words even where no blank does', () => {
    expect(linesOf('a 5\\\nb=c')).toEqual([['statement', 2, 'a', '5', 'b=c']]);
  });

  test('a backslash elsewhere is a character, as in Windows paths', () => {
    expect(linesOf('C:\\dir\\x.exe \\n')).toEqual([['statement', 1, 'C:\\dir\\x.exe', '\\n']]);
  });

  test('a continuation at the end of the file joins nothing', () => {
    expect(linesOf('a \\')).toEqual([['statement', 1, 'a']]);
    expect(linesOf('a \\\n')).toEqual([['statement', 1, 'a']]);
    expect(linesOf('a \\\n\nb')).toEqual([
      ['statement', 2, 'a'],
      ['statement', 1, 'b'],
    ]);
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
    expect(linesOf('a="b \\\n\tc"')).toEqual([['statement', 2, 'a=b c']]);
    expect(linesOf('a="b\\\n   c"')).toEqual([['statement', 2, 'a=b c']]);
    expect(linesOf('a=" \\\r\n  b \\ \r\n \\\n c"')).toEqual([['statement', 4, 'a= b c']]);
    expect(linesOf('a="12\\\n34"')).toEqual([['statement', 2, 'a=1234']]);
    expect(linesOf('a=b"c \\\n d"')).toEqual([['statement', 2, 'a=bc d']]);
  });

  test('braces behind = are one word with all that is in them', () => {
    expect(linesOf('a b={ c="d }" e=( f ) { g } } h')).toEqual([
      ['statement', 1, 'a', 'b={ c="d }" e=( f ) { g } }', 'h'],
    ]);
  });

  test('quotes and braces end at the latest with the line', () => {
    const lexer = new Lexer('a "b c\nd e={ f\ng', 'license');
    const opened: number[] = [];
    while (lexer.next()) opened.push(lexer.current.unterminatedAt);
    expect(opened).toEqual([2, 11, -1]);
  });

  test('a byte-order mark is no part of the first word, and takes no column', () => {
    const lexer = new Lexer('\ufeffa b', 'license');
    lexer.next();
    expect(lexer.current.word(0)).toBe('a');
    expect(lexer.current.place(1)).toEqual({ line: 1, column: 3, endColumn: 4 });
  });

  test('names and values are on both sides of the first = outside quotes', () => {
    const lexer = new Lexer('a=b=c "d=e" f= =g', 'license');
    lexer.next();
    const { current } = lexer;
    expect([0, 1, 2, 3].map((index) => [current.name(index), current.value(index)])).toEqual([
      ['a', 'b=c'],
      ['d=e', undefined],
      ['f', ''],
      ['', 'g'],
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

  test('lines beyond the limit are one rest', () => {
    const lexer = new Lexer('\n'.repeat(limits.linesPerFileMax + 5), 'license');
    let count = 0;
    while (lexer.next()) count++;
    expect(count).toBe(limits.linesPerFileMax + 1);
    expect(lexer.current).toMatchObject({ line: limits.linesPerFileMax + 6 });
  });
});
