import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { renderLmstat } from '../../src/text/lmstat.ts';
import { dialectOf } from '../../src/text/lmstat-dialect.ts';
import { parseLmstat } from '../../src/text/lmstat-parser/parse-lmstat.ts';
import { renderLicenseTable } from '../../src/text/lmstat-table.ts';
import { dialectNames, licenseRows, optionsFor, reports } from './lmstat-arbitraries.ts';
import { carried, carriedExpiry } from './lmstat-carried.ts';
import { makeFullReport, reportTime } from './make-report.ts';

const numRuns = Number(process.env['FAUXLM_FUZZ'] ?? 60);

/** Without what a report does not have: line numbers, texts beside their values, the words of errors. */
function bare(value: unknown, key = ''): unknown {
  if (Array.isArray(value)) return value.map((each) => bare(each));
  if (typeof value !== 'object' || value === null) return value;
  const left = Object.entries(value).filter(([name]) => {
    if (name === 'line' || name === 'client' || name === 'startText') return false;
    return !(key === 'error' && name === 'text');
  });
  return Object.fromEntries(left.map(([name, each]) => [name, bare(each, name)]));
}

describe.each(['', ...dialectNames])('parse(render(report)) = report, in dialect "%s"', (name) => {
  test('whatever the report holds', () => {
    fc.assert(
      fc.property(reports, optionsFor(name), (report, options) => {
        const text = [...renderLmstat(report, options)].join('');
        expect(bare(parseLmstat(text))).toEqual(carried(report, options));
      }),
      { numRuns },
    );
  });

  test('whatever the table of -i holds', () => {
    const dialect = dialectOf(name || '11.18.1')!;
    fc.assert(
      fc.property(licenseRows, (rows) => {
        const table = { at: reportTime, program: 'lmutil', rows } as const;
        const parsed = parseLmstat([...renderLicenseTable(table, dialect)].join(''));
        expect(parsed.unexplained).toEqual([]);
        expect(bare(parsed.table)).toEqual(
          rows.map((row) => ({ ...row, expiry: carriedExpiry(row.expiry, dialect) })),
        );
      }),
      { numRuns },
    );
  });

  test('and also after a mail program has turned its line ends', () => {
    const options = { usage: 'all', ...(name ? { dialect: dialectOf(name)! } : {}) } as const;
    const text = [...renderLmstat(makeFullReport(), options)].join('');
    const parsed = parseLmstat(text);
    expect(parsed.unexplained).toEqual([]);
    expect(parseLmstat(`\uFEFF${text.replaceAll('\n', '\r\n')}`)).toEqual(parsed);
    const quoted = text.replaceAll('\n', '\n\n').replaceAll(/^[ \t]+/gm, '  ');
    expect(bare(parseLmstat(quoted))).toEqual(bare(parsed));
  });
});
