import { expect, test } from 'vitest';
import { run } from '../../bench/clock.ts';

test('the clock bench does the same work each time, in the same order either way', async () => {
  const first = await run('small');
  const second = await run('small');
  expect(second.map(({ hash }) => hash)).toEqual(first.map(({ hash }) => hash));
  // Seats come back at the daemon's scans, so theirs are other times.
  expect(first[1]!.hash).toBe(first[0]!.hash);
  expect(first).toHaveLength(3);
  for (const { ratio } of first) expect(ratio).toBeGreaterThan(0);
});
