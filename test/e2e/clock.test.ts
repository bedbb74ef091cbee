import { spawn } from 'node:child_process';
import { expect, test } from 'vitest';
import { acme, ended, environment, Folder, programs, run, until } from './processes.ts';

/** What a program prints until it is told to end. */
async function outputOf(
  program: keyof typeof programs,
  words: readonly string[],
  { env = {}, ready }: { env?: Record<string, string>; ready: string },
): Promise<string> {
  const child = spawn(process.execPath, [programs[program], ...words], { env: environment(env) });
  const over = ended(child);
  let text = '';
  child.stdout.on('data', (chunk) => {
    text += chunk;
  });
  await Promise.race([until(() => text.includes(ready)), over]);
  child.kill('SIGTERM');
  const { out, err } = await over;
  expect(err).toBe('');
  return out;
}

test.each([
  [[], { FAUXLM_CLOCK: 'manual@2030-01-07T09:00' }],
  [['--clock', 'manual@2030-01-07T09:00'], {}],
  [['--clock', 'manual@2030-01-07T09:00', '--processes'], { FAUXLM_CLOCK: 'real' }],
])('serve %j stands at the time it was given, in all its processes', async (words, env) => {
  using folder = new Folder();
  const all = ['serve', folder.file('acme.lic', acme), '--port', '0', '--log', '-', ...words];
  const out = await outputOf('fauxlm', all, { env, ready: 'fauxlm ready' });
  const stamps = new Set(
    [...out.matchAll(/^(.{8}) \((?:lmgrd|acmed|betad)\) /gm)].map(([, at]) => at),
  );
  expect([...stamps]).toEqual([' 9:00:00']);
  expect(out).toContain("(lmgrd) Server's System Date and Time: Mon Jan 07 2030 09:00:00");
  expect(out).toContain('(betad) (@betad-SLOG@) Start-Date: Mon Jan 07 2030 09:00:00');
});

test('lmgrd takes --clock and FAUXLM_CLOCK, too', async () => {
  using folder = new Folder();
  const words = ['-c', folder.file('acme.lic', acme.replace('ANY', 'ANY 0')), '-z'];
  const ready = 'betad using TCP-port';
  const flag = await outputOf('lmgrd', [...words, '--clock', 'manual@2031-02-03'], { ready });
  expect(flag).toContain('Mon Feb 03 2031 00:00:00');
  const env = { FAUXLM_CLOCK: 'x2@2032-02-03' };
  expect(await outputOf('lmgrd', words, { env, ready })).toContain('Tue Feb 03 2032 00:00:0');
});

test.each([
  ['serve', ['serve', 'fixtures/licenses/ansys.lic', '--port', '0', '--clock', 'slow']],
  ['lmgrd', ['-z', '-c', 'fixtures/licenses/ansys.lic', '--clock', 'slow']],
])('%s says what a clock can be', async (name, words) => {
  const { status, err } = await run(name === 'serve' ? 'fauxlm' : 'lmgrd', words);
  expect(status).toBe(2);
  expect(err).toContain(
    '--clock: expected real, manual, manual@2030-01-07T09:00 or x60, got "slow"',
  );
});
