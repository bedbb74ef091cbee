import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  closeSync,
  constants,
  existsSync,
  linkSync,
  openSync,
  symlinkSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { createServer } from 'node:net';
import { expect, test } from 'vitest';
import {
  acme,
  alive,
  ended,
  environment,
  Folder,
  programs,
  run,
  Server,
  textOf,
  until,
} from './processes.ts';

const single =
  'SERVER this_host ANY\nVENDOR acmed\nINCREMENT solve acmed 2.0 permanent 3 SIGN=00\n';

test.each([
  ['a port that is no number', ['--port', 'abc'], /--port: expected a whole number .*got "abc"/],
  ['a flag given twice', ['--log', 'a', '--log', 'b'], /--log: expected it once, got it 2 times/],
  ['a flag without its value', ['--log'], /--log: expected a value behind it, got nothing/],
  ['an empty address', ['--host='], /host/],
  ['an unknown level', ['--log-level', 'wran'], /--log-level: .*got "wran"; did you mean warn\?/],
  [
    'options of nobody',
    ['--options', 'acmd=x'],
    /\(acmed, betad\), got "acmd"; did you mean acmed/,
  ],
  [
    'one advertised port for two daemons',
    ['--advertise', 'h:4711'],
    /expected h without a port, or --single-port, got port 4711 for 2 vendor daemons \(acmed, betad\)/,
  ],
  ['an advertised port that is none', ['--advertise', 'h:x'], /--advertise: .*got "x"/],
  ['a fault misspelled', ['--fault', 'carsh'], /"carsh"; did you mean crash\?/],
  ['a fault of nobody', ['--fault', 'crash vendor=acme'], /"acme"; did you mean acmed\?/],
  ['a fault after no time', ['--fault', 'crash after=xs'], /expected a duration such as .*"xs"/],
])('%s is a usage error, told before anything listens', async (_what, words, message) => {
  using folder = new Folder();
  const all = ['serve', folder.file('acme.lic', acme), ...words];
  // At the end it would be a value of --log.
  if (!words.includes('--port')) all.splice(1, 0, '--port', '0');
  const { status, out, err } = await run('fauxlm', all);
  expect({ status, out }).toEqual({ status: 2, out: '' });
  expect(err).toMatch(message);
  expect(err).not.toMatch(/NaN|^ +at |"msg":"ready"/m);
});

test('FAUXLM_ variables are checked as flags are', async () => {
  const words = ['serve', 'fixtures/licenses/ansys.lic', '--port', '0'];
  for (const env of [
    { FAUXLM_LOG_LEVEL: 'loud' },
    { FAUXLM_SINGLE_PORT: 'maybe' },
    { FAUXLM_PROTOCOL: 'new' },
  ] as Record<string, string>[]) {
    const { status, err } = await run('fauxlm', words, { env });
    expect({ status, told: err.includes(Object.values(env)[0]!) }).toEqual({
      status: 2,
      told: true,
    });
  }
});

test.each([
  [
    'an empty file',
    '',
    /1:1: expected SERVER, VENDOR and feature lines, got none \[empty-license]/,
  ],
  [
    'a file without VENDOR',
    `SERVER a ANY\nFEATURE f acmed 1 permanent 1 SIGN=0\n`,
    /vendor-missing/,
  ],
])('%s is refused with the lint rule', async (_what, text, message) => {
  using folder = new Folder();
  const { status, err } = await run('fauxlm', ['serve', folder.file('a.lic', text)]);
  expect(status).toBe(2);
  expect(err).toMatch(message);
});

test('neither log nor ready file overwrites a license or options file, by whatever name', async () => {
  using folder = new Folder();
  const license = folder.file('acme.lic', single);
  const options = folder.file('acmed.opt', 'REPORTLOG +x\n');
  symlinkSync(license, folder.at('link'));
  linkSync(options, folder.at('hard'));
  for (const words of [
    ['--log', license],
    ['--log', `+${folder.at('link')}`],
    ['--log', folder.at('hard')],
    ['--ready-file', folder.at('link')],
  ]) {
    const { status, err } = await run('fauxlm', ['serve', license, '--port', '0', ...words]);
    expect({ status, told: /got one that is served/.test(err) }).toEqual({ status: 2, told: true });
  }
  expect([textOf(license), textOf(options)]).toEqual([single, 'REPORTLOG +x\n']);
});

test('a server on an IPv6 address tells it as clients take it', async () => {
  using folder = new Folder();
  await using server = await Server.start(folder, [folder.file('a.lic', single), '--host', '::1']);
  const { address, port } = server.ready;
  expect(address).toBe(`${port}@[::1]`);
  const words = ['checkout', 'solve', '--', 'true'];
  expect((await run('fauxlm', words, { env: { LM_LICENSE_FILE: address } })).status).toBe(0);
  expect((await run('lmutil', ['lmstat', '-c', address])).status).toBe(0);
  const { out } = await server.stop();
  expect(out).toContain(`fauxlm ready: ${address} (listening on ${address})`);
});

test('--log - puts the debug log on standard output', async () => {
  using folder = new Folder();
  await using server = await Server.start(folder, [folder.file('a.lic', single), '--log', '-']);
  const { status, out } = await server.stop();
  expect(status).toBe(0);
  expect(out).toContain('(lmgrd) EXITING DUE TO SIGNAL 15');
});

test('the ready file is there while the server serves, and only then', async () => {
  using folder = new Folder();
  const ready = folder.at('ready.json');
  const gone = spawn(process.execPath, ['-e', '0']);
  await once(gone, 'exit');
  writeFileSync(ready, JSON.stringify({ pid: gone.pid }));
  const words = [folder.file('a.lic', single), '--processes', '--port', '0', '--ready-file', ready];
  const child = spawn(process.execPath, [programs.fauxlm, 'serve', ...words], {
    env: environment(),
  });
  const over = ended(child);
  // The one of a dead server goes before the new one comes.
  await until(() => !existsSync(ready) || textOf(ready).includes(`"pid":${child.pid}}`));
  await until(() => textOf(ready).includes('acmed'));
  const second = await run('fauxlm', [
    'serve',
    words[0]!,
    '--port',
    String(JSON.parse(textOf(ready)).port),
    '--ready-file',
    ready,
  ]);
  expect(second.status).toBe(3);
  expect(existsSync(ready)).toBe(true);
  child.kill('SIGTERM');
  expect((await over).status).toBe(0);
  expect(existsSync(ready)).toBe(false);
});

test('SIGTERM while the server starts ends it in order: status 0, no process, no ready file', async () => {
  using folder = new Folder();
  const log = folder.at('debug.log');
  const words = ['serve', folder.file('a.lic', acme), '--processes', '--port', '0'];
  const more = ['--log', log, '--ready-file', folder.at('ready')];
  const child = spawn(process.execPath, [programs.fauxlm, ...words, ...more], {
    env: environment(),
  });
  const over = ended(child);
  // The manager listens and has logged so; its daemons are about to come.
  await until(() => textOf(log) !== '');
  child.kill('SIGTERM');
  const { status, signal } = await over;
  expect({ status, signal }).toEqual({ status: 0, signal: null });
  const pids = [...textOf(log).matchAll(/pid (\d+)/g)].map((match) => Number(match[1]));
  expect(pids.filter(alive)).toEqual([]);
  expect(existsSync(folder.at('ready'))).toBe(false);
});

/** A pipe that is full and that nobody empties. */
class FullPipe {
  /** To write into, and to wait there. */
  readonly descriptor: number;
  readonly #reader: number;

  constructor(path: string) {
    execFileSync('mkfifo', [path]);
    this.#reader = openSync(path, constants.O_RDWR | constants.O_NONBLOCK);
    this.descriptor = openSync(path, 'w');
    try {
      for (;;) writeSync(this.#reader, Buffer.alloc(4096));
    } catch (error) {
      expect((error as NodeJS.ErrnoException).code).toBe('EAGAIN');
    }
  }

  [Symbol.dispose](): void {
    closeSync(this.descriptor);
    closeSync(this.#reader);
  }
}

/** A server with such a pipe as its standard output (1) or error (2). */
async function startUnread(
  folder: Folder,
  { pipe, as }: { readonly pipe: FullPipe; readonly as: 1 | 2 },
  words: readonly string[],
) {
  const ready = folder.at('ready.json');
  const license = folder.file('a.lic', single);
  const all = ['serve', license, '--port', '0', '--ready-file', ready, ...words];
  const child = spawn(process.execPath, [programs.fauxlm, ...all], {
    env: environment(),
    stdio: [0, 1, 2].map((each) => (each === as ? pipe.descriptor : ('ignore' as const))),
  });
  await until(() => textOf(ready) !== '');
  return { child, ready: JSON.parse(textOf(ready)) as { address: string } };
}

test.each([
  ['output', 1],
  ['error', 2],
] as const)(
  'a standard %s that nobody reads holds up neither clients nor the stop',
  async (_name, as) => {
    using folder = new Folder();
    using pipe = new FullPipe(folder.at('pipe'));
    const log = folder.at('log');
    const { child, ready } = await startUnread(folder, { pipe, as }, [
      '--fault',
      'crash',
      '--log',
      log,
    ]);
    const exit = once(child, 'exit');
    await until(() => textOf(log).includes('REStarted acmed'));
    const words = ['checkout', 'solve', '-c', ready.address, '--', 'true'];
    expect((await run('fauxlm', words)).status).toBe(0);
    child.kill('SIGTERM');
    expect(await exit).toEqual([0, null]);
  },
);

test('a debug log on a standard output that nobody reads does not, either', async () => {
  using folder = new Folder();
  using pipe = new FullPipe(folder.at('pipe'));
  const { child, ready } = await startUnread(folder, { pipe, as: 1 }, ['--log', '-']);
  const exit = once(child, 'exit');
  const words = ['checkout', 'solve', '-c', ready.address, '--', 'true'];
  expect((await run('fauxlm', words)).status).toBe(0);
  child.kill('SIGTERM');
  expect(await exit).toEqual([0, null]);
});

test('closed standard output and error end no server', async () => {
  using folder = new Folder();
  const log = folder.at('log');
  const words = [folder.file('a.lic', single), '--fault', 'crash after=200ms', '--log', log];
  await using server = await Server.start(folder, words);
  const exit = once(server.child, 'exit');
  server.child.stdout!.destroy();
  server.child.stderr!.destroy();
  // A notice or two are written into the closed pipe.
  await until(() => textOf(log).includes('REStarted acmed'));
  const checkout = ['checkout', 'solve', '-c', server.ready.address, '--', 'true'];
  expect((await run('fauxlm', checkout)).status).toBe(0);
  server.child.kill('SIGTERM');
  expect(await exit).toEqual([0, null]);
});

test('the operational log tells of ready, deaths, restarts, rereads and the stop', async () => {
  using folder = new Folder();
  const license = folder.file('a.lic', single);
  const log = folder.at('log');
  const words = [license, '--fault', 'crash', '--log', log];
  await using server = await Server.start(folder, words);
  await until(() => textOf(log).includes('REStarted acmed'));
  const { address } = server.ready;
  expect((await run('lmutil', ['lmreread', '-c', address])).status).toBe(0);
  writeFileSync(license, '');
  expect((await run('lmutil', ['lmreread', '-c', address])).status).not.toBe(0);
  const { err } = await server.stop();
  const told = err
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));
  expect(told.map(({ level, msg }) => `${level} ${msg}`)).toEqual([
    '30 ready',
    '40 vendor daemon died',
    '30 vendor daemon restarted',
    '30 reread',
    '40 reread failed',
    '30 stopping',
    '30 stopped',
  ]);
  expect(told[4].error).toContain('empty-license');
});

test('--log-level warn leaves out what is as it should be', async () => {
  using folder = new Folder();
  const words = [folder.file('a.lic', single), '--log-level', 'warn'];
  await using server = await Server.start(folder, words);
  expect((await server.stop()).err).toBe('');
});

test('two servers on one port: the second is refused, and the log of the first stays whole', async () => {
  using folder = new Folder();
  const license = folder.file('a.lic', single);
  const log = folder.at('debug.log');
  await using server = await Server.start(folder, [license, '--log', log]);
  await until(() => textOf(log) !== '');
  const before = textOf(log);
  const taken = ['serve', license, '--port', String(server.ready.port), '--log', log];
  const { status, err } = await run('fauxlm', taken);
  expect(status).toBe(3);
  // What never served need not say that it stops.
  expect(err).not.toContain('"msg"');
  expect(textOf(log).startsWith(before)).toBe(true);
});

test('a PORT= that is taken is an environment error naming it', async () => {
  using folder = new Folder();
  const taken = createServer().listen(0, '127.0.0.1');
  await once(taken, 'listening');
  const { port } = taken.address() as { port: number };
  const text = single.replace('VENDOR acmed', `VENDOR acmed PORT=${port}`);
  for (const words of [[], ['--processes']]) {
    const all = ['serve', folder.file('a.lic', text), '--port', '0', ...words];
    const { status, err } = await run('fauxlm', all);
    expect({ status, told: err.includes(`port ${port}: expected a free port`) }).toEqual({
      status: 3,
      told: true,
    });
  }
  taken.close();
});

test('an interrupt that comes twice, from the terminal and from npm, is one: the stop is in order', async () => {
  using folder = new Folder();
  const log = folder.at('debug.log');
  const words = [folder.file('a.lic', acme), '--processes', '--log', log];
  await using server = await Server.start(folder, words);
  server.child.kill('SIGINT');
  server.child.kill('SIGTERM');
  expect(await server.ended).toMatchObject({ status: 0, signal: null });
  expect(textOf(log)).toMatch(/\(lmgrd\) EXITING DUE TO SIGNAL (2|15)\n/);
});

test.each(['SIGTERM', 'SIGINT', 'SIGKILL'] as const)(
  'npm start that ends of %s takes its server along',
  async (signal) => {
    using folder = new Folder();
    const ready = folder.at('ready.json');
    const words = ['start', '--', '--port', '0', '--ready-file', ready];
    const npm = spawn('npm', words, { env: environment(), stdio: 'ignore' });
    const exit = once(npm, 'exit');
    await until(() => textOf(ready) !== '');
    const { pid } = JSON.parse(textOf(ready)) as { pid: number };
    npm.kill(signal);
    await exit;
    await until(() => !alive(pid));
    expect(existsSync(ready)).toBe(false);
  },
);
