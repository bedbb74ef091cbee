import { describe, expect, test } from 'vitest';
import { limits } from '../../../src/base/limits.ts';
import { parseLicenseFile } from '../../../src/domain/license/parse.ts';
import { lint } from '../../../src/domain/lint/lint.ts';
import { monday } from '../../make.ts';
import { lintTexts, makeSource, placesOf, ruleIds, served } from './make.ts';

const signed = 'SIGN=6C41A09FD312';
const solve = (count: number | string, more = ''): string =>
  `INCREMENT solve acmed 4.20 permanent ${count} ${more}${more && ' '}${signed}`;

describe('findings', () => {
  test('come in order of file, line and column, from the parsers and the rules together', () => {
    const license = (name: string) =>
      parseLicenseFile(
        makeSource(
          `SERVER a ANY 1700\nSERVER b ANY 1700\nVENDOR acmed\n${solve(4, 'TIMEOUT=60 OVERDRAFT=x')}\n`,
          name,
        ),
      );
    const findings = lint({
      licenses: [license('z.lic'), license('a.lic')],
      options: [],
      now: monday,
    });
    expect(findings.map(({ file, rule }) => `${file} ${rule}`)).toEqual([
      'z.lic two-servers',
      'z.lic timeout-on-feature',
      'z.lic bad-attribute-value',
      'a.lic two-servers',
      'a.lic timeout-on-feature',
      'a.lic bad-attribute-value',
    ]);
  });

  test('say a thing once, in the words of the rule that knows most of it', () => {
    const findings = lintTexts({ license: served(solve(4, 'TIMEOUT=60'), 'MAX 1 solve USER ana') });
    expect(placesOf(findings)).toEqual([
      'timeout-on-feature 3:40',
      'options-keyword-in-license 4:1',
    ]);
    expect(findings.map(({ fix }) => fix)).toEqual([
      'Write in the options file: TIMEOUT solve 60',
      'Move the line to acmed.opt.',
    ]);
  });

  test('are the same when a file is given twice', () => {
    const file = parseLicenseFile(makeSource('SERVER a ANY\nSERVER b ANY\n'));
    const once = lint({ licenses: [file], options: [], now: monday });
    expect(once).toHaveLength(1);
    expect(lint({ licenses: [file, file], options: [], now: monday })).toEqual(once);
  });

  test('are bounded per file: errors stay, and where the first is left out it says so', () => {
    const most = limits.findingsPerFileMax;
    const expired = (index: number) => `INCREMENT s acmed 4.20 1-jan-2001 1 SIGN=${index}`;
    const lines = Array.from({ length: most + 5 }, (_, index) => expired(index));
    const findings = lintTexts({ license: served(...lines, solve(4), 'RESERVE 1 solve USER ana') });
    expect(findings).toHaveLength(most);
    expect(findings.slice(-2)).toMatchObject([
      { rule: 'too-many-findings', severity: 'warning', line: most + 1 },
      { rule: 'options-keyword-in-license', severity: 'error', line: most + 9 },
    ]);
  });

  test('never hide that a file cannot be served behind a thousand other errors', () => {
    const most = limits.findingsPerFileMax;
    const lines = Array.from({ length: most + 5 }, () => 'RESERVE 1 solve USER ana');
    const license = `${served(solve(4), ...lines)}SERVER b ANY\n`;
    const findings = lintTexts({ license });
    expect(findings).toHaveLength(most);
    expect(ruleIds(findings)).toContain('two-servers');
    const rest = findings.find(({ rule }) => rule === 'too-many-findings');
    expect(rest).toMatchObject({ severity: 'error', line: most + 2 });
  });

  test('point at the word, also behind a continuation and a byte-order mark', () => {
    const text = `\ufeffSERVER 27000@alder ANY\nVENDOR acmed\n${solve(4, '\\\n\tBORROW=86400')}\n`;
    const findings = lintTexts({ license: text });
    expect(findings).toMatchObject([
      { rule: 'server-address', line: 1, column: 8, endColumn: 19 },
      { rule: 'borrow-seconds', line: 4, column: 2, endColumn: 8 },
    ]);
  });

  test('do not grow with the words they quote', () => {
    const name = 'n'.repeat(50_000);
    const findings = lintTexts({
      license: served(`INCREMENT ${name} acmed 1 1-jan-2001 1 SIGN=0`),
    });
    expect(ruleIds(findings)).toContain('expired');
    for (const { message } of findings) expect(message.length).toBeLessThanOrEqual(400);
  });
});

describe('files together', () => {
  const parse = (text: string, name: string) => parseLicenseFile(makeSource(text, name));
  const lintAll = (...texts: readonly string[]) =>
    lint({
      licenses: texts.map((text, index) => parse(text, `${index}.lic`)),
      options: [],
      now: monday,
    });

  test('a PACKAGE in one file is enabled by a line of another', () => {
    const head = served();
    const pack = 'PACKAGE desk acmed 4.0 COMPONENTS="draw sketch" SIGN=00\n';
    expect(ruleIds(lintAll(head + pack))).toEqual(['package-not-enabled']);
    expect(lintAll(head + pack, `INCREMENT desk acmed 4.0 permanent 5 ${signed}\n`)).toEqual([]);
  });

  test('VENDOR and SERVER lines of one file serve the features of another', () => {
    expect(ruleIds(lintAll(`${solve(4)}\n`))).toEqual(['counted-without-server', 'vendor-missing']);
    expect(lintAll(served(), `${solve(4)}\n`)).toEqual([]);
  });

  test('one SERVER line in each of two files are two servers of their own, not a pair', () => {
    const other = `SERVER other ANY 27000\nVENDOR acmed\n${solve(2)}\n`;
    expect(lintAll(served(solve(4)), other)).toEqual([]);
  });
});

describe('dates', () => {
  const ending = served(
    `INCREMENT solve acmed 4.20 7-jan-2030 4 ${signed}`,
    solve(1).replace('solve', 'mesh'),
  );
  const hour = 3_600_000;

  test('the last day counts whole, in the time zone asked for', () => {
    const at = (now: number, timeZone: string) =>
      ruleIds(lintTexts({ license: ending, now, timeZone }));
    const midnight = Date.UTC(2030, 0, 8);
    expect(at(midnight - 1, 'UTC')).toEqual(['expires-soon']);
    expect(at(midnight, 'UTC')).toEqual(['expired']);
    expect(at(midnight - hour, 'Asia/Tokyo')).toEqual(['expired']);
    expect(at(midnight + hour, 'America/New_York')).toEqual(['expires-soon']);
  });

  test('a time zone that does not exist is bad usage', () => {
    const bad = () => lintTexts({ license: ending, timeZone: 'Mars/Olympus' });
    expect(bad).toThrow(expect.objectContaining({ code: 'USAGE' }));
  });

  test('what starts today has started', () => {
    const license = served(solve(4, 'START=7-jan-2030'));
    expect(lintTexts({ license })).toEqual([]);
  });
});

test.each([
  ['27000@alder', 'Write: SERVER alder ANY 27000'],
  ['@alder', 'Write: SERVER alder ANY'],
  ['alder:27000', 'Write: SERVER alder ANY 27000'],
  ['alder:birch:cedar', 'Write a SERVER line for each of alder birch cedar.'],
])('a SERVER line with %s is told how to be written', (host, fix) => {
  const license = `SERVER ${host} ANY\nVENDOR acmed\n${solve(4)}\n`;
  expect(lintTexts({ license })).toMatchObject([{ rule: 'server-address', column: 8, fix }]);
});

/** Files that come close to breaking a rule and do not. */
const innocent: readonly (readonly [why: string, license: string])[] = [
  ['borrowing for half a year is long but no mistake', served(solve(4, 'BORROW=4320'))],
  ['an apostrophe inside quotes is text', served(solve(4, 'NOTICE="l\u2019\u00e9cole"'))],
  ['typographic quotes in a comment hurt nobody', served('# the \u201cbig\u201d pool', solve(4))],
  ['IPv6 addresses have colons', `SERVER fd00::1 ANY 27000\nVENDOR acmed\n${solve(4)}\n`],
  ['one server may leave out its port', `SERVER this_host ANY\nVENDOR acmed\n${solve(4)}\n`],
  [
    'two purchases of one pool are two lines',
    served(solve(4), solve(4).replace(signed, 'SIGN=00')),
  ],
  ['counted FEATURE lines of two names', served(solve(4), solve(4).replace('solve', 'mesh'))],
  [
    'components need no lines of their own',
    served(
      'PACKAGE p acmed 1 COMPONENTS="a b" SIGN=0',
      `INCREMENT p acmed 1.0 permanent 3 ${signed}`,
    ),
  ],
  ['a commented-out line is a comment', served('# RESERVE 1 solve USER ana', solve(4))],
  ['mail addresses are no license paths', served('# ask lic@tallow.example: he knows', solve(4))],
];

test.each(innocent)('%s', (_why, license) => {
  expect(lintTexts({ license })).toEqual([]);
});

describe('options files', () => {
  const license = served(
    solve(8, 'BORROW=72'),
    `INCREMENT mesh acmed 4.20 permanent 2 BORROW SIGN=D7770CE2A91B`,
    'PACKAGE kit acmed 1.0 COMPONENTS="bolt:1.0:3 nut" SIGN=77A1C0D3EE42',
    'INCREMENT kit acmed 1.0 permanent 2 SIGN=1B90AC67D2F5',
  );
  const found = (...lines: readonly string[]) =>
    placesOf(lintTexts({ license, options: `${lines.join('\n')}\n` }));

  test('reservations may use a pool up, and the line that goes over is named', () => {
    expect(found('RESERVE 5 solve USER ana', 'RESERVE 3 solve USER bo')).toEqual([]);
    expect(found('RESERVE 5 solve USER ana', 'RESERVE 4 solve USER bo')).toEqual([
      'reserve-over-count 2:1',
    ]);
  });

  test('a component has the seats of its package times its count', () => {
    expect(found('RESERVE 6 bolt USER ana')).toEqual([]);
    expect(found('RESERVE 7 bolt USER ana')).toEqual(['reserve-over-count 1:1']);
    expect(found('RESERVE 3 nut USER ana')).toEqual(['reserve-over-count 1:1']);
  });

  test('a selector counts the seats of the pools it picks', () => {
    expect(found('RESERVE 8 solve:VERSION=4.2 USER ana')).toEqual([]);
    expect(found('RESERVE 9 solve:VERSION=4.2 USER ana')).toEqual(['reserve-over-count 1:1']);
  });

  test('expired seats cannot be reserved, and an expired feature is left to its own finding', () => {
    const half = `${license}${solve(8, 'BORROW=72').replace('permanent', '1-jan-2001')}\n`;
    const options = 'RESERVE 9 solve USER ana\n';
    expect(ruleIds(lintTexts({ license: half, options }))).toEqual([
      'expired',
      'reserve-over-count',
    ]);
  });

  test('names of features, packages and components are known', () => {
    const lines = ['solve', 'kit', 'bolt'].map((name) => `EXCLUDE ${name} USER ana`);
    expect(found(...lines)).toEqual([]);
  });

  test('a misspelled feature is told with the licensed spelling', () => {
    const [finding] = lintTexts({ license, options: 'MAX 1 me_sh USER ana\n' });
    expect(finding).toMatchObject({
      rule: 'options-unknown-feature',
      column: 7,
      endColumn: 12,
      fix: 'Write mesh, as the license file does.',
    });
  });

  test('features of another vendor are unknown to this vendor', () => {
    const two = `${license}VENDOR betad\nINCREMENT view betad 1 permanent 1 SIGN=0A\n`;
    const options = 'EXCLUDE view USER ana\n';
    expect(ruleIds(lintTexts({ license: two, options, vendor: 'betad' }))).toEqual([]);
    expect(ruleIds(lintTexts({ license: two, options, vendor: 'ACMED' }))).toEqual([
      'options-unknown-feature',
    ]);
  });

  test('without any license the names cannot be judged', () => {
    const options = 'EXCLUDE anything USER ana\nRESERVE 99 anything USER bo\n';
    expect(lintTexts({ options })).toEqual([]);
  });

  test('a timeout is measured by the floor of its vendor', () => {
    const text = 'TIMEOUTALL 7200\n';
    const rules = (vendor?: string) =>
      ruleIds(lintTexts({ options: text, ...(vendor ? { vendor } : {}) }));
    expect(rules()).toEqual([]);
    expect(rules('adskflex')).toEqual([]);
    expect(rules('MLM')).toEqual(['timeout-below-floor']);
  });

  test('USER_BASED lines take their users from INCLUDE lines, groups and INCLUDEALL', () => {
    const named = served(solve(4, 'USER_BASED=2'));
    const rules = (...lines: readonly string[]) =>
      ruleIds(lintTexts({ license: named, options: `${lines.join('\n')}\n` }));
    expect(rules('MAX 1 solve USER ana')).toEqual(['user-based-without-include']);
    expect(rules('INCLUDE solve USER ana', 'INCLUDE solve USER bo')).toEqual([]);
    expect(rules('GROUP g ana bo chen', 'INCLUDE solve GROUP g')).toEqual([
      'named-users-over-limit',
    ]);
    expect(rules('INCLUDEALL USER ana')).toEqual([]);
  });
});
