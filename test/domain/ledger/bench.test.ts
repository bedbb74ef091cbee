import { expect, test } from 'vitest';
import { measure, run } from '../../../bench/ledger.ts';

test('the ledger bench does the same work each time, and measures every case', () => {
  const first = measure('small');
  expect(measure('small').hash).toBe(first.hash);
  expect(first.rows.map(({ seatsOut, features }) => [seatsOut, features])).toEqual([
    [10, 1],
    [10, 500],
    [10_000, 1],
    [10_000, 500],
  ]);
  for (const { ledger, counter, keeper } of first.rows) {
    expect(Math.min(ledger, counter, keeper)).toBeGreaterThan(0);
  }
});

test('it says how the cost grows with the seats, with the features and with both', () => {
  const growth = run('small').flatMap(({ name }) => /growth to (.*)/.exec(name)?.[1] ?? []);
  expect(growth).toEqual([
    '10000 seats, 1 features',
    '10 seats, 500 features',
    '10000 seats, 500 features',
  ]);
});
