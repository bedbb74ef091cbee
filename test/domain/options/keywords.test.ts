import { describe, expect, test } from 'vitest';
import { keywordNamed, keywords } from '../../../src/domain/options/keywords.ts';
import type { OptionsFile, Rule } from '../../../src/domain/options/model.ts';
import { parseOptionsFile } from '../../../src/domain/options/parse.ts';
import { printOptionsFile, replaceRule } from '../../../src/domain/options/print.ts';
import { fixtureNames, fixtureOf, parseOptions } from '../language/make.ts';

const ann = { type: 'USER', name: 'guest' } as const;
const farm = { type: 'HOST_GROUP', name: 'farm' } as const;
const night = { type: 'GROUP', name: 'night' } as const;
const node07 = { type: 'HOST', name: 'node07' } as const;
const solve = { feature: 'solve' };
const solve320 = { feature: 'solve', selector: { name: 'VERSION', value: '3.20' } };

/** Each keyword's fixture: the rule it makes, and how that is written. */
const shownRules: { readonly [K in Rule['keyword']]: readonly [fields: object, printed: string] } =
  {
    ACTIVATION_EXPIRY_DAYS: [
      { words: ['ent-7:FID=ful-3', '30'] },
      'ACTIVATION_EXPIRY_DAYS ent-7:FID=ful-3 30',
    ],
    ACTIVATION_LOWWATER: [
      { words: ['ent-7 FID=ful-3', '2'] },
      'ACTIVATION_LOWWATER "ent-7 FID=ful-3" 2',
    ],
    AUTOMATIC_REREAD: [{ on: false }, 'AUTOMATIC_REREAD OFF'],
    BORROW_LOWWATER: [{ spec: solve320, count: 2 }, 'BORROW_LOWWATER solve:VERSION=3.20 2'],
    DAEMON_SELECT_TIMEOUT: [{ seconds: 32 }, 'DAEMON_SELECT_TIMEOUT 32'],
    DEBUGLOG: [
      {
        append: true,
        path: '/var/log/acme daemon.log',
        markObfuscated: true,
        rolloverMegabytes: 20,
      },
      'DEBUGLOG "+/var/log/acme daemon.log" OBF_ADDMARK AUTO_ROLLOVER 20',
    ],
    EXCLUDE: [
      {
        spec: { feature: 'mesh:2', selector: { name: 'asset_info', value: 'rack 7' } },
        client: ann,
      },
      'EXCLUDE "mesh:2 asset_info=rack 7" USER guest',
    ],
    EXCLUDE_BORROW: [{ spec: solve, client: node07 }, 'EXCLUDE_BORROW solve HOST node07'],
    EXCLUDE_ENTITLEMENT: [
      { words: ['ent-7', 'USER', 'guest'] },
      'EXCLUDE_ENTITLEMENT ent-7 USER guest',
    ],
    EXCLUDEALL: [
      { client: { type: 'INTERNET', name: '10.7.*.*' } },
      'EXCLUDEALL INTERNET 10.7.*.*',
    ],
    EXCLUDEALL_ENTITLEMENT: [{ words: ['HOST', 'node07'] }, 'EXCLUDEALL_ENTITLEMENT HOST node07'],
    FQDN_MATCHING: [{ lenient: true }, 'FQDN_MATCHING LENIENT'],
    GROUP: [{ name: 'night', members: ['ana', 'bo', 'chen'] }, 'GROUP night ana bo chen'],
    GROUPCASEINSENSITIVE: [{ on: true }, 'GROUPCASEINSENSITIVE ON'],
    HOST_GROUP: [
      { name: 'farm', members: ['node01', '10.7.8.*'] },
      'HOST_GROUP farm node01 10.7.8.*',
    ],
    INCLUDE: [{ spec: solve320, client: night }, 'INCLUDE solve:VERSION=3.20 GROUP night'],
    INCLUDE_BORROW: [
      { spec: solve, client: { type: 'PROJECT', name: 'wing' } },
      'INCLUDE_BORROW solve PROJECT wing',
    ],
    INCLUDE_ENTITLEMENT: [
      { words: ['ent-7', 'GROUP', 'night'] },
      'INCLUDE_ENTITLEMENT ent-7 GROUP night',
    ],
    INCLUDEALL: [{ client: farm }, 'INCLUDEALL HOST_GROUP farm'],
    INCLUDEALL_ENTITLEMENT: [
      { words: ['HOST_GROUP', 'farm'] },
      'INCLUDEALL_ENTITLEMENT HOST_GROUP farm',
    ],
    LINGER: [{ spec: solve, seconds: 600 }, 'LINGER solve 600'],
    MAX: [
      { count: 4, spec: solve, client: { type: 'USER', name: 'ALL_USERS' } },
      'MAX 4 solve USER ALL_USERS',
    ],
    MAX_BORROW_HOURS: [{ spec: solve, hours: 24 }, 'MAX_BORROW_HOURS solve 24'],
    MAX_CONNECTIONS: [{ count: 500 }, 'MAX_CONNECTIONS 500'],
    MAX_OVERDRAFT: [{ spec: solve, count: 1 }, 'MAX_OVERDRAFT solve 1'],
    NOLOG: [{ event: 'QUEUED' }, 'NOLOG QUEUED'],
    REPORTLOG: [
      { append: true, path: '/var/log/acme.rl', hideUser: true },
      'REPORTLOG +/var/log/acme.rl HIDE_USER',
    ],
    RESERVE: [
      { count: 3, spec: solve, client: { type: 'DISPLAY', name: 'term1' } },
      'RESERVE 3 solve DISPLAY term1',
    ],
    TIMEOUT: [{ spec: solve, seconds: 1800 }, 'TIMEOUT solve 1800'],
    TIMEOUTALL: [{ seconds: 3600 }, 'TIMEOUTALL 3600'],
  };

describe('the table of options keywords', () => {
  const fileOf = (keyword: string): OptionsFile =>
    parseOptionsFile(fixtureOf(`options/keyword-${keyword.toLowerCase()}.opt`));

  test.each(keywords)('$keyword is read, and written when its line changes', ({ keyword }) => {
    const file = fileOf(keyword);
    expect(file.findings).toEqual([]);
    const index = file.lines.findIndex(({ kind }) => kind === 'rule');
    const line = file.lines[index]!;
    const [fields, printed] = shownRules[keyword];
    const rule = { keyword, ...fields } as Rule;
    expect(line).toMatchObject({ kind: 'rule', at: { line: 2, column: 1 } });
    expect(line.kind === 'rule' && line.rule).toEqual(rule);

    const text = printOptionsFile(replaceRule(file, index, rule));
    expect(text).toBe(`${file.source.text.slice(0, line.start)}${printed}\n`);
    expect(parseOptions(text).lines[index]).toMatchObject({ kind: 'rule', rule });
  });

  test('has one fixture a row, and no fixture has no row', () => {
    const rows = keywords.map(({ keyword }) => keyword.toLowerCase());
    expect([...fixtureNames(/^options\/keyword-(.*)$/)].sort()).toEqual(
      rows.map((keyword) => `${keyword}.opt`).sort(),
    );
  });

  test('shows the grammar that a wrong line is told', () => {
    const grammar = Object.fromEntries(keywords.map((row) => [row.keyword, row.grammar]));
    expect(grammar).toMatchObject({
      MAX: 'MAX COUNT FEATURE[:KEYWORD=VALUE] TYPE NAME',
      DEBUGLOG: 'DEBUGLOG [+]PATH [OBF_ADDMARK] [AUTO_ROLLOVER n]',
      GROUP: 'GROUP NAME USER ...',
      NOLOG: 'NOLOG IN|OUT|DENIED|QUEUED|UNSUPPORTED|UPGRADE|DEQUEUED',
    });
  });

  test('knows each keyword in any case', () => {
    for (const { keyword } of keywords) {
      expect(keywordNamed(keyword.toLowerCase())?.keyword).toBe(keyword);
    }
    expect(keywordNamed('debugLOG')?.keyword).toBe('DEBUGLOG');
    expect(keywordNamed('__proto__')).toBeUndefined();
    expect(keywordNamed('')).toBeUndefined();
  });

  test.each(keywords)('$keyword says its grammar and where it is documented', (row) => {
    expect(row.grammar.startsWith(`${row.keyword} `), row.grammar).toBe(true);
    expect(row.source).toMatch(/^(?:unverified: |LAG\b|EUG10\b)/);
  });
});
