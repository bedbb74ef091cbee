import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { PlanLicenses } from '../../src/plan/feature-license.ts';
import { readTraces } from '../../src/plan/sources.ts';
import { type ComplianceRow, complianceRows } from '../../src/plan/usage/compliance.ts';
import {
  complianceTable,
  tableCsv,
  tableMarkdown,
  tableText,
} from '../../src/plan/usage/usage-text.ts';
import { testFolder } from './log-text.ts';
import { logOf, MONDAY, type Session } from './sessions.ts';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

/** So many users at once, for some hours from a day of January on. */
const together = (day: number, users: number, hours: number): readonly Session[] =>
  Array.from({ length: users }, (_, user) => ({
    ...{ at: MONDAY + (day - 5) * DAY_MS + 9 * HOUR_MS, holdMs: hours * HOUR_MS, user: `u${user}` },
  }));

async function complianceOf(
  sources: readonly string[],
  license?: string,
  { options = '', have = undefined as number | undefined, span = 'week' as const } = {},
): Promise<readonly ComplianceRow[]> {
  const folder = testFolder();
  const licenses = license === undefined ? [] : [join(folder, 'acme.lic')];
  if (license !== undefined) {
    writeFileSync(licenses[0]!, `SERVER this_host ANY\nVENDOR acmed\n${license}\n`);
    writeFileSync(join(folder, 'acmed.opt'), options);
  }
  const read = await readTraces({ sources, timeZone: 'UTC' });
  return complianceRows(read, {
    ...{ span, licenses: new PlanLicenses({ licenses, options: {}, timeZone: 'UTC' }, read.end) },
    ...(have === undefined ? {} : { have }),
  });
}

const line = (rest: string): string => `INCREMENT solve acmed 1.0 ${rest} SIGN=00`;

describe('use against what there is', () => {
  const log = () => logOf([...together(6, 3, 2), ...together(13, 6, 2), ...together(20, 9, 2)]);

  test('is within it, in its overdraft or beyond, week by week', async () => {
    const rows = await complianceOf([log()], line('permanent 4 OVERDRAFT=3'));
    expect(rows.map(({ from, state, peak }) => [from, state, peak])).toEqual([
      ['2026-01-05', 'within', 3],
      ['2026-01-12', 'overdraft', 6],
      ['2026-01-19', 'beyond', 9],
    ]);
    expect(rows[1]).toMatchObject({ seats: 4, overdraft: 3, hoursOver: 2, overdraftSeatHours: 4 });
    expect(rows[2]).toMatchObject({ hoursOver: 2, overdraftSeatHours: 6, beyondSeatHours: 4 });
    expect(rows[2]).toMatchObject({ source: 'license' });
  });

  test('MAX_OVERDRAFT takes of the overdraft', async () => {
    const options = 'MAX_OVERDRAFT solve 1\n';
    const rows = await complianceOf([log()], line('permanent 4 OVERDRAFT=3'), { options });
    expect(rows[1]).toMatchObject({ state: 'beyond', overdraftSeatHours: 2, beyondSeatHours: 2 });
  });

  test('lines count from their START to the end of their last day', async () => {
    const lines = [line('12-jan-2026 9'), line('permanent 9 START=20-jan-2026')].join('\n');
    const rows = await complianceOf([log()], lines);
    expect(rows.map(({ state, seats }) => [state, seats])).toEqual([
      ['within', 9],
      // The old license ended the day before, the new one is not there yet.
      ['beyond', 0],
      ['within', 9],
    ]);
  });

  test('users who share a seat by DUP_GROUP take one', async () => {
    const twice = [...together(6, 3, 2), ...together(6, 3, 1)];
    const rows = await complianceOf([logOf(twice)], line('permanent 3 DUP_GROUP=UH'));
    expect(rows[0]).toMatchObject({ state: 'within', peak: 3 });
    expect((await complianceOf([logOf(twice)], line('permanent 3')))[0]!.peak).toBe(6);
  });

  test('a feature that no line has is beyond any license; uncounted ones never are', async () => {
    const other = line('permanent 4').replace('solve', 'mesh');
    expect((await complianceOf([log()], other))[0]).toMatchObject({ state: 'beyond', seats: 0 });
    const rows = await complianceOf([log()], line('permanent uncounted HOSTID=ANY'));
    expect(rows[2]).toMatchObject({ state: 'within', seats: null, source: 'license' });
  });

  test('without a license file goes by what is told, or by nothing', async () => {
    expect((await complianceOf([log()], undefined, { have: 6 }))[2]).toMatchObject({
      ...{ source: 'told', state: 'beyond', beyondSeatHours: 6 },
    });
    expect((await complianceOf([log()]))[2]).toMatchObject({ source: null, state: 'unknown' });
  });

  test('of samples goes by the seats that they tell, as they change', async () => {
    const path = join(testFolder(), 'samples.csv');
    const at = (day: number, hour: number): string =>
      new Date(MONDAY + day * DAY_MS + hour * HOUR_MS).toISOString();
    const rows = [
      ...[[at(1, 9), 5, 4] as const, [at(1, 10), 5, 4] as const, [at(1, 11), 0, 4] as const],
      ...[[at(8, 9), 5, 6] as const, [at(8, 10), 5, 6] as const, [at(8, 11), 0, 6] as const],
    ].map(([time, used, total]) => `${time},solve,${used},${total}`);
    writeFileSync(path, ['time,feature,used,total', ...rows, ''].join('\n'));
    expect((await complianceOf([path])).map(({ source, state }) => [source, state])).toEqual([
      ['samples', 'beyond'],
      ['samples', 'within'],
    ]);
  });

  test('is told as a table, for spreadsheets and in Markdown', async () => {
    const rows = await complianceOf([log()], line('permanent 4 OVERDRAFT=3'));
    expect(tableText(complianceTable, rows).split('\n')[3]).toBe(
      '2026-01-19  solve    beyond     license       4          3     9           2                     6                  4',
    );
    expect(tableCsv(complianceTable, rows).split('\r\n')[3]).toBe(
      '2026-01-19,acmed,solve,beyond,license,4,3,9,2,6,4',
    );
    expect(tableMarkdown(complianceTable, rows)).toContain('| 2026-01-19 | solve | beyond |');
  });
});
