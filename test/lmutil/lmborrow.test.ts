import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { BorrowedLicenses } from '../../src/client/borrowed-licenses.ts';
import { connectClient } from '../../src/client/client.ts';
import { startLicenseServer } from '../../src/testing/license-server.ts';
import { banner, lines, lmutil, type Ran, testTime } from './test-io.ts';

let home: string;
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'lmborrow-'));
});
afterEach(() => rmSync(home, { recursive: true }));

function lmborrow(...args: readonly string[]): Promise<Ran> {
  return lmutil(['lmborrow', ...args], { overrides: { home } });
}

const HOUR_MS = 60 * 60 * 1000;

/** A license that admin@desk.example.com has borrowed here. */
function keep(feature: string, hours: number, server = '27000@alpha'): void {
  const until = testTime + hours * HOUR_MS;
  new BorrowedLicenses(home).add({
    ...{ vendor: 'acmed', feature, version: '2.0', count: 1, server, handle: 101 },
    ...{ user: 'admin', host: 'desk.example.com' },
    ...{ borrowedAt: testTime - HOUR_MS, until, serverUntil: until },
  });
}

const heading = [
  'Vendor       Feature                          Version      Expiration',
  '______       _______                          _______      __________',
];

test('-status lists what is borrowed here, over or not, and what LM_BORROW says', async () => {
  expect((await lmborrow('-status')).out).toBe(
    lines(banner, ...heading, '', 'LM_BORROW is not set'),
  );
  keep('solve', 2);
  keep('mesh', -0.5);
  const { out, status } = await lmborrow('-status');
  expect(out.split('\n').slice(3, 5).sort()).toEqual([
    'acmed        mesh                             2.0          2026-03-09 08:35 (over)',
    'acmed        solve                            2.0          2026-03-09 11:05',
  ]);
  expect(status).toBe(0);
});

test('a vendor and an end are kept for the checkouts of today; -clear forgets them, and no license', async () => {
  keep('solve', 2);
  const { out } = await lmborrow('ACMED', '12-mar-2026:18:30');
  expect(out).toBe(lines(banner, 'LM_BORROW=9-mar-2026:acmed:12-mar-2026:18:30'));
  await lmborrow('all', '12-mar-2026:');
  expect(new BorrowedLicenses(home).wish).toBe('9-mar-2026:all:12-mar-2026');
  expect((await lmborrow('-clear')).out).toBe(lines(banner, 'LM_BORROW is not set'));
  expect(new BorrowedLicenses(home).list()).toHaveLength(1);
});

test('-purge forgets what is over only', async () => {
  keep('solve', 2);
  keep('mesh', -0.5);
  await lmborrow('-purge');
  expect(new BorrowedLicenses(home).list().map(({ feature }) => feature)).toEqual(['solve']);
});

test('-return gives a license back to the server it came from, once', async () => {
  const text = lines(
    'SERVER this_host ANY',
    'VENDOR acmed',
    'INCREMENT solve acmed 2.0 permanent 1 BORROW SIGN=00',
  );
  await using server = await startLicenseServer({ licenses: { name: 'a.lic', text } });
  const who = { user: 'admin', host: 'desk.example.com' };
  const client = await connectClient({ server: server.address, ...who });
  expect(await client.borrow('solve', { until: '2h' })).toMatchObject({ ok: true });
  client.close();
  keep('solve', 2, server.address);

  const used = (): number => server.snapshot('acmed').features[0]!.used;
  expect(used()).toBe(1);
  const others = await lmborrow('-return', '-u', 'ben', '-c', server.address, 'solve');
  expect(others.out).toMatch(/^lmborrow failed: .* \(-128,930\)$/m);
  expect(used()).toBe(1);
  const { out, status } = await lmborrow('-return', 'SOLVE');
  expect(out).toBe(lines(banner, 'SOLVE is returned'));
  expect({ status, used: used() }).toEqual({ status: 0, used: 0 });
  expect(new BorrowedLicenses(home).list()).toEqual([]);
  const again = await lmborrow('-return', '-c', server.address, 'solve');
  expect(again.out).toMatch(/\(-128,930\)$/m);
  expect(again.status).toBe(128);
});

test('a server that cannot be reached keeps the license, here and there', async () => {
  keep('solve', 2, '1@127.0.0.1');
  const { out, status } = await lmborrow('-return', 'solve');
  expect(out).toMatch(/^lmborrow failed: .* \(-15,570:111 "Connection refused"\)$/m);
  expect(status).toBe(241);
  expect(new BorrowedLicenses(home).list()).toHaveLength(1);
});

test.each([
  [[], 'lmborrow: expected a vendor or all, and an end such as 9-mar-2031:18:30\n'],
  ...['tomorrow', '99-xxx-2030', '31-feb-2030', '1-jan-2030:25:00', '1-jan-2030:9:7'].map(
    (end): [string[], string] => [
      ['acmed', end],
      `lmborrow: ${end}: expected dd-mmm-yyyy or dd-mmm-yyyy:hh:mm of a day and a time that there are\n`,
    ],
  ),
  [['-status', '-clear'], 'lmborrow: expected one of -status and -clear\n'],
  [['-status', 'x'], 'lmborrow: x: expected no operand behind -status\n'],
  [['-return'], 'lmborrow: expected one feature, got 0\n'],
])('lmborrow %j is wrong usage', async (args, err) => {
  expect(await lmborrow(...args)).toEqual({ status: 214, out: '', err });
});
