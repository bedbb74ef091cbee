import { beforeAll, expect, test } from 'vitest';
import { failureLines, timelineLine } from '../../src/scenario/reporters/reporter.ts';
import type { ScenarioResult } from '../../src/scenario/results.ts';
import { scenarioFiles } from '../../src/scenario/scenario-files.ts';
import { type Ran, runFiles } from './make.ts';

const files = scenarioFiles(['scenarios']);
/** Over processes every third, for each start takes half a second of a core; FAUXLM_FUZZ=1000 takes all. */
const share = Number(process.env['FAUXLM_FUZZ'] ?? 0) >= files.length ? 1 : 3;

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

/** One after another, in this process: what all other ways are held against. */
let alone: Ran;

beforeAll(async () => {
  alone = await runFiles(files, { jobs: 1 });
}, 300_000);

test('every scenario of scenarios/ passes', () => {
  expect(alone.results.flatMap(failureLines).join('\n')).toBe('');
  expect(alone.summary).toMatchObject({ failed: 0, broken: 0 });
});

test('a scenario has the same transcript whatever runs beside it', async () => {
  const together = await runFiles(files, { jobs: 8 });
  expect(transcripts(together.results)).toEqual(transcripts(alone.results));
}, 300_000);

test('a scenario has the same transcript in one process and over processes', async () => {
  const some = files.filter((_, index) => index % share === 0);
  const there = await runFiles(some, { jobs: 4, mode: 'process' });
  expect(there.results.flatMap(failureLines).join('\n')).toBe('');
  const ran = new Set(some);
  expect(transcripts(there.results)).toEqual(
    transcripts(alone.results.filter(({ file }) => ran.has(file))),
  );
  expect(there.results.length).toBeGreaterThanOrEqual(some.length);
}, 1_200_000);

test('scenarios that are a matter of the ledger have the same transcript on the ledger alone', async () => {
  const ledger = await runFiles(files, { mode: 'ledger' });
  const taken = ledger.results.filter(({ status }) => status !== 'skipped');
  expect(taken.flatMap(failureLines).join('\n')).toBe('');
  const taking = new Set(taken.map(({ file }) => file));
  const same = alone.results.filter(({ file }) => taking.has(file));
  expect(transcripts(taken)).toEqual(transcripts(same));
  expect(taken.length).toBeGreaterThan(10);
});
