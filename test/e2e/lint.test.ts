import { expect, test } from 'vitest';
import { limits } from '../../src/base/limits.ts';
import { Folder, run } from './processes.ts';

const twoServers = 'SERVER a ANY 27000\nSERVER b ANY 27000\nVENDOR v\nFEATURE f v 1 permanent 1\n';

test('lint reads standard input for -, and its exit status says whether there are errors', async () => {
  const bad = await run('fauxlm', ['lint', '-'], { input: twoServers });
  expect(bad).toMatchObject({ status: 1, err: '' });
  expect(bad.out).toMatch(/^<stdin>:2:1: error: .*\[two-servers\]$/m);
  const good = await run('fauxlm', ['lint', '-', '--json'], {
    input: twoServers.replace('SERVER b ANY 27000\n', ''),
  });
  expect(good).toMatchObject({ status: 0, err: '' });
  expect(JSON.parse(good.out)).toMatchObject({ summary: { files: 1, errors: 0 } });
});

test('lint refuses more on standard input than a file may have', async () => {
  const large = await run('fauxlm', ['lint', '-'], { input: 'x'.repeat(limits.fileBytesMax + 1) });
  expect(large).toMatchObject({ status: 2, out: '' });
  expect(large.err).toContain('FILE_TOO_LARGE');
});

test('lint takes the license files of a directory, and refuses one without any', async () => {
  using folder = new Folder();
  folder.file('b.lic', 'SERVER a ANY 27000\nVENDOR v\n');
  folder.file('a.LIC', 'INCREMENT f v 1 permanent 1 TIMEOUT=60\n');
  folder.file('v.opt', 'MAX 1 nosuch USER u\n');
  folder.file('notes.txt', twoServers);
  const { status, out } = await run('fauxlm', ['lint', folder.path, '--format', 'github']);
  expect(status).toBe(1);
  expect(out).toContain('title=timeout-on-feature');
  expect(out).toContain('title=options-unknown-feature');
  expect(out).not.toContain('two-servers');
  using empty = new Folder();
  const none = await run('fauxlm', ['lint', empty.path]);
  expect(none).toMatchObject({ status: 2, out: '' });
  expect(none.err).toContain('expected a directory with *.lic files');
});
