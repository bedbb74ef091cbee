import { statSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { run } from '../../bench/lmutil-start.ts';
import { bundleLmutil, finish } from './bundle.ts';
import { records, startOwn } from './license-server.ts';
import { banner, lines } from './test-io.ts';

let bundle: Awaited<ReturnType<typeof bundleLmutil>>;

beforeAll(async () => {
  bundle = await bundleLmutil();
});
afterAll(() => bundle.remove());

/** One feature with this many users, 500 a page. */
async function startBusy(users: number) {
  const { feature, pool, user } = records;
  const list = Array.from({ length: users }, (_, handle) =>
    user({ user: `user${handle}`, handle }),
  );
  const pages = [[feature({ used: users }), pool({ used: users })]];
  for (let at = 0; at < users; at += 500) pages.push(list.slice(at, at + 500));
  return startOwn({ vendors: { acmed: { pages } } });
}

test('the bundle is one executable file that runs by itself', async () => {
  expect(statSync(bundle.path).mode & 0o111).toBe(0o111);
  const { status, out, err } = await finish(bundle.path, []);
  expect(out.startsWith(`${banner}\nusage: `)).toBe(true);
  expect({ status, err }).toEqual({ status: 0, err: '' });
});

test.each([
  [['lmstat', '-c', '1@127.0.0.1'], 241],
  [['lmstat', '-c', '/no/such/file.lic'], 255],
  [['lmpath', '-status'], 0],
  [['lmstat', '-v'], 0],
])('lmutil %j exits with %i and says nothing on standard error', async (args, code) => {
  const { status, out, err } = await finish(bundle.path, args);
  expect({ status, err }).toEqual({ status: code, err: '' });
  expect(out.endsWith('\n')).toBe(true);
});

test('wrong usage is told on standard error', async () => {
  const { status, out, err } = await finish(bundle.path, ['lmstat', '-nosuch']);
  expect({ status, out }).toEqual({ status: 214, out: '' });
  expect(err).toBe('lmstat: -nosuch: expected a flag of this tool, got an unknown one\n');
});

test('a link named lmstat is lmstat', async () => {
  const link = join(bundle.folder, 'lmstat');
  symlinkSync(bundle.path, link);
  const { out } = await finish(link, ['-v']);
  expect(out).toMatch(/^lmstat - .*\nlmstat v[0-9.]+ build [0-9]+ /);
});

test('a long report comes whole through a pipe', async () => {
  const server = await startBusy(30_000);
  const { status, out, err } = await finish(bundle.path, ['lmstat', '-a', '-c', server.address]);
  expect(out.match(/^ {4}user\d+ /gm)).toHaveLength(30_000);
  expect(out.length).toBeGreaterThan(2_000_000);
  expect({ status, err }).toEqual({ status: 0, err: '' });
});

test('a reader that goes away early does no harm', async () => {
  const server = await startBusy(12_000);
  const args = ['lmstat', '-a', '-c', server.address];
  const { status, err } = await finish(bundle.path, args, { readBytes: 100 });
  expect({ status, err }).toEqual({ status: 0, err: '' });
});

test('output that cannot be written is no success', async () => {
  for (const args of ['', 'lmstat -v', 'lmhostid -n', 'lmstat -c 1@127.0.0.1']) {
    const command = `"${bundle.path}" ${args} >/dev/full`;
    const { status, err } = await finish('/bin/sh', ['-c', command]);
    expect({ status, err }, args).toEqual({
      status: 255,
      err: 'lmutil: standard output: expected to write, got: no space left on the device\n',
    });
  }
});

test('a standard output that is closed from the start does no harm', async () => {
  const { status, err } = await finish('/bin/sh', ['-c', `"${bundle.path}" >&-`]);
  expect({ status, err }).toEqual({ status: 0, err: '' });
});

test('questions are answered through a pipe, several lines at once', async () => {
  const first = await startOwn({ vendors: { acmed: {} } });
  const second = await startOwn({ vendors: { acmed: {} } });
  const args = ['lmdown', '-c', `${first.address}:${second.address}`];
  const yes = await finish(bundle.path, args, { input: '1\ny\n' });
  expect(yes.out.endsWith('    1 FlexNet License Server shut down\n')).toBe(true);
  expect([first.all('adminRequest').length, second.all('adminRequest').length]).toEqual([1, 0]);
  const end = await finish(bundle.path, args, { input: '' });
  expect(end.out.endsWith('No server selected, exiting\n')).toBe(true);
  expect(end.status).toBe(0);
});

test('lmhostid of this machine has one of the documented forms', async () => {
  const { out } = await finish(bundle.path, ['lmhostid', '-hostname']);
  expect(out).toMatch(/\nThe FlexNet host ID of this machine is "HOSTNAME=[^"]+"\n$/);
  expect((await finish(bundle.path, ['lmhostid', '-n', '-user'])).out).toMatch(/^USER=\S+\n$/);
});

test('the start-up bench does its work', async () => {
  const [row] = await run('small', bundle.path);
  expect(row?.ratio).toBeGreaterThan(0);
  const again = await run('small', bundle.path);
  expect(again.map(({ hash }) => hash)).toEqual([row?.hash]);
});

test('lines of the report are complete when standard error is merged in', async () => {
  const { out, err } = await finish('/bin/sh', [
    '-c',
    `"${bundle.path}" lmstat -c 1@127.0.0.1 2>&1`,
  ]);
  expect(out.split('\n').at(-2)).toBe(
    'Error getting status: Cannot connect to license server system. (-15,570:111 "Connection refused")',
  );
  expect(lines(banner)).toBe(`${out.split('\n')[0]}\n`);
  expect(err).toBe('');
});
