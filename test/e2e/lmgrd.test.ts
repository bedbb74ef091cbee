import { spawn } from 'node:child_process';
import { expect, test } from 'vitest';
import { lmutil } from '../lmutil/test-io.ts';
import {
  acme,
  alive,
  ended,
  environment,
  Folder,
  programs,
  run,
  textOf,
  until,
} from './processes.ts';

test('lmgrd serves in the foreground with -z, its log on standard output', async () => {
  using folder = new Folder();
  const license = folder.file('acme.lic', acme.replace('ANY', 'ANY 0'));
  const child = spawn(process.execPath, [programs.lmgrd, '-c', license, '-z', '-datestamp'], {
    env: environment(),
  });
  const over = ended(child);
  let text = '';
  child.stdout.on('data', (chunk) => {
    text += chunk;
  });
  await until(() => text.includes('betad using TCP-port'));
  child.kill('SIGTERM');
  const { status, out } = await over;
  expect(status).toBe(0);
  expect(out).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\S+ \(lmgrd\) EXITING DUE TO SIGNAL 15$/m);
});

test('lmgrd goes to the background once it serves, and lmdown ends it', async () => {
  using folder = new Folder();
  const log = folder.at('lmgrd.log');
  const license = folder.file('acme.lic', acme.replace('ANY', 'ANY 0'));
  const { status, out } = await run('lmgrd', ['-c', license, '-l', log]);
  expect(status).toBe(0);
  const port = /fauxlm ready: (\d+)@/.exec(out)![1]!;
  // The log is written when the disk takes it, not before the server is ready.
  await until(() => /PID: \d+/.test(textOf(log)));
  const pid = Number(/PID: (\d+)/.exec(textOf(log))![1]);
  try {
    expect(alive(pid)).toBe(true);
    const down = await run('lmutil', ['lmdown', '-c', `${port}@127.0.0.1`, '-q']);
    expect(down.status).toBe(0);
    await until(() => !alive(pid));
  } finally {
    if (alive(pid)) process.kill(pid, 'SIGKILL');
  }
  expect(textOf(log)).toContain('(lmgrd) EXITING DUE TO SIGNAL 15');
});

test('lmgrd -x lmdown refuses lmdown for everyone', async () => {
  using folder = new Folder();
  const license = folder.file('acme.lic', acme.replace('ANY', 'ANY 0'));
  const child = spawn(process.execPath, [programs.lmgrd, '-c', license, '-z', '-x', 'lmdown'], {
    env: environment(),
  });
  const over = ended(child);
  let text = '';
  child.stdout.on('data', (chunk) => {
    text += chunk;
  });
  await until(() => text.includes('betad using TCP-port'));
  const port = /lmgrd tcp-port (\d+)/.exec(text)![1]!;
  const down = await run('lmutil', ['lmdown', '-c', `${port}@127.0.0.1`, '-q']);
  expect(down.out).toContain('(-63,');
  expect(down.status).toBe(193);
  child.kill('SIGTERM');
  expect((await over).status).toBe(0);
});

test.each(['-help', '-h', '--help'])('lmgrd %s prints every flag and ends with 0', async (flag) => {
  const { status, out, err } = await run('lmgrd', [flag]);
  expect({ status, err }).toEqual({ status: 0, err: '' });
  expect(out).toContain('-c value');
  expect(out).toContain('-2 ');
});

test('lmgrd -2 -p leaves lmdown to administrators; -2 alone changes nothing', async () => {
  using folder = new Folder();
  const license = folder.file('acme.lic', acme.replace('ANY', 'ANY 0'));
  for (const [flags, wanted] of [
    [['-2', '-p'], 193],
    [['-2'], 0],
  ] as const) {
    const words = [programs.lmgrd, '-c', license, '-z', ...flags];
    const child = spawn(process.execPath, words, { env: environment() });
    const over = ended(child);
    let text = '';
    child.stdout.on('data', (chunk) => {
      text += chunk;
    });
    await until(() => text.includes('betad using TCP-port'));
    const port = /lmgrd tcp-port (\d+)/.exec(text)![1]!;
    const { status } = await lmutil(['lmdown', '-c', `${port}@127.0.0.1`, '-q']);
    expect(status).toBe(wanted);
    child.kill('SIGTERM');
    expect((await over).status).toBe(0);
  }
});

test.each([
  ['no license file', [], /expected -c LICENSE_FILES/],
  ['an unknown flag', ['-c', 'x.lic', '-q'], /expected a flag of lmgrd, got "-q"/],
  [
    'a tool that cannot be disabled',
    ['-z', '-c', 'fixtures/licenses/ansys.lic', '-x', 'lmstat'],
    /lmdown, lmreread, lmrem/,
  ],
  ['a missing file', ['-z', '-c', '/nowhere.lic'], /\/nowhere\.lic: expected a readable file/],
])('%s: status 2 and a clear message', async (_what, words, message) => {
  const { status, err } = await run('lmgrd', words);
  expect(status).toBe(2);
  expect(err).toMatch(message);
});
