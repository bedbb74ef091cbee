import { describe, expect, test } from 'vitest';
import type { Rule } from '../../../src/domain/options/model.ts';
import { optionsFindings, parseOptions } from '../language/make.ts';

/** The rule of the only line, or undefined. */
function ruleOf(text: string): Rule | undefined {
  const [line] = parseOptions(text).lines;
  return line?.kind === 'rule' ? line.rule : undefined;
}

describe('a line of an options file', () => {
  test('is blank, a comment, a rule, or unknown', () => {
    const { lines, findings } = parseOptions('# why\n\n  NOLOG IN \\\n\n\tAUTO_REREAD OFF\n');
    expect(lines).toMatchObject([
      { kind: 'comment', line: 1 },
      { kind: 'blank', line: 2 },
      { kind: 'rule', line: 3, lineCount: 2, at: { line: 3, column: 3 } },
      { kind: 'unknown', firstWord: 'AUTO_REREAD', at: { line: 5, column: 2 } },
    ]);
    expect(findings).toMatchObject([
      {
        rule: 'options-unknown-keyword',
        severity: 'error',
        file: 'test.opt',
        line: 5,
        column: 2,
        endColumn: 13,
        message: 'expected a keyword of the options file, got "AUTO_REREAD"',
      },
    ]);
  });

  test('has its words in any case, and names as they are', () => {
    expect(ruleOf('include Solve user Ann')).toEqual({
      keyword: 'INCLUDE',
      spec: { feature: 'Solve' },
      client: { type: 'USER', name: 'Ann' },
    });
    expect(ruleOf('Automatic_Reread off')).toEqual({ keyword: 'AUTOMATIC_REREAD', on: false });
    expect(ruleOf('nolog deQueued')).toEqual({ keyword: 'NOLOG', event: 'DEQUEUED' });
  });

  test('may use the spellings of other guides', () => {
    expect(ruleOf('USER_GROUP g a')).toEqual({ keyword: 'GROUP', name: 'g', members: ['a'] });
    expect(ruleOf('EXCLUDEALL HOSTGROUP h')).toMatchObject({ client: { type: 'HOST_GROUP' } });
  });

  test('has no values in braces', () => {
    expect(ruleOf('GROUP g K={a b }c')).toMatchObject({ members: ['K={a', 'b', '}c'] });
  });

  test('with an open quote is not in force', () => {
    expect(ruleOf('GROUP g "a b')).toBeUndefined();
  });

  test('with a blank that only looks like one is not in force', () => {
    expect(ruleOf('GROUP g a\u00a0')).toBeUndefined();
  });
});

describe('a feature', () => {
  test.each([
    ['f', { feature: 'f' }],
    ['f:VERSION=1.0', { feature: 'f', selector: { name: 'VERSION', value: '1.0' } }],
    ['"f VERSION=1.0"', { feature: 'f', selector: { name: 'VERSION', value: '1.0' } }],
    ['"f:asset_info=a b"', { feature: 'f', selector: { name: 'asset_info', value: 'a b' } }],
    ['f:asset_info="a b"', { feature: 'f', selector: { name: 'asset_info', value: 'a b' } }],
    ['"a:b K=v"', { feature: 'a:b', selector: { name: 'K', value: 'v' } }],
    ['a:b:K=v', { feature: 'a:b', selector: { name: 'K', value: 'v' } }],
    ['f:KEY=a=b:c', { feature: 'f', selector: { name: 'KEY', value: 'a=b:c' } }],
    [
      'f:VENDOR_STRING=vi=0:at=2',
      {
        feature: 'f',
        selector: { name: 'VENDOR_STRING', value: 'vi=0:at=2' },
      },
    ],
    ['f:', { feature: 'f:' }],
    ['f:KEY=', { feature: 'f', selector: { name: 'KEY', value: '' } }],
    ['a:b', { feature: 'a:b' }],
    ['"a b"', { feature: 'a b' }],
    ['a=b', { feature: 'a=b' }],
  ])('%s', (word, spec) => {
    expect(ruleOf(`TIMEOUT ${word} 900`)).toEqual({ keyword: 'TIMEOUT', spec, seconds: 900 });
  });

  test.each([':K=v', 'f:=v', '" K=v"', '""'])('is not written %s', (word) => {
    expect(optionsFindings(`TIMEOUT ${word} 900`)).toEqual(['error options-syntax 1:9']);
  });

  test('left out of TIMEOUT and LINGER is warned of: the line has no effect', () => {
    expect(optionsFindings('LINGER 0')).toEqual(['warning options-syntax 1:8']);
    expect(ruleOf('TIMEOUT 0')).toEqual({ keyword: 'TIMEOUT', spec: { feature: '' }, seconds: 0 });
  });
});

describe('a type and a name', () => {
  test.each(['USER', 'HOST', 'DISPLAY', 'INTERNET', 'PROJECT', 'GROUP', 'HOST_GROUP'])(
    '%s',
    (type) => {
      expect(ruleOf(`EXCLUDEALL ${type.toLowerCase()} "a b"`)).toEqual({
        keyword: 'EXCLUDEALL',
        client: { type, name: 'a b' },
      });
    },
  );

  test('of entitlements are fewer', () => {
    expect(optionsFindings('INCLUDE_ENTITLEMENT e HOST_GROUP h')).toEqual([]);
    expect(optionsFindings('INCLUDE_ENTITLEMENT e PROJECT p')).toEqual([
      'error options-syntax 1:23',
    ]);
  });
});

describe('a log', () => {
  test('is appended to with a plus sign', () => {
    expect(ruleOf('REPORTLOG +/var/log/r')).toEqual({
      keyword: 'REPORTLOG',
      append: true,
      path: '/var/log/r',
      hideUser: false,
    });
    expect(ruleOf('reportlog /r hide_User')).toMatchObject({ append: false, hideUser: true });
    for (const path of ['"+C:\\x y.log"', '+"C:\\x y.log"']) {
      expect(ruleOf(`DEBUGLOG ${path}`)).toMatchObject({ append: true, path: 'C:\\x y.log' });
    }
  });

  test('of debug lines may be marked and rolled over, in that order', () => {
    expect(ruleOf('DEBUGLOG p')).toEqual({ keyword: 'DEBUGLOG', append: false, path: 'p' });
    expect(ruleOf('DEBUGLOG p AUTO_ROLLOVER 20')).toEqual({
      keyword: 'DEBUGLOG',
      append: false,
      path: 'p',
      rolloverMegabytes: 20,
    });
    expect(optionsFindings('DEBUGLOG p AUTO_ROLLOVER 20 OBF_ADDMARK')).toEqual([
      'warning options-syntax 1:29',
    ]);
    for (const text of ['DEBUGLOG p AUTO_ROLLOVER', 'DEBUGLOG p AUTO_ROLLOVER five']) {
      expect(optionsFindings(text)).toEqual(['warning options-syntax 1:12']);
      expect(ruleOf(text)).toEqual({ keyword: 'DEBUGLOG', append: false, path: 'p' });
    }
  });

  test('needs a path', () => {
    expect(optionsFindings('REPORTLOG +')).toEqual(['error options-syntax 1:11']);
    expect(optionsFindings('DEBUGLOG')).toEqual(['error options-syntax 1:9']);
  });
});

describe('a wrong line', () => {
  test.each([
    ['RESERVE', 'error options-syntax 1:8'],
    ['RESERVE many f USER u', 'error options-syntax 1:9'],
    ['RESERVE 1', 'error options-syntax 1:10'],
    ['RESERVE 1 f', 'error options-syntax 1:12'],
    ['RESERVE 1 f WHO u', 'error options-syntax 1:13'],
    ['RESERVE 1 f USER', 'error options-syntax 1:17'],
    ['RESERVE 1 f USER ""', 'error options-syntax 1:18'],
    ['GROUP', 'error options-syntax 1:6'],
    ['GROUP g', 'error options-syntax 1:8'],
    ['NOLOG OUT_LOUD', 'error options-syntax 1:7'],
    ['FQDN_MATCHING maybe', 'error options-syntax 1:15'],
    ['MAX_CONNECTIONS 2147483648', 'error options-syntax 1:17'],
    ['TIMEOUTALL -1', 'error options-syntax 1:12'],
    ['ACTIVATION_LOWWATER e K=v 4', 'error options-syntax 1:23'],
  ])('%s: %s', (text, finding) => {
    expect(optionsFindings(text)).toEqual([finding]);
    expect(ruleOf(text)).toBeUndefined();
  });

  test('with words too many is in force without them', () => {
    expect(optionsFindings('INCLUDE f USER ann lee')).toEqual(['warning options-syntax 1:20']);
    expect(ruleOf('INCLUDE f USER ann lee')).toMatchObject({ client: { name: 'ann' } });
    expect(optionsFindings('TIMEOUTALL 12 32')).toEqual(['warning options-syntax 1:15']);
    expect(ruleOf('TIMEOUTALL 12 32')).toEqual({ keyword: 'TIMEOUTALL', seconds: 12 });
  });

  test('is told what was expected, what was got, and the grammar', () => {
    expect(parseOptions('MAX 3 f WHO u').findings).toMatchObject([
      {
        message: 'MAX: expected TYPE NAME, got "WHO"',
        fix: 'write MAX COUNT FEATURE[:KEYWORD=VALUE] TYPE NAME',
        column: 9,
        endColumn: 12,
      },
    ]);
  });
});

test('a group of all the names that a line can hold is read', () => {
  const names = Array.from({ length: 10_000 }, (_, index) => `u${index}`);
  expect(ruleOf(`GROUP g ${names.join(' ')}`)).toEqual({
    keyword: 'GROUP',
    name: 'g',
    members: names,
  });
});
