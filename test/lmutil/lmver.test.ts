import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { banner, lines, lmutil } from './test-io.ts';

const folder = mkdtempSync(join(tmpdir(), 'fauxlm-lmver-'));
afterAll(() => rmSync(folder, { recursive: true }));

function fileWith(bytes: string): string {
  const path = join(folder, 'program');
  writeFileSync(path, bytes, 'latin1');
  return path;
}

test.each([
  ['\0\0@(#) FLEXnet Licensing v11.6.0 build 56285 i86_lsb (c) x\0', 'v11.6.0 build 56285 i86_lsb'],
  ['@(#) FlexNet Licensing v11.16.2 build 242680 x64_n6', 'v11.16.2 build 242680 x64_n6'],
  ['@(#) FLEXlm 9.2d (built for fun)', 'v9.2 build 0 unknown'],
])('lmver finds the version in %j', async (bytes, expected) => {
  const path = fileWith(bytes);
  const { status, out } = await lmutil(['lmver', path]);
  expect(out).toBe(lines(banner, `${path}: FlexNet Licensing ${expected}`));
  expect(status).toBe(0);
});

test('a version that two chunks of a large file share is found whole', async () => {
  const version = 'FLEXnet Licensing v11.6.0 build 56285 i86_lsb';
  for (const before of [10, 20, 40]) {
    const path = fileWith(`${'\0'.repeat(1024 * 1024 - before)}${version}\0`);
    expect((await lmutil(['lmver', path])).out).toContain('v11.6.0 build 56285 i86_lsb\n');
  }
});

test('a file without one says so, and one that is not there is -1', async () => {
  const path = fileWith('FlexNet for short');
  const none = await lmutil(['lmver', path]);
  expect(none).toEqual({
    status: 0,
    err: '',
    out: lines(banner, `${path}: no FlexNet version found`),
  });
  expect(await lmutil(['lmver', `${path}.gone`])).toEqual({
    status: 255,
    err: '',
    out: lines(banner, `${path}.gone: No such file or directory (-1,359:2)`),
  });
});

test.each([
  [folder, 'Is a directory (-30,359:21)'],
  ['/dev/zero', 'Invalid argument (-30,359:22)'],
])('%s is no program file', async (path, why) => {
  const { status, out } = await lmutil(['lmver', path]);
  expect(out).toBe(lines(banner, `${path}: ${why}`));
  expect(status).toBe(-30 & 0xff);
});
