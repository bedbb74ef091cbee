import { expect, test } from 'vitest';
import { failureLines, timelineLine } from '../../src/scenario/reporters/reporter.ts';
import type { ScenarioResult } from '../../src/scenario/results.ts';
import { scenarioFiles } from '../../src/scenario/scenario-files.ts';
import { runFiles } from './make.ts';

const files = scenarioFiles(['scenarios']);

/** What happened, as the reports show it. */
function transcripts(
  results: readonly ScenarioResult[],
): Readonly<Record<string, readonly string[]>> {
  const all = results.map(({ file, name, timeline }) => [
    `${file}: ${name}`,
    timeline.map(timelineLine),
  ]);
  return Object.fromEntries(all) as Record<string, readonly string[]>;
}

test('every scenario gives the same transcript in one process and over processes', async () => {
  const here = await runFiles(files, { jobs: 4 });
  const there = await runFiles(files, { jobs: 4, mode: 'process' });
  expect(there.results.flatMap(failureLines).join('\n')).toBe('');
  expect(transcripts(there.results)).toEqual(transcripts(here.results));
}, 600_000);

test('scenarios that are a matter of the ledger give the same transcript on the ledger alone', async () => {
  const ledger = await runFiles(files, { mode: 'ledger' });
  const taken = ledger.results.filter(({ status }) => status !== 'skipped');
  expect(taken.flatMap(failureLines).join('\n')).toBe('');
  const taking = new Set(taken.map(({ file }) => file));
  const here = await runFiles(files.filter((file) => taking.has(file)));
  expect(transcripts(taken)).toEqual(transcripts(here.results));
  expect(taken.length).toBeGreaterThan(10);
});

test('a scenario that cannot be carried out as asked is skipped, and says why', async () => {
  const { results, summary } = await runFiles(['scenarios/start/first-checkout.yaml'], {
    mode: 'ledger',
  });
  expect(results[0]).toMatchObject({
    status: 'skipped',
    reason: expect.stringContaining('programs'),
  });
  expect(summary).toMatchObject({ passed: 0, failed: 0, broken: 0, skipped: 1 });
});
