import { expect, test } from 'vitest';
import { failureLines } from '../../src/scenario/reporters/reporter.ts';
import { scenarioFiles } from '../../src/scenario/scenario-files.ts';
import { runFiles } from './make.ts';

test('every scenario of scenarios/ passes, and has the same transcript whatever runs beside it', async () => {
  const files = scenarioFiles(['scenarios']);
  const alone = await runFiles(files, { jobs: 1 });
  expect(alone.results.flatMap(failureLines).join('\n')).toBe('');
  const together = await runFiles(files, { jobs: 8 });
  expect(together.results.map(({ timeline }) => timeline)).toEqual(
    alone.results.map(({ timeline }) => timeline),
  );
});
