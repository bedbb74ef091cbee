import { spawn } from 'node:child_process';
import { expect, test } from 'vitest';
import { type Ended, ended, environment, programs, run } from './processes.ts';

/** Runs `fauxlm WORDS` by way of the shell, with something done to its standard output. */
function shell(words: string, rest: string): Promise<Ended> {
  const command = `"${process.execPath}" ${programs.fauxlm} ${words} ${rest}`;
  return ended(spawn('/bin/sh', ['-c', command], { env: environment() }));
}

test.each([
  ['errors -4', 3],
  ['--help', 3],
  ['lint fixtures/licenses/ansys.lic', 3],
  ['lint fixtures/lint/two-servers.lic', 1],
  ['checkout nosuch -c 1@127.0.0.1 --json', 3],
])('fauxlm %s on a full disk says so and ends with %i', async (words, expected) => {
  const { status, err } = await shell(words, '>/dev/full');
  expect(status).toBe(expected);
  const told = 'fauxlm: standard output: expected to write, got: no space left on the device\n';
  expect(err.split(told)).toHaveLength(2);
});

test.each([['errors'], ['lint fixtures/lint/two-servers.lic'], ['--help']])(
  'a reader that goes away early ends fauxlm %s quietly',
  async (words) => {
    const { out, err } = await shell(words, '| head -1');
    expect(out.split('\n')).toHaveLength(2);
    expect(err).toBe('');
  },
);

test('lmgrd and lmutil are of one release and build', async () => {
  const [manager, tools] = await Promise.all([run('lmgrd', ['-v']), run('lmutil', ['-v'])]);
  const release = / v[0-9.]+ build \d+ /;
  expect(manager.out).toMatch(release);
  expect(release.exec(manager.out)?.[0]).toBe(release.exec(tools.out)?.[0]);
});

test.each([['-n'], ['-V'], ['-c'], ['--vendor'], ['--user'], ['--host'], ['--display']])(
  'fauxlm checkout %s without its value is wrong usage',
  async (flag) => {
    const { status, err } = await run('fauxlm', ['checkout', 'solve', flag]);
    expect(status).toBe(2);
    expect(err).toMatch(
      /^fauxlm: -.*: expected a value behind it, got nothing\n {2}see fauxlm checkout --help\n$/,
    );
  },
);

test.each([['--options'], ['--host'], ['--fault'], ['--log']])(
  'fauxlm serve %s without its value is no defect of ours',
  async (flag) => {
    const words = ['serve', 'nosuch.lic', flag];
    const { status, err } = await run('fauxlm', words);
    expect(status).toBe(2);
    expect(err).not.toMatch(/^ +at /m);
  },
);
