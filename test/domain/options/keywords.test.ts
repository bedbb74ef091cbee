import { describe, expect, test } from 'vitest';
import { KnownError } from '../../../src/base/errors.ts';
import { keywordNamed, keywords } from '../../../src/domain/options/keywords.ts';
import type { OptionsKeyword, OptionsRule, Rule } from '../../../src/domain/options/model.ts';
import { parseOptionsFile } from '../../../src/domain/options/parse.ts';
import { printOptionsFile, printRule, replaceRule } from '../../../src/domain/options/print.ts';
import { decodeText } from '../../../src/domain/text-encoding.ts';
import { fixtures } from '../hostile-text.ts';

const files = new Map(fixtures('options', /^keyword-/).map(({ name, bytes }) => [name, bytes]));

const solve = { feature: 'solve' };
const solve320 = { feature: 'solve', selector: { name: 'VERSION', value: '3.20' } };

/** What each keyword's fixture says, without the keyword. */
const expected: {
  readonly [K in OptionsKeyword]: Omit<Rule, 'keyword'> & Record<string, unknown>;
} = {
  ACTIVATION_EXPIRY_DAYS: { words: ['ent-7:FID=ful-3', '30'] },
  ACTIVATION_LOWWATER: { words: ['ent-7 FID=ful-3', '2'] },
  AUTOMATIC_REREAD: { on: false },
  BORROW_LOWWATER: { spec: solve320, count: 2 },
  DAEMON_SELECT_TIMEOUT: { seconds: 32 },
  DEBUGLOG: {
    path: '/var/log/acme daemon.log',
    append: true,
    markObfuscated: true,
    rolloverMegabytes: 20,
  },
  EXCLUDE: {
    spec: { feature: 'mesh:2', selector: { name: 'asset_info', value: 'rack 7' } },
    client: { type: 'USER', name: 'guest' },
  },
  EXCLUDE_BORROW: { spec: solve, client: { type: 'HOST', name: 'node07' } },
  EXCLUDE_ENTITLEMENT: { words: ['ent-7', 'USER', 'guest'] },
  EXCLUDEALL: { client: { type: 'INTERNET', name: '10.7.*.*' } },
  EXCLUDEALL_ENTITLEMENT: { words: ['HOST', 'node07'] },
  FQDN_MATCHING: { lenient: true },
  GROUP: { name: 'night', members: ['ana', 'bo', 'chen'] },
  GROUPCASEINSENSITIVE: { on: true },
  HOST_GROUP: { name: 'farm', members: ['node01', '10.7.8.*'] },
  INCLUDE: { spec: solve320, client: { type: 'GROUP', name: 'night' } },
  INCLUDE_BORROW: { spec: solve, client: { type: 'PROJECT', name: 'wing' } },
  INCLUDE_ENTITLEMENT: { words: ['ent-7', 'GROUP', 'night'] },
  INCLUDEALL: { client: { type: 'HOST_GROUP', name: 'farm' } },
  INCLUDEALL_ENTITLEMENT: { words: ['HOST_GROUP', 'farm'] },
  LINGER: { spec: solve, seconds: 600 },
  MAX: { count: 4, spec: solve, client: { type: 'USER', name: 'ALL_USERS' } },
  MAX_BORROW_HOURS: { spec: solve, hours: 24 },
  MAX_CONNECTIONS: { count: 500 },
  MAX_OVERDRAFT: { spec: solve, count: 1 },
  NOLOG: { event: 'QUEUED' },
  REPORTLOG: { path: '/var/log/acme.rl', append: true, hideUser: true },
  RESERVE: { count: 3, spec: solve, client: { type: 'DISPLAY', name: 'term1' } },
  TIMEOUT: { spec: solve, seconds: 1800 },
  TIMEOUTALL: { seconds: 3600 },
};

describe('the table of keywords', () => {
  test.each(keywords.map(({ keyword }) => keyword))('%s has a fixture that shows it', (keyword) => {
    const bytes = files.get(`keyword-${keyword.toLowerCase()}.opt`);
    expect(bytes, 'fixture').toBeDefined();
    const file = parseOptionsFile(decodeText(keyword, bytes!));
    const index = file.lines.length - 1;
    const { rule } = file.lines[index] as OptionsRule;
    expect(file.findings).toEqual([]);
    expect(rule).toEqual({ keyword, ...expected[keyword] });
    expect(printOptionsFile(file)).toBe(file.source.text);
    const text = printOptionsFile(replaceRule(file, index, rule));
    const again = parseOptionsFile({ ...file.source, text });
    expect(again.lines[index]).toMatchObject({ kind: 'rule', rule });
    expect(again.lines).toHaveLength(file.lines.length);
  });

  test('every fixture of a keyword is of a row', () => {
    const names = keywords.map(({ keyword }) => `keyword-${keyword.toLowerCase()}.opt`);
    expect([...files.keys()].sort()).toEqual([...names].sort());
  });

  test('every row says its grammar and where it is documented', () => {
    for (const { keyword, grammar, source } of keywords) {
      expect(grammar.startsWith(`${keyword} `), grammar).toBe(true);
      expect(source).not.toBe('');
    }
    expect(keywordNamed('debuglog')?.grammar).toBe(
      'DEBUGLOG [+]PATH [OBF_ADDMARK] [AUTO_ROLLOVER n]',
    );
  });
});

describe('printing rules', () => {
  const file = parseOptionsFile({
    name: 'a.opt',
    text: '# top\r\nTIMEOUT  f  900 \r\nFOO',
    encoding: 'utf-8',
  });

  test('a changed rule is written anew with the line end of the line it replaces', () => {
    const rule: Rule = { keyword: 'TIMEOUT', spec: { feature: 'f' }, seconds: 1800 };
    expect(printOptionsFile(replaceRule(file, 1, rule))).toBe('# top\r\nTIMEOUT f 1800\r\nFOO');
    expect(printOptionsFile(replaceRule(file, 2, rule))).toBe(
      '# top\r\nTIMEOUT  f  900 \r\nTIMEOUT f 1800',
    );
  });

  test('names that could be taken for something else are quoted', () => {
    const rule: Rule = { keyword: 'GROUP', name: '#x', members: ['a b', 'c\\', '', 'd#', '{e'] };
    expect(printRule(rule)).toBe('GROUP "#x" "a b" "c\\" "" d# {e');
    const { lines } = parseOptionsFile({ name: 'b', text: printRule(rule), encoding: 'utf-8' });
    expect(lines[0]).toMatchObject({ rule });
  });

  test('what no quotes can hold, and a line that is not there, are refused', () => {
    const rule: Rule = { keyword: 'GROUP', name: 'g', members: ['a"b'] };
    expect(() => printRule(rule)).toThrow('expected no quotation marks');
    expect(() => replaceRule(file, 9, { keyword: 'TIMEOUTALL', seconds: 1 })).toThrow(KnownError);
  });
});
