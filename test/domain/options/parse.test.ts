import { describe, expect, test } from 'vitest';
import { limits } from '../../../src/base/limits.ts';
import type { OptionsFile, Rule } from '../../../src/domain/options/model.ts';
import { parseOptionsFile } from '../../../src/domain/options/parse.ts';
import { printOptionsFile } from '../../../src/domain/options/print.ts';
import { decodeText, encodeText } from '../../../src/domain/text-encoding.ts';
import { corpus, expectWhole, fixtures } from '../hostile-text.ts';

const parse = (text: string): OptionsFile =>
  parseOptionsFile({ name: 'test.opt', text, encoding: 'utf-8' });

const rulesOf = ({ lines }: OptionsFile): readonly Rule[] =>
  lines.flatMap((line) => (line.kind === 'rule' ? [line.rule] : []));

const findingsOf = ({ findings }: OptionsFile): readonly string[] =>
  findings.map(({ line, column, severity, rule }) => `${line}:${column} ${severity} ${rule}`);

describe('lines of an options file', () => {
  test('are rules, comments and empty lines; continuations join', () => {
    const file = parse('# a\n\n  group  night ana \\\n   bo\r\nTIMEOUTALL 900');
    expect(file.lines.map(({ kind, lineCount }) => [kind, lineCount])).toEqual([
      ['comment', 1],
      ['blank', 1],
      ['rule', 2],
      ['rule', 1],
    ]);
    expect(rulesOf(file)).toEqual([
      { keyword: 'GROUP', name: 'night', members: ['ana', 'bo'] },
      { keyword: 'TIMEOUTALL', seconds: 900 },
    ]);
    expect(file.lines[2]).toMatchObject({ at: { line: 3, column: 3 } });
  });

  test.each([
    ['MAX 4 f USER ALL_USERS', { feature: 'f' }],
    [
      'MAX 4 f:VERSION=1.0 USER ALL_USERS',
      { feature: 'f', selector: { name: 'VERSION', value: '1.0' } },
    ],
    [
      'MAX 4 "f VERSION=1.0" USER ALL_USERS',
      { feature: 'f', selector: { name: 'VERSION', value: '1.0' } },
    ],
    ['MAX 4 "f:1 KEY=a:b c" USER x', { feature: 'f:1', selector: { name: 'KEY', value: 'a:b c' } }],
    [
      'MAX 4 "f:asset_info=9 9" USER x',
      { feature: 'f', selector: { name: 'asset_info', value: '9 9' } },
    ],
    [
      'MAX 4 f:VENDOR_STRING=vi=0:at=2 USER x',
      { feature: 'f', selector: { name: 'VENDOR_STRING', value: 'vi=0:at=2' } },
    ],
    ['MAX 4 f:1 USER x', { feature: 'f:1' }],
  ])('%s', (text, spec) => {
    const file = parse(text);
    expect(file.findings).toEqual([]);
    expect(rulesOf(file)).toMatchObject([{ keyword: 'MAX', count: 4, spec }]);
  });

  test('types are known in any case, and by their name of old', () => {
    expect(rulesOf(parse('EXCLUDEALL host h\nINCLUDEALL HostGroup g\n'))).toEqual([
      { keyword: 'EXCLUDEALL', client: { type: 'HOST', name: 'h' } },
      { keyword: 'INCLUDEALL', client: { type: 'HOST_GROUP', name: 'g' } },
    ]);
  });

  test('USER_GROUP is another word for GROUP', () => {
    expect(rulesOf(parse('USER_GROUP g a'))).toEqual([
      { keyword: 'GROUP', name: 'g', members: ['a'] },
    ]);
  });

  test('a path may have a plus before it and blanks in it', () => {
    expect(
      rulesOf(parse('DEBUGLOG "+/a b"\nREPORTLOG +/c HIDE_USER\nDEBUGLOG +"C:\\x y.log"\n')),
    ).toEqual([
      { keyword: 'DEBUGLOG', append: true, path: '/a b' },
      { keyword: 'REPORTLOG', append: true, path: '/c', hideUser: true },
      { keyword: 'DEBUGLOG', append: true, path: 'C:\\x y.log' },
    ]);
  });

  test.each([
    ['LINGER 0', '1:8 warning options-syntax'],
    ['INCLUDE f USER ana the first', '1:20 warning options-syntax'],
    ['DEBUGLOG p AUTO_ROLLOVER five', '1:12 warning options-syntax'],
    ['TIMEOUTALL 12 32', '1:15 warning options-syntax'],
  ])('%s is in force, with a warning', (text, finding) => {
    const file = parse(text);
    expect(findingsOf(file)).toEqual([finding]);
    expect(rulesOf(file)).toHaveLength(1);
  });

  test.each([
    ['EXCLUDE f BAD x', '1:11 error options-syntax'],
    ['EXCLUDE f USER', '1:15 error options-syntax'],
    ['GROUP g', '1:8 error options-syntax'],
    ['MAX nan f USER x', '1:5 error options-syntax'],
    ['MAX 99999999999 f USER x', '1:5 error options-syntax'],
    ['MAX 4 f: USER x', undefined],
    ['MAX 4 :K=v USER x', '1:7 error options-syntax'],
    ['REPORTLOG +', '1:11 error options-syntax'],
    ['NOLOG BAD', '1:7 error options-syntax'],
    ['EXCLUDE_ENTITLEMENT e PROJECT p', '1:23 error options-syntax'],
    ['FOO 1', '1:1 error options-unknown-keyword'],
    ['GROUP g "a', '1:9 error unterminated-quote'],
    ['GROUP g\u00a0a b', '1:8 error non-ascii-space'],
  ])('%s', (text, finding) => {
    const file = parse(text);
    expect(findingsOf(file)).toEqual(finding === undefined ? [] : [finding]);
    expect(file.lines[0]?.kind).toBe(finding === undefined ? 'rule' : 'unknown');
  });

  test('a finding says what was expected, and how to write the line', () => {
    const [finding] = parse('RESERVE two f USER x').findings;
    expect(finding).toMatchObject({
      message: 'RESERVE: expected COUNT, got "two"',
      fix: 'write RESERVE COUNT FEATURE[:KEYWORD=VALUE] TYPE NAME',
      endColumn: 12,
    });
  });

  test('a group of all the names that a line can hold is read', () => {
    const names = Array.from({ length: 10_000 }, (_, index) => `u${index}`);
    expect(rulesOf(parse(`GROUP g ${names.join(' ')}`))).toEqual([
      { keyword: 'GROUP', name: 'g', members: names },
    ]);
    const long = parse(`GROUP g ${'u '.repeat(limits.lineCharactersMax)}`);
    expect(findingsOf(long)).toEqual(['1:1 error line-too-long']);
  });
});

const real = corpus('options-files');
const ours = fixtures('options', /\.opt$/);

describe.each([
  ['of our own', ours],
  ['of the corpus', real],
])('options files %s', (_, files) => {
  test.each(files.map((file) => [file.name, file] as const))(
    '%s survives reading',
    (name, file) => {
      const parsed = parseOptionsFile(decodeText(name, file.bytes));
      expectWhole(parsed);
      const bytes = encodeText(printOptionsFile(parsed), parsed.source.encoding);
      expect(Buffer.compare(bytes, file.bytes)).toBe(0);
      if (name === 'licscanner-lines-rejected.opt') return;
      expect(findingsOf(parsed).filter((finding) => finding.includes(' error '))).toEqual([]);
    },
  );

  test('are there, or the reason why not is said', () => {
    if (files.length === 0) console.log('no corpus beside the repository: real files not read');
    expect(ours.length).toBeGreaterThan(30);
  });
});

describe.runIf(real.length > 0)('lines that a strict parser tells apart', () => {
  const named = (name: string): OptionsFile => {
    const file = real.find((each) => each.name === name)!;
    return parseOptionsFile(decodeText(name, file.bytes));
  };

  test('each rejected one has a finding', () => {
    const { lines, findings } = named('licscanner-lines-rejected.opt');
    const statements = lines.filter(({ kind }) => kind === 'rule' || kind === 'unknown');
    expect(statements.length).toBeGreaterThan(60);
    const found = new Set(findings.map(({ line }) => line));
    expect(statements.filter(({ line }) => !found.has(line))).toEqual([]);
  });

  test('each accepted one is a rule', () => {
    const { lines } = named('licscanner-lines-accepted.opt');
    expect(lines.filter(({ kind }) => kind === 'unknown')).toEqual([]);
    expect(lines.filter(({ kind }) => kind === 'rule')).toHaveLength(107);
  });
});
