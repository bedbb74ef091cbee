import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { planPage } from '../../src/plan/page/plan-page.ts';
import type { Plan } from '../../src/plan/plan.ts';
import { planAsJson } from '../../src/plan/plan-json.ts';
import { planCsv, planMarkdown } from '../../src/plan/plan-tables.ts';
import { planText } from '../../src/plan/plan-text.ts';
import { ingestSources } from '../../src/plan/samples/ingest-samples.ts';
import { readTraces } from '../../src/plan/sources.ts';
import { tableText, usageTable } from '../../src/plan/usage/usage-text.ts';
import { run } from '../e2e/processes.ts';
import { testFolder } from './log-text.ts';
import { logOf, MONDAY, plan, poisson } from './sessions.ts';

const POLL_MS = 5 * 60_000;
const sessions = poisson('words', 8, 30);
const whatIfs = ['growth 20%', 'timeout 2h worked 4h'];

function fileOf(name: string, rows: readonly string[]): string {
  const path = join(testFolder(), name);
  writeFileSync(path, rows.map((row) => `${row}\n`).join(''));
  return path;
}

/** Seats in use every five minutes; with how many there are, if somebody says so. */
function samplesOf(days: number, total = ''): string {
  const rows: string[] = [];
  for (let at = MONDAY; at < MONDAY + days * 86_400_000; at += POLL_MS) {
    const used = sessions.filter((each) => each.at <= at && at < each.at + each.holdMs).length;
    rows.push(`${at / 1000},solve,${used},${total}`);
  }
  return fileOf('samples.csv', ['time,feature,used,total', ...rows]);
}

function tableOf(): string {
  const iso = (at: number): string => new Date(at).toISOString();
  const rows = sessions.map(
    ({ at, holdMs, user }) => `solve,${iso(at)},${iso(at + holdMs)},${user}`,
  );
  return fileOf('sessions.csv', ['feature,start,end,user', ...rows]);
}

/** All that is written of a plan. */
function textsOf(planned: Plan): readonly string[] {
  const page = planPage(planned).replace(/<style>[\s\S]*?<\/style>/, '');
  const json = JSON.stringify(planAsJson(planned));
  return [planText(planned), planMarkdown(planned), planCsv(planned), page, json];
}

describe('what a history was told by is called so, wherever it is named', () => {
  test.each([
    ['the samples', () => samplesOf(29), 'The samples do not show how many you have; at most'],
    ['the table', tableOf, 'The table does not show how many you have; at most'],
    ['the log', () => logOf(sessions), 'The log does not show how many you have; at most'],
  ])('%s', async (it, source, unknown) => {
    const planned = await plan([source()], { whatIfs, timeZone: 'UTC' });
    const others = ['the log', 'the samples', 'the table'].filter((each) => each !== it);
    for (const text of textsOf(planned)) {
      for (const other of others) {
        expect(text).not.toMatch(new RegExp(`\\b${other}(?:s)?\\b(?! of sessions)`, 'i'));
      }
    }
    const [text, markdown, , page] = textsOf(planned);
    for (const form of [text, markdown, page]) expect(form).toContain(unknown);
    if (it === 'the log') {
      expect(text).toMatch(
        /^ {2}starts: \d+, \d+ of them refused for good and \d+ delayed in the log/m,
      );
      expect(page).toContain('starts of daemons');
    } else {
      expect(text).toMatch(new RegExp(`^ {2}starts in ${it}: \\d+$`, 'm'));
      expect(markdown).toMatch(new RegExp(`^- \\d+ starts in ${it}$`, 'm'));
      expect(page).not.toMatch(/starts of daemons|refused for good/);
    }
    expect(page).toContain(`Each start of ${it}, tried again`);
    expect(page).toContain(`Sessions whose begin and end are in ${it}.`);
    expect(page).toContain(`<b>Replay of ${it}</b>`);
    expect(page).toContain(`new starts are like those of ${it}, by people who are new`);
    expect(page).toMatch(new RegExp(`Assumed: ${it} do(es)? not tell who is idle`));
  });

  test('in the reason for no answer, and in a mistake', async () => {
    const source = samplesOf(2, '20');
    const { features } = await plan([source], { timeZone: 'UTC' });
    expect(features[0]!.reason).toMatch(/^the samples cover 2\.0 days and no full week/);
    expect(planText(await plan([source], { timeZone: 'UTC' }))).toMatch(
      /^For solve, the samples do not say how many seats it takes: the samples cover/,
    );
    await expect(readTraces({ sources: [source], feature: 'mesh' })).rejects.toThrow(
      '--feature: expected a feature of the samples, got "mesh"',
    );
  });
});

describe('what stumbles is told so that one can go on', () => {
  test('a single sample, and less than a day', async () => {
    const source = fileOf('one.csv', ['time,feature,used,total', `${MONDAY / 1000},solve,3,20`]);
    const text = planText(await plan([source], { timeZone: 'UTC' }));
    expect(text).toContain('the samples cover less than a day and no full week');
    expect(text).toContain('  from one sample: denials are not in them');
  });

  test('what was ingested is no source of an ingest', async () => {
    const folder = testFolder();
    await ingestSources({ logs: [logOf(sessions)], folder, site: 'main', timeZone: 'UTC' });
    const again = ingestSources({ logs: [folder], folder: testFolder(), site: 'main' });
    await expect(again).rejects.toThrow(
      /expected debug logs or samples, got the tables of an ingest/,
    );
  });

  test('a report of nothing says so', () => {
    expect(tableText(usageTable, []).split('\n')[1]).toBe('(nothing was used)');
  });

  test('a flag for a file without one, before anything is replayed', async () => {
    const { status, out, err } = await run('fauxlm', ['plan', logOf(sessions), '--html']);
    expect({ status, out }).toEqual({ status: 2, out: '' });
    expect(err).toContain('--html: expected a file behind it, got nothing');
  });
});
