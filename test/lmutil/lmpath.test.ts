import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { banner, lines, lmutil, type Ran } from './test-io.ts';

let home: string;
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'lmpath-'));
});
afterEach(() => rmSync(home, { recursive: true }));

function lmpath(args: readonly string[], env: Record<string, string> = {}): Promise<Ran> {
  return lmutil(['lmpath', ...args], { env, overrides: { home } });
}

const rows = (): string => readFileSync(join(home, '.flexlmrc'), 'utf8');

const status = (vendors: readonly string[], others: string): string =>
  lines(
    banner,
    'Known Vendors:',
    '_____________',
    '',
    ...vendors,
    '',
    'Other Vendors:',
    '_____________',
    '',
    others,
  );

test('lmpath -status shows the variables and the kept rows behind them', async () => {
  writeFileSync(join(home, '.flexlmrc'), 'ACMED_LICENSE_FILE=27001@kept\n');
  const env = { ACMED_LICENSE_FILE: '27000@alpha', LM_LICENSE_FILE: '27000@beta:27001@beta' };
  const { out, err, status: code } = await lmpath(['-status'], env);
  expect(out).toBe(status(['acmed: 27000@alpha:27001@kept'], '27000@beta:27001@beta'));
  expect({ err, code }).toEqual({ err: '', code: 0 });
});

test('a directory is shown as the license files in it', async () => {
  const folder = join(home, 'licenses');
  mkdirSync(folder);
  for (const name of ['b.lic', 'a.lic', 'notes.txt']) writeFileSync(join(folder, name), '');
  const { out } = await lmpath(['-status'], { LM_LICENSE_FILE: folder });
  expect(out).toBe(status([], `${join(folder, 'a.lic')}:${join(folder, 'b.lic')}`));
});

test('without any path the default license file is shown', async () => {
  const { out } = await lmpath(['-status']);
  expect(out).toBe(status([], '/usr/local/flexlm/licenses/license.dat'));
});

test('-add puts a path before the one that is kept, for a vendor or for all', async () => {
  await lmpath(['-add', 'acmed', '27000@alpha']);
  await lmpath(['-add', 'acmed', '27001@beta']);
  await lmpath(['-add', 'all', '27002@gamma']);
  expect(rows()).toBe('ACMED_LICENSE_FILE=27001@beta:27000@alpha\nLM_LICENSE_FILE=27002@gamma\n');
});

test('-override replaces the kept path, and an empty one removes it; other lines stay', async () => {
  writeFileSync(join(home, '.flexlmrc'), '# mine\nACMED_LICENSE_FILE=1@old\nOTHER=1\n');
  const { out } = await lmpath(['-override', 'acmed', '27000@alpha']);
  expect(out).toContain('acmed: 27000@alpha\n');
  expect(rows()).toBe('# mine\nOTHER=1\nACMED_LICENSE_FILE=27000@alpha\n');
  await lmpath(['-override', 'acmed', '']);
  expect(rows()).toBe('# mine\nOTHER=1\n');
});

test.each([
  [[], 'lmpath: expected one of -status, -add and -override\n'],
  [['-status', '-add', 'x', '1@a'], 'lmpath: expected one of -status, -add and -override\n'],
  [['-add', 'acmed'], 'lmpath: expected one license path, got 0\n'],
  [
    ['-add', 'no vendor', '1@a'],
    'lmpath: no vendor: expected the name of a vendor daemon, or all\n',
  ],
  [
    ['-add', 'acmed', '0@alpha'],
    'lmpath: -add, column 1: expected a port from 1 to 65535 before "@", got 0@alpha\n',
  ],
])('lmpath %j is refused and keeps nothing', async (args, err) => {
  expect(await lmpath(args)).toEqual({ status: 214, out: '', err });
  expect(rows).toThrow('ENOENT');
});
