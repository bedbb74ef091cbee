import { isDeepStrictEqual } from 'node:util';
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
import type { LintReport } from '../../../src/domain/lint/report.ts';
import { lintRules } from '../../../src/domain/lint/rules.ts';
import { parseOptionsFile } from '../../../src/domain/options/parse.ts';
import type { Finding, SourceText } from '../../../src/domain/source.ts';
import { decodeText } from '../../../src/domain/text-encoding.ts';
import { caseTotalOf } from '../../fuzz-cases.ts';
import { monday } from '../../make.ts';
import { everyText, seededText } from '../seeded-texts.ts';
import { sarifFaults } from './sarif-shape.ts';

const total = caseTotalOf(500);
const timeout = 120_000 + total * 20;

const ids = new Set(lintRules.map(({ id }) => id));

/** Findings of unknown rules, or outside the text. */
function findingProblem(findings: readonly Finding[], sources: readonly SourceText[]) {
  const lines = new Map(
    sources.map(({ name, text }) => [name, text.replace(/^\ufeff/, '').split('\n')]),
  );
  for (const { rule, file, line, column, endColumn = column + 1, message } of findings) {
    const place = `${rule} at ${file}:${line}:${column}-${endColumn}`;
    const length = lines.get(file)?.[line - 1]?.length ?? -1;
    if (!ids.has(rule)) return `no rule ${rule}`;
    if (column < 1 || column > length + 1 || endColumn <= column) return `${place} is outside`;
    if (endColumn > length + 2) return `${place} ends outside`;
    if (message.length > 400) return `${place} has a message of ${message.length} characters`;
  }
  return findings.length <= 2 * limits.findingsPerFileMax ? undefined : 'too many findings';
}

function rendererProblem(report: LintReport): string | undefined {
  const { summary } = JSON.parse(renderJson(report)) as { summary: { files: number } };
  if (summary.files !== 2) return 'JSON of other files';
  const sarif = JSON.parse(renderSarif(report)) as { runs: [{ results: unknown[] }] };
  const [fault] = sarifFaults(sarif);
  if (fault !== undefined) return `SARIF: ${fault}`;
  if (sarif.runs[0].results.length !== report.findings.length) return 'SARIF of other findings';
  const commands = renderGithub(report).split('\n');
  if (commands.length !== report.findings.length + 1) return 'a command that is no line';
  return / in 2 files\n$/.test(renderText(report)) ? undefined : 'text without its end';
}

test('whatever the files hold, lint answers with findings that every renderer can show', {
  timeout,
}, () => {
  everyText({ total }, (bytes, rng) => {
    const sources = [
      decodeText('a.lic', bytes),
      decodeText('b.opt', seededText(String(rng.u32()))),
    ] as const;
    const licenses = [parseLicenseFile(sources[0])];
    const options = [{ vendor: 'acmed', file: parseOptionsFile(sources[1]) }];
    const findings = lint({ licenses, options, now: monday, timeZone: 'UTC' });
    const again = lint({ licenses, options, now: monday, timeZone: 'UTC' });
    if (!isDeepStrictEqual(again, findings)) return 'other findings the second time';
    if (!['license', 'options'].includes(fileKind('x', sources[0].text))) return 'no kind of file';
    return findingProblem(findings, sources) ?? rendererProblem({ findings, sources });
  });
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
  fc.assert(property, { numRuns: total });
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
