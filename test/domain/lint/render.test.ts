import { describe, expect, test } from 'vitest';
import { excerpt } from '../../../src/domain/lint/excerpt.ts';
import { renderGithub } from '../../../src/domain/lint/render-github.ts';
import { renderJson } from '../../../src/domain/lint/render-json.ts';
import { renderSarif } from '../../../src/domain/lint/render-sarif.ts';
import { renderText } from '../../../src/domain/lint/render-text.ts';
import type { LintReport } from '../../../src/domain/lint/report.ts';
import { lintRules } from '../../../src/domain/lint/rules.ts';
import type { Finding } from '../../../src/domain/source.ts';
import { lintFixture, makeSource } from './make.ts';
import { sarifFaults } from './sarif-shape.ts';

function makeFinding(overrides: Partial<Finding> = {}): Finding {
  return {
    rule: 'two-servers',
    severity: 'error',
    file: 'test.lic',
    line: 2,
    column: 1,
    message: 'expected one SERVER line or three, got two: a and b',
    ...overrides,
  };
}

function makeReport(
  findings: readonly Finding[],
  text = 'SERVER a ANY\nSERVER b ANY\n',
): LintReport {
  return { findings, sources: [makeSource(text)] };
}

describe('for people', () => {
  test('a finding shows its place, its line with carets, why, and what to do', () => {
    const text = renderText(makeReport([makeFinding({ endColumn: 7 })]));
    expect(
      text,
    ).toBe(`test.lic:2:1: error: expected one SERVER line or three, got two: a and b [two-servers]
     2 | SERVER b ANY
       | ^^^^^^
    why: A license file has one SERVER line, or three that form a triad. Two servers cannot
         outvote each other, so there is no such thing: the license manager does not start.
    fix: For one server delete a SERVER line. For two independent servers give each its own
         license file and list both in the license path. For redundancy use three SERVER lines.

1 error, 0 warnings in 1 file
`);
  });

  test('a rule explains itself once; a fix of its own words is always shown', () => {
    const second = makeFinding({ line: 1, fix: 'Delete b.' });
    const text = renderText(makeReport([makeFinding(), makeFinding({ line: 1 }), second]));
    expect(text.match(/why:/g)).toHaveLength(1);
    expect(text.match(/fix:/g)).toHaveLength(2);
    expect(text).toContain('    fix: Delete b.\n');
  });

  test('no finding is one line', () => {
    expect(renderText(makeReport([]))).toBe('0 errors, 0 warnings in 1 file\n');
  });

  test('what a file says cannot steer the terminal', () => {
    const text = 'SERVER a\u001b[31m\u202e ANY\n';
    const shown = renderText(
      makeReport([makeFinding({ line: 1, message: 'got \u001b]0;x' })], text),
    );
    expect(shown).not.toMatch(/[\u001b\u202e]/);
    expect(shown).toContain('SERVER a\ufffd[31m\ufffd ANY');
  });

  test.each([
    ['plain', 'SERVER b ANY', 8, 9, '       ^'],
    ['tabs are kept', '\tSERVER\tb', 9, 10, '\t      \t^'],
    ['letters of two columns', '# \u5b9f\u9a13 x', 6, 7, '       ^'],
    ['pictures are two units and two columns', '\u{1f9ea} x', 4, 5, '   ^'],
    ['marks that join a letter take none', 'e\u0301 x', 4, 5, '  ^'],
    ['wide words have wide carets', '\u5b9f\u9a13', 1, 3, '^^^^'],
    ['the end of the line', 'abc', 4, undefined, '   ^'],
    ['a column behind the end', 'abc', 40, undefined, '   ^'],
  ])('carets stand under the columns: %s', (_what, line, column, endColumn, carets) => {
    const place = endColumn === undefined ? { column } : { column, endColumn };
    expect(excerpt(line, place)).toEqual([line, carets]);
  });

  test('a long line is cut around the finding', () => {
    const line = `${'a'.repeat(500)}WORD${'b'.repeat(500)}`;
    const [source, carets] = excerpt(line, { column: 501, endColumn: 505 });
    expect(source).toBe(`…${'a'.repeat(30)}WORD${'b'.repeat(66)}…`);
    expect(source.slice(carets.indexOf('^'), carets.length)).toBe('WORD');
    const [whole, all] = excerpt(line, { column: 1, endColumn: 1005 });
    expect([whole.length, all.length]).toEqual([101, 100]);
  });

  test('lines of CRLF files and files with a byte-order mark are shown without them', () => {
    const text = renderText(makeReport([makeFinding({ line: 1 })], '\ufeffSERVER a ANY\r\nx\r\n'));
    expect(text).toContain('     1 | SERVER a ANY\n       | ^\n');
  });
});

test('for programs: every finding has why and fix, and the summary counts them', () => {
  const report = lintFixture('lint/options-keyword-in-license');
  const { findings, summary } = JSON.parse(renderJson(report)) as {
    findings: Record<string, unknown>[];
    summary: unknown;
  };
  expect(summary).toEqual({ files: 1, errors: 3, warnings: 0, infos: 0 });
  expect(findings[0]).toMatchObject({
    rule: 'options-keyword-in-license',
    severity: 'error',
    file: 'options-keyword-in-license.lic',
    line: 5,
    column: 1,
    endColumn: 8,
    fix: 'Move the line to acmed.opt.',
    why: expect.stringContaining('belong in the options file'),
  });
});

describe('for GitHub Actions', () => {
  test('a finding is one workflow command', () => {
    const line = renderGithub(makeReport([makeFinding({ endColumn: 7 })]));
    expect(line).toMatch(
      /^::error file=test\.lic,line=2,col=1,endColumn=6,title=two-servers::expected one SERVER[^\n]*%0AFor one server [^\n]*\n$/,
    );
  });

  test('percent signs, line ends, colons and commas are escaped where they would mislead', () => {
    const finding = makeFinding({ file: 'a,b:c%.lic', message: '50%: a,b\r\nx', severity: 'info' });
    const line = renderGithub(makeReport([finding]));
    expect(line).toMatch(/^::notice file=a%2Cb%3Ac%25\.lic,line=2,col=1,/);
    expect(line).toContain('::50%25: a,b%0D%0Ax%0A');
    expect(line.indexOf('\n')).toBe(line.length - 1);
  });

  test('no finding is no output', () => {
    expect(renderGithub(makeReport([]))).toBe('');
  });
});

interface SarifLog {
  readonly $schema: string;
  readonly version: string;
  readonly runs: readonly {
    readonly tool: { readonly driver: { readonly name: string; readonly rules: readonly Rule[] } };
    readonly columnKind: string;
    readonly results: readonly Result[];
  }[];
}
interface Rule {
  readonly id: string;
  readonly [property: string]: unknown;
}
interface Result {
  readonly ruleId: string;
  readonly ruleIndex: number;
  readonly level: string;
  readonly message: { readonly text: string };
  readonly locations: readonly {
    readonly physicalLocation: {
      readonly artifactLocation: { readonly uri: string };
      readonly region: Readonly<Record<string, number>>;
    };
  }[];
}

describe('for code scanning', () => {
  const sarif = (report: LintReport): SarifLog => JSON.parse(renderSarif(report)) as SarifLog;

  test('a SARIF 2.1.0 log of one run: rules that speak, results that point at them', () => {
    const findings = lintRules.map(({ id, severity }, index) =>
      makeFinding({ rule: id, severity, line: index + 1, endColumn: 4 }),
    );
    const log = sarif(makeReport(findings));
    expect(sarifFaults(log)).toEqual([]);
    expect(log.version).toBe('2.1.0');
    expect(log.$schema).toMatch(/sarif-2\.1\.0\.json$/);
    expect(log.runs).toHaveLength(1);
    const { tool, columnKind, results } = log.runs[0]!;
    expect(columnKind).toBe('utf16CodeUnits');
    expect(tool.driver.rules.map(({ id }) => id)).toEqual(lintRules.map(({ id }) => id));
    expect(results).toHaveLength(lintRules.length);
    for (const { ruleId, ruleIndex, level, message, locations } of results) {
      expect(tool.driver.rules[ruleIndex]?.id).toBe(ruleId);
      expect(['error', 'warning', 'note']).toContain(level);
      expect(message.text).not.toBe('');
      expect(locations[0]!.physicalLocation.region).toMatchObject({ startColumn: 1, endColumn: 4 });
    }
  });

  test.each([
    ['lic/a b.lic', 'lic/a%20b.lic'],
    ['lic\\a#1.lic', 'lic/a%231.lic'],
    ['/etc/lic/ä.lic', 'file:///etc/lic/%C3%A4.lic'],
    ['C:\\lic\\a.lic', 'file:///C:/lic/a.lic'],
    ['a:b.lic', 'a%3Ab.lic'],
    ['<stdin>', '%3Cstdin%3E'],
    ['100%.lic', '100%25.lic'],
    ['\ud800.lic', '%EF%BF%BD.lic'],
  ])('the file %s is the URI reference %s', (file, uri) => {
    const [run] = sarif(makeReport([makeFinding({ file })])).runs;
    expect(run!.results[0]!.locations[0]!.physicalLocation.artifactLocation.uri).toBe(uri);
    expect(sarifFaults(sarif(makeReport([makeFinding({ file })])))).toEqual([]);
  });

  test('a log that is none is told where', () => {
    const log = { version: '2.0', runs: [{ results: [{ message: {}, level: 'info', extra: 1 }] }] };
    expect(sarifFaults(log)).toEqual([
      '$.version: 2.0',
      '$.runs[0]: no tool',
      '$.runs[0].results[0].message: no text',
      '$.runs[0].results[0].level: info',
      '$.runs[0].results[0].extra: no property of result',
    ]);
  });

  test('no finding is a run without results', () => {
    expect(sarifFaults(sarif(makeReport([])))).toEqual([]);
    const [run] = sarif(makeReport([])).runs;
    expect([run!.results, run!.tool.driver.rules]).toEqual([[], []]);
  });
});
