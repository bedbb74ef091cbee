import { expect, test } from 'vitest';
import { run } from '../../../bench/ledger.ts';

test('the ledger bench does the same work each time, and prints a line a case', () => {
  const lines: string[] = [];
  const first = run('small', (line) => lines.push(line));
  const second = run('small', () => {});
  expect(second.hash).toBe(first.hash);
  expect(first.rows.map(({ seatsOut, features }) => [seatsOut, features])).toEqual([
    [10, 1],
    [10, 50],
    [200, 1],
    [200, 50],
  ]);
  for (const { ratio } of first.rows) expect(ratio).toBeGreaterThan(0);
  expect(lines.length).toBe(first.rows.length + 1);
});
