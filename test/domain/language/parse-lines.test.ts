import { describe, expect, test } from 'vitest';
import { limits } from '../../../src/base/limits.ts';
import { languageNames, languages, makeSource, parseLicense, parseOptions } from './make.ts';

const kindsOf = (text: string): readonly string[] =>
  parseLicense(text).lines.map(({ kind }) => kind);

describe('lines', () => {
  test('are blank, a comment or a statement', () => {
    expect(kindsOf('\n \t\r\n# SERVER a 1\n  #\nSERVER a 1')).toEqual([
      'blank',
      'blank',
      'comment',
      'comment',
      'server',
    ]);
    expect(kindsOf('')).toEqual([]);
  });

  test('know where in the text they are, with their line ends', () => {
    expect(parseLicense('SERVER a 1\r\nVENDOR v\rUSE_SERVER').lines).toMatchObject([
      { kind: 'server', hostids: ['1'], start: 0, end: 12 },
      { kind: 'vendor', vendor: 'v', daemonPath: 'USE_SERVER', line: 2 },
    ]);
  });

  test('begin with a keyword in any case, behind any blanks', () => {
    expect(parseLicense(' \t\f\vserver a 1').lines).toMatchObject([
      { kind: 'server', at: { line: 1, column: 5 } },
    ]);
    expect(parseLicense('\ufeffSERVER a 1').lines).toMatchObject([
      { kind: 'server', at: { line: 1, column: 1 }, start: 0 },
    ]);
  });

  test('that are continued are one, and the next has the number of its own line', () => {
    const { lines } = parseLicense('SERVER a \\\n\t1 \\\r\n  27000\nVENDOR v\n');
    expect(lines).toMatchObject([
      { kind: 'server', hostids: ['1'], port: 27000, line: 1, lineCount: 3 },
      { kind: 'vendor', line: 4, lineCount: 1, at: { line: 4, column: 1 } },
    ]);
    expect(
      parseOptions('# a\n\n  group  night ana \\\n   bo\r\nTIMEOUTALL 900').lines,
    ).toMatchObject([
      { kind: 'comment', lineCount: 1 },
      { kind: 'blank', lineCount: 1 },
      { kind: 'rule', lineCount: 2, at: { line: 3, column: 3 } },
      { kind: 'rule', lineCount: 1, line: 5 },
    ]);
  });

  test('swallow what follows a backslash, whatever it is', () => {
    expect(parseLicense('VENDOR v \\\nSERVER a 1\n').lines).toMatchObject([
      { kind: 'vendor', daemonPath: 'SERVER', optionsPath: 'a', port: 1 },
    ]);
    expect(kindsOf('VENDOR v \\\n\nUSE_SERVER\n')).toEqual(['vendor', 'useServer']);
    expect(kindsOf('# why \\\nSERVER a 1')).toEqual(['comment', 'server']);
  });
});

describe('bounds', () => {
  test('a line that is too long is not read, and its neighbors are', () => {
    const long = `VENDOR v ${'x'.repeat(limits.lineCharactersMax)}`;
    const { lines, findings } = parseLicense(`SERVER a 1\n${long}\nUSE_SERVER\n`);
    expect(lines).toMatchObject([
      { kind: 'server' },
      { kind: 'unknown', firstWord: 'VENDOR' },
      { kind: 'useServer' },
    ]);
    expect(findings).toMatchObject([
      {
        rule: 'line-too-long',
        severity: 'error',
        line: 2,
        column: 1,
        message: 'expected at most 65536 characters, got 65546',
      },
    ]);
  });

  test('lines behind the last that is read are one', () => {
    const text = `${'\n'.repeat(limits.linesPerFileMax)}VENDOR v\n\nVENDOR w\n`;
    const { lines, findings } = parseLicense(text);
    expect(lines).toHaveLength(limits.linesPerFileMax + 1);
    expect(lines.at(-1)).toMatchObject({ kind: 'unknown', lineCount: 3, end: text.length });
    expect(findings).toMatchObject([{ rule: 'too-many-lines', line: limits.linesPerFileMax + 1 }]);
  });

  test('lines behind as many words as are read are one, be they words or members of lists', () => {
    const words = limits.lineCharactersMax / 2 - 100;
    const enough = Math.ceil(limits.wordsPerFileMax / words) + 1;
    for (const line of [
      `GROUP g ${'a '.repeat(words)}`,
      `PACKAGE p v COMPONENTS="${'a '.repeat(words)}"`,
    ]) {
      const text = `${line}\n`.repeat(enough + 3);
      const { lines, findings } = parseLicense(text);
      expect(lines).toHaveLength(enough);
      expect(lines.at(-1)).toMatchObject({ kind: 'unknown', lineCount: 4, end: text.length });
      expect(findings).toContainEqual(
        expect.objectContaining({ rule: 'too-many-words', severity: 'error', line: enough }),
      );
    }
  });
});

const feature = 'FEATURE f acmed 1.0 permanent 1 ';
/** A line of just under limits.lineCharactersMax: beyond it lines are not read. */
const long = (head: string, piece: string, tail = ''): string =>
  head + piece.repeat((limits.lineCharactersMax - 100) / piece.length) + tail;

/**
 * What was made to be slow. None is measured: a million characters at a square law take minutes, and
 * a test that hangs is ended.
 */
const hostile: readonly (readonly [what: string, unit: string])[] = [
  ['one long line', 'x'],
  ['one-letter words', 'a '],
  ['blanks', ' '],
  ['carriage returns', '\r'],
  ['empty lines', '\n'],
  ['NULs', '\0'],
  ['a quote that does not close', '"a '],
  ['quotes never closed', 'F "a\n'],
  ['braces never closed', 'F a={{{\n'],
  ['backslashes', '\\'],
  ['backslashes at line ends', '\\\n'],
  ['backslashes with blanks behind them', '\\ \t \r\n'],
  ['backslashes and blanks', '\\ \t'],
  ['signs', '= " # { } \\ '],
  ['beyond Latin-1', '\u20ac \u00a0\n'],
  ['a finding on each line', 'nonsense\n'],
  ['words on continued lines', long(feature, 'a\\\n')],
  ['a finding on each continued line', long(feature, 'AB=1 \\\n')],
  ['a finding on each continued line of a SERVER', long('SERVER h ANY ', 'q \\\n')],
  ['a finding on each continued line of a USE_SERVER', long('USE_SERVER ', 'q\\\n')],
  ['continuations in quotes', long(`${feature}NOTICE="`, ' \\\n', '"\n')],
  ['quotes glued to each other', long(feature, '"a"', '\n')],
  ['quotes and continuations glued to each other', long(`${feature}A=`, '"\\\n"', '\n')],
  ['blanks behind a backslash', long(`${feature}a\\`, ' ', 'x\n')],
  ['open braces', long(`${feature}AUTH=`, '{', '\n')],
  ['braces in one word', long(`${feature}AUTH={`, '{"}"}', '}\n')],
  ['equals signs', long(feature, '=', '\n')],
  ['number signs', long(feature, '#1 ', '\n')],
  ['a long decimal line', long('a-f', '-12345', 'x\n')],
  ['a long version', long('FEATURE f acmed 1.', '0', 'x permanent 1\n')],
  ['a long list of components', long('PACKAGE p acmed COMPONENTS="', 'a:1.0:2 ', '"\n')],
  ['the same attribute again and again', long(feature, 'SN=1 ', '\n')],
  ['the members of a group', long('GROUP g ', '\\\nann ', '\n')],
  ['a long selector', long('TIMEOUT "f ', ': ', 'K=1" 900\n')],
  ['characters beyond Latin-1', long(feature, '\u2003', '\n')],
];

const CHARACTERS = 2 ** 20;

describe.each(languageNames)('1 MiB in a %s file', (language) => {
  test.each(hostile)('of %s are read to the end', (_what, unit) => {
    const text = unit.repeat(Math.ceil(CHARACTERS / unit.length));
    const { lines, printed } = languages[language](makeSource(text));
    expect(lines.at(-1)?.end).toBe(text.length);
    expect(printed === text).toBe(true);
  });
});
