import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { parseLicenseFile } from '../../src/domain/license/parse.ts';
import { banner, lines, lmutil } from './test-io.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'lminstall-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

function write(...rows: readonly string[]): string {
  const file = join(folder, 'in.lic');
  writeFileSync(file, lines(...rows));
  return file;
}

const keyed = [
  '# kept as it is',
  'SERVER alpha 0200aabbccdd 27000',
  'VENDOR acmed /opt/acmed',
  'FEATURE solve acmed 2.0 permanent 3 AB12CD34EF56 VENDOR_STRING="a b" HOSTID=0200aabbccdd ISSUED=1-jan-2030 SIGN=00',
  'FEATURE view acmed 1.0 permanent uncounted AB12CD34EF56 HOSTID=ANY SIGN=00',
];

test.each([
  [
    '2',
    'DAEMON acmed /opt/acmed',
    'FEATURE solve acmed 2.0 1-jan-0 3 AB12CD34EF56 "a b" 0200aabbccdd',
    'FEATURE view acmed 1.0 1-jan-0 0 AB12CD34EF56 "" ANY',
  ],
  [
    '5',
    'DAEMON acmed /opt/acmed',
    'FEATURE solve acmed 2.0 1-jan-0 3 AB12CD34EF56 VENDOR_STRING="a b" HOSTID=0200aabbccdd ISSUED=1-jan-2030',
    'FEATURE view acmed 1.0 1-jan-0 0 AB12CD34EF56 HOSTID=ANY',
  ],
  [
    '6',
    'VENDOR acmed /opt/acmed',
    'FEATURE solve acmed 2.0 permanent 3 AB12CD34EF56 VENDOR_STRING="a b" HOSTID=0200aabbccdd ISSUED=1-jan-2030',
    'FEATURE view acmed 1.0 permanent uncounted AB12CD34EF56 HOSTID=ANY',
  ],
])('-overfmt %s writes the words of that format', async (format, vendor, solve, view) => {
  const args = ['-i', write(...keyed), '-overfmt', format, '-maxlen', '200'];
  const { out, status } = await lmutil(['lminstall', ...args]);
  expect(out).toBe(lines(keyed[0]!, keyed[1]!, vendor, solve, view));
  expect(status).toBe(0);
});

test('long lines are broken before -maxlen, and say the same as before', async () => {
  const file = write(...keyed);
  const output = join(folder, 'out.lic');
  const { out } = await lmutil(['lminstall', '-i', file, '-o', output, '-maxlen', '40']);
  expect(out).toBe('');
  const text = readFileSync(output, 'utf8');
  expect(Math.max(...text.split('\n').map((line) => line.length))).toBeLessThanOrEqual(40);
  const said = (each: string) =>
    parseLicenseFile({ name: 'x', text: each, encoding: 'utf-8' }).lines.map((line) =>
      line.kind === 'feature' ? [line.name, line.count, line.attributes] : line.kind,
    );
  expect(said(text)).toEqual(said(readFileSync(file, 'utf8')));
});

test('a line without a key has none in a format that needs one: -8, and nothing is written', async () => {
  const file = write('FEATURE solve acmed 2.0 permanent 3 SIGN=00');
  const output = join(folder, 'out.lic');
  const { out, status } = await lmutil(['lminstall', '-i', file, '-o', output, '-overfmt', '5']);
  expect(out).toMatch(new RegExp(`^lminstall failed: ${file}:1: .* \\(-8,1\\)$`, 'm'));
  expect(status).toBe(248);
  expect(existsSync(output)).toBe(false);
});

test('decimal is neither written nor read', async () => {
  const file = write('# first', 'acmed-solve-01234-56789-01234-5');
  const written = await lmutil(['lminstall', '-i', file, '-odecimal']);
  expect(written.out).toMatch(/\(-98,1\)$/m);
  const read = await lmutil(['lminstall', '-i', file]);
  expect(read.out).toMatch(new RegExp(`^lminstall failed: ${file}:2: .*\\(-99,1\\)$`, 'm'));
  expect([written.status, read.status]).toEqual([158, 157]);
  expect(read.out.startsWith(`${banner}\n`)).toBe(true);
});

test.each([
  [[], 'lminstall: expected -i and a license file\n'],
  [['-i', 'x', 'y'], 'lminstall: y: expected a flag, got an operand\n'],
  [['-i', 'x', '-maxlen', '3'], 'lminstall: -maxlen: expected at least 20, got 3\n'],
  [['-i', 'x', '-overfmt', '9'], 'lminstall: -overfmt: expected 2|3|4|5|5.1|6|7.1|8, got 9\n'],
])('lminstall %j is wrong usage', async (args, err) => {
  expect(await lmutil(['lminstall', ...args])).toEqual({ status: 214, out: '', err });
});
