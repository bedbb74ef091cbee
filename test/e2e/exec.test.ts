import { spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { ended, environment, Folder, programs, run } from './processes.ts';

const license = `SERVER this_host ANY 27000
VENDOR acmed PORT=27001
INCREMENT solve acmed 1.0 permanent 1 SIGN=00
`;

/** A command of the shell that calls our programs. */
const fauxlm = `"${process.execPath}" ${programs.fauxlm}`;
const lmutil = `"${process.execPath}" ${programs.lmutil}`;

test.each([
  ['exit 9', 9],
  ['kill -9 $$', 137],
  ['true', 0],
])('%s ends exec with %i', async (command, expected) => {
  using folder = new Folder();
  const words = ['exec', folder.file('acme.lic', license), '--', 'sh', '-c', command];
  expect(await run('fauxlm', words)).toMatchObject({ status: expected, out: '', err: '' });
});

test('a command finds the server by the general variable and by the vendor’s own, on a free port', async () => {
  using folder = new Folder();
  const script = [
    'test "$LM_LICENSE_FILE" = "$ACMED_LICENSE_FILE" || exit 1',
    `${fauxlm} checkout solve --user ann --host ws1 -- ${lmutil} lmstat -f solve`,
    `${fauxlm} clock advance 2h >/dev/null && ${fauxlm} clock now`,
  ].join('; ');
  const words = ['exec', folder.file('acme.lic', license), '--http', '127.0.0.1:0'];
  const flags = [
    '--clock',
    'manual@2030-01-07T09:00',
    '--time-zone',
    'UTC',
    '--log',
    folder.at('debug.log'),
  ];
  const { status, out, err } = await run('fauxlm', [...words, ...flags, '--', 'sh', '-c', script]);
  expect({ status, err }).toEqual({ status: 0, err: '' });
  expect(out).toContain('Total of 1 license in use');
  expect(out).toContain('ann ws1');
  expect(out).toMatch(/2030-01-07T11:00/);
  expect(readFileSync(folder.at('debug.log'), 'utf8')).toMatch(
    /OUT: "solve" ann@ws1[\s\S]*EXITING DUE TO SIGNAL/,
  );
});

test('two run side by side, although the license file names their ports', async () => {
  using folder = new Folder();
  const file = folder.file('acme.lic', license);
  const words = [
    'exec',
    file,
    '--',
    'sh',
    '-c',
    `${fauxlm} checkout solve -- echo $LM_LICENSE_FILE`,
  ];
  const [one, two] = await Promise.all([run('fauxlm', words), run('fauxlm', words)]);
  expect([one.status, two.status]).toEqual([0, 0]);
  expect(one.out).toMatch(/^\d+@127\.0\.0\.1\n$/);
  expect(one.out).not.toBe(two.out);
});

test('nothing runs when the file cannot be served, or without a command', async () => {
  using folder = new Folder();
  const touch = ['--', 'touch', folder.at('ran')];
  const two = folder.file(
    'two.lic',
    license.replace('VENDOR', 'SERVER that_host ANY 27000\nVENDOR'),
  );
  const refused = await run('fauxlm', ['exec', two, ...touch]);
  expect(refused).toMatchObject({ status: 2, out: '' });
  expect(refused.err).toContain('[two-servers]');
  expect(existsSync(folder.at('ran'))).toBe(false);
  const bare = await run('fauxlm', ['exec', folder.file('acme.lic', license)]);
  expect(bare).toMatchObject({ status: 2, out: '' });
  expect(bare.err).toContain('expected a command behind --');
  const missing = await run('fauxlm', [
    'exec',
    folder.file('b.lic', license),
    '--',
    'no-such-command',
  ]);
  expect(missing).toMatchObject({ status: 127, out: '' });
});

test('a signal reaches the command, whose end ends exec and its server', async () => {
  using folder = new Folder();
  const script = 'trap "exit 5" TERM; echo $LM_LICENSE_FILE; while :; do sleep 0.05; done';
  const words = ['exec', folder.file('acme.lic', license), '--', 'sh', '-c', script];
  const child = spawn(process.execPath, [programs.fauxlm, ...words], { env: environment() });
  const over = ended(child);
  child.stdout.once('data', () => child.kill('SIGTERM'));
  const { status, out } = await over;
  expect(status).toBe(5);
  const gone = await run('lmutil', ['lmstat', '-c', out.trim()]);
  expect(gone.status).toBe(241);
});
