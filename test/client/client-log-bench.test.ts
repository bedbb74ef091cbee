import { expect, test } from 'vitest';
import { run } from '../../bench/client-log.ts';

test('the client-log bench writes a line per step and measures with and without', async () => {
  const rows = await run('small');
  expect(rows.map(({ name, hash }) => [name, hash])).toEqual([
    // 3 rounds of 10 flows: path, server, connect, hello, daemons, redirect, daemon, checkout,
    // result, checkin.
    ['client log: connect, checkout, check-in, close', 'lines=300'],
    // 3 rounds: 9 lines to get there, then 50 pairs of two.
    ['client log: checkout, check-in on a held session', 'lines=327'],
  ]);
  for (const { ratio } of rows) expect(ratio).toBeGreaterThan(0);
});
