import { readdirSync, readFileSync } from 'node:fs';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { limits } from '../../../src/base/limits.ts';
import { parseLicenseFile } from '../../../src/domain/license/parse.ts';
import { fileKind } from '../../../src/domain/lint/file-kind.ts';
import { lint, lintLicensePath } from '../../../src/domain/lint/lint.ts';
import { renderGithub } from '../../../src/domain/lint/render-github.ts';
import { renderJson } from '../../../src/domain/lint/render-json.ts';
import { renderSarif } from '../../../src/domain/lint/render-sarif.ts';
import { renderText } from '../../../src/domain/lint/render-text.ts';
import { lintRules } from '../../../src/domain/lint/rules.ts';
import { parseOptionsFile } from '../../../src/domain/options/parse.ts';
import { decodeText } from '../../../src/domain/text-encoding.ts';
import { monday } from '../../make.ts';

const numRuns = Number(process.env['FAUXLM_FUZZ'] ?? 500);

const root = new URL('../../../fixtures/', import.meta.url);
const seeds = ['licenses', 'options', 'lint'].flatMap((folder) =>
  readdirSync(new URL(`${folder}/`, root)).map((name) =>
    readFileSync(new URL(`${folder}/${name}`, root)),
  ),
);

/** A fixture with a few of its bytes cut, doubled or replaced. */
const mutated = fc
  .tuple(
    fc.constantFrom(...seeds),
    fc.array(
      fc.tuple(
        fc.double({ min: 0, max: 1, noNaN: true }),
        fc.nat(40),
        fc.uint8Array({ maxLength: 12 }),
      ),
      { maxLength: 6 },
    ),
  )
  .map(([seed, cuts]) =>
    cuts.reduce((bytes, [where, length, insert]) => {
      const at = Math.floor(where * bytes.length);
      return Buffer.concat([bytes.subarray(0, at), insert, bytes.subarray(at + length)]);
    }, Buffer.from(seed)),
  );

/** Lines of words that mean something, in any order: these get deeper than random bytes. */
const words = fc.constantFrom(
  ...'SERVER VENDOR USE_SERVER FEATURE INCREMENT PACKAGE UPGRADE RESERVE INCLUDE EXCLUDE MAX GROUP'.split(
    ' ',
  ),
  ...'HOST_GROUP TIMEOUT LINGER MAX_BORROW_HOURS USER HOST solve mesh acmed betad 1.0 2.0 3 0'.split(
    ' ',
  ),
  ...'permanent 1-jan-2031 1-jan-2001 uncounted HOSTID=ANY SUPERSEDE USER_BASED=1 BORROW=86400'.split(
    ' ',
  ),
  ...'START=1-jan-2040 COMPONENTS="solve:1.0:2 mesh" OPTIONS=SUITE SIGN=00AA ISSUED=x 27000@a:b'.split(
    ' ',
  ),
  ...[
    '\\',
    '"',
    '#',
    '\u201c',
    '\u00a0',
    '\ufeff',
    'this_host',
    '27000',
    'ALL_USERS',
    'solve:VERSION=1.0',
  ],
);
const composed = fc
  .array(
    fc.array(words, { maxLength: 9 }).map((line) => line.join(' ')),
    { maxLength: 25 },
  )
  .map((lines) => Buffer.from(lines.join('\n')));

const bytes = fc.oneof(mutated, composed, fc.uint8Array({ maxLength: 400 }));

test('whatever the files hold, lint answers with findings that every renderer can show', () => {
  const ids = new Set(lintRules.map(({ id }) => id));
  const property = fc.property(bytes, bytes, (first, second) => {
    const sources = [decodeText('a.lic', first), decodeText('b.opt', second)] as const;
    const licenses = [parseLicenseFile(sources[0])];
    const options = [{ vendor: 'acmed', file: parseOptionsFile(sources[1]) }];
    const findings = lint({ licenses, options, now: monday, timeZone: 'UTC' });
    const report = { findings, sources };
    expect(lint({ licenses, options, now: monday, timeZone: 'UTC' })).toEqual(findings);
    expect(findings.length).toBeLessThanOrEqual(2 * limits.findingsPerFileMax);
    for (const finding of findings) {
      expect(ids.has(finding.rule), finding.rule).toBe(true);
      const text = finding.file === 'a.lic' ? sources[0].text : sources[1].text;
      expect(finding.line).toBeLessThanOrEqual(text.split('\n').length);
      expect(finding.column).toBeLessThanOrEqual(text.split('\n')[finding.line - 1]!.length + 1);
      if (finding.endColumn !== undefined)
        expect(finding.endColumn).toBeGreaterThan(finding.column);
    }
    expect(JSON.parse(renderJson(report))).toMatchObject({ summary: { files: 2 } });
    expect(JSON.parse(renderSarif(report))).toMatchObject({ version: '2.1.0' });
    expect(renderGithub(report).split('\n')).toHaveLength(findings.length + 1);
    expect(renderText(report)).toMatch(/ in 2 files\n$/);
    expect(['license', 'options']).toContain(fileKind('x', sources[0].text));
  });
  fc.assert(property, { numRuns });
});

test('whatever a license path holds, its findings point into it', () => {
  const part = fc.constantFrom('27000', '@', 'a', 'b', ':', ';', ',', '/', 'C:\\x', '.', '\ud800');
  const path = fc.oneof(
    fc.string(),
    fc.array(part, { maxLength: 30 }).map((parts) => parts.join('')),
  );
  const property = fc.property(path, (text) => {
    for (const { column, endColumn } of lintLicensePath(text)) {
      expect(column).toBeGreaterThanOrEqual(1);
      expect(endColumn).toBeGreaterThan(column);
      expect(endColumn).toBeLessThanOrEqual(text.length + 1);
    }
  });
  fc.assert(property, { numRuns });
});

/** Inputs made to be slow, each far larger than files are; a quadratic rule would take minutes. */
const LINES = 10_000;
const repeated = (line: (index: number) => string): string =>
  Array.from({ length: LINES }, (_, index) => line(index)).join('\n');

const slow: readonly (readonly [what: string, license: string, options: string])[] = [
  [
    'one feature in many lines, many selectors',
    repeated((i) => `INCREMENT f acmed ${i}.0 permanent 1 USER_BASED=1 SIGN=${i}A`),
    repeated((i) => `INCLUDE f:VERSION=${i} USER u${i}`) +
      `\n${repeated((i) => `RESERVE 1 f:KEY=${i} USER x`)}`,
  ],
  [
    'one package in many lines, and upgrades of one feature',
    [
      repeated((i) => `PACKAGE p acmed ${i}.0 COMPONENTS=f`),
      repeated((i) => `UPGRADE f acmed ${i} ${i} permanent 1`),
    ].join('\n'),
    repeated(() => 'RESERVE 1 f USER x'),
  ],
  [
    'one line of many words',
    `INCREMENT f acmed 1 permanent 1 ${'“ "“" @1:1 '.repeat(5_000)}\n# ${'1'.repeat(60_000)}@`,
    `GROUP g ${'m '.repeat(30_000)}\nINCLUDE f GROUP g`,
  ],
  [
    'many continuations and unknown lines',
    `${'INCREMENT \\\n'.repeat(5_000)}\n${repeated(() => '@a:1:@b:2 27000@a,b')}`,
    repeated((i) => `GROUP g${i} a`) + `\n${repeated((i) => `INCLUDE f GROUP h${i}`)}`,
  ],
];

test.each(slow)('time stays in proportion to size: %s', (_what, license, options) => {
  const findings = lint({
    licenses: [parseLicenseFile(decodeText('a.lic', Buffer.from(license)))],
    options: [{ file: parseOptionsFile(decodeText('a.opt', Buffer.from(options))) }],
    now: monday,
  });
  expect(findings.length).toBeGreaterThan(0);
  expect(findings.length).toBeLessThanOrEqual(2 * limits.findingsPerFileMax);
});
