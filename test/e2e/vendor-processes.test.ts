import { type ChildProcess, fork, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { expect, test } from 'vitest';
import { limits } from '../../src/base/limits.ts';
import type { LicenseServer, startServer } from '../../src/daemon/server.ts';
import { BulkClient } from '../daemon/bulk-client.ts';
import { checkoutBytes, greeted, helloBytes } from '../daemon/raw-client.ts';
import { acme, alive, Folder, run, Server, textOf, until } from './processes.ts';

/** The built server: a daemon in a process of its own runs the built program. */
async function start(folder: Folder, text = acme): Promise<LicenseServer> {
  const built = await import(/* @vite-ignore */ resolve('dist/daemon/server.js'));
  return (built.startServer as typeof startServer)({
    licenses: [folder.file('acme.lic', text)],
    port: 0,
    processes: true,
    log: { path: folder.at('debug.log') },
  });
}

function told(folder: Folder, words: string): number {
  return textOf(folder.at('debug.log')).split(words).length - 1;
}

test('rereads that overlap are each answered, and start a new daemon once', async () => {
  using folder = new Folder();
  const server = await start(folder);
  writeFileSync(
    folder.at('acme.lic'),
    `${acme}VENDOR gammad\nINCREMENT g gammad 1.0 permanent 1 SIGN=00\n`,
  );
  await Promise.all(Array.from({ length: 5 }, () => server.reread()));
  expect(server.vendors.map(({ up }) => up)).toEqual([true, true, true]);
  await server.stop();
  expect(told(folder, 'gammad using TCP-port')).toBe(1);
});

test('a daemon killed while it restarts comes back all the same', async () => {
  using folder = new Folder();
  const server = await start(folder);
  const first = server.vendors[0]!.pid;
  process.kill(first, 'SIGKILL');
  await until(() => ![0, first].includes(server.vendors[0]!.pid));
  const second = server.vendors[0]!.pid;
  expect(server.vendors[0]!.up).toBe(false);
  process.kill(second, 'SIGKILL');
  await until(() => server.vendors[0]!.up);
  expect([first, second]).not.toContain(server.vendors[0]!.pid);
  await server.stop();
});

test('a stop during a restart leaves no process behind', async () => {
  using folder = new Folder();
  const server = await start(folder);
  const first = server.vendors[0]!.pid;
  process.kill(first, 'SIGKILL');
  await until(() => ![0, first].includes(server.vendors[0]!.pid));
  const pids = server.vendors.map(({ pid }) => pid);
  await server.stop();
  expect(pids.map(alive)).toEqual([false, false]);
  expect(server.vendors.map(({ up }) => up)).toEqual([false, false]);
});

test('a daemon that hangs in a reread keeps no server from stopping', async () => {
  using folder = new Folder();
  const server = await start(folder);
  const { pid } = server.vendors[0]!;
  process.kill(pid, 'SIGSTOP');
  const reread = expect(server.reread()).rejects.toThrow('stopped');
  // Its turn has come when the manager has logged it.
  await until(() => told(folder, 'Rereading license file... Requested') > 0);
  await Promise.all([server.stop(), reread]);
  expect(alive(pid)).toBe(false);
});

test('the journal has the return of each of 5,000 seats that were out at the stop', async () => {
  using folder = new Folder();
  const server = await start(
    folder,
    'SERVER this_host ANY\nVENDOR acmed\nINCREMENT solve acmed 2.0 permanent 5000 SIGN=00\n',
  );
  const client = await greeted(server.vendors[0]!.port);
  for (let tag = 1; tag <= 5000; tag++) client.send(checkoutBytes('solve', { tag }));
  for (let tag = 1; tag <= 5000; tag++) expect((await client.message()).type).toBe(0x7f04);
  await server.stop();
  const count = (kind: string) =>
    server.journal.entries().filter(({ event }) => event.kind === kind).length;
  expect([count('seatTaken'), count('seatReturned')]).toEqual([5000, 5000]);
  client.end();
});

test('a daemon whose manager is gone before it could be told anything ends', async () => {
  const child = fork('dist/daemon/vendor-main.js', { stdio: ['ignore', 'pipe', 'pipe', 'ipc'] });
  const exit = once(child, 'exit');
  child.disconnect();
  expect(await exit).toEqual([1, null]);
});

/** Lets a process open so many files from now on; what it has open stays so. */
function limitDescriptors(pid: number, descriptors: number): void {
  const { status, error } = spawnSync('prlimit', ['--pid', `${pid}`, `--nofile=${descriptors}:`]);
  if (status !== 0) throw error ?? new Error(`prlimit ended with ${status}`);
}

const noPrlimit = spawnSync('prlimit', ['--version']).status !== 0;
if (noPrlimit) console.log('skipped: a manager out of descriptors: there is no prlimit here');

function stopped(child: ChildProcess): boolean {
  return child.exitCode !== null || child.signalCode !== null;
}

test.skipIf(noPrlimit)(
  'a manager out of descriptors outlives the death of a daemon, and starts it when it can',
  async () => {
    using folder = new Folder();
    const files = [folder.file('acme.lic', acme), '--processes', '--log', folder.at('debug.log')];
    await using server = await Server.start(folder, files);
    const { child, ready } = server;
    limitDescriptors(child.pid!, 16);
    process.kill(ready.vendors[0]!.pid, 'SIGKILL');
    await until(() => told(folder, 'acmed exited with status 0 signal = 9') > 0 || stopped(child));
    limitDescriptors(child.pid!, 256);
    const words = ['checkout', 'solve', '-c', ready.address, '--', 'true'];
    await until(async () => stopped(child) || (await run('fauxlm', words)).status === 0);
    const { status, err } = await server.stop();
    expect(status).toBe(0);
    expect(err).toContain('EMFILE');
  },
);

test('a daemon whose manager does not read its events goes on, loses the oldest, and says so once', async () => {
  using folder = new Folder();
  const license = folder.file('acme.lic', acme);
  await using server = await Server.start(folder, [license, '--processes']);
  const acmed = server.ready.vendors.find(({ name }) => name === 'acmed')!;
  process.kill(server.ready.pid, 'SIGSTOP');
  const asked = 2 * limits.feedEventsMax;
  const client = await BulkClient.open(acmed.port);
  const question = checkoutBytes('nosuch');
  const all = [helloBytes('acmed'), ...Array<Buffer>(asked).fill(question)];
  void client.sent(Buffer.concat(all));
  await client.until(0x7f00, asked);
  expect(client.heard(0x7f00)).toBe(asked);
  client.end();
  process.kill(server.ready.pid, 'SIGCONT');
  expect(await run('lmutil', ['lmstat', '-c', server.ready.address])).toMatchObject({ status: 0 });
  const { err } = await server.stop();
  const told = err.split('\n').filter((line) => line.includes('events'));
  expect(told).toMatchObject(
    [/events are lost: the manager takes them too slowly/, /takes events again/].map((words) =>
      expect.stringMatching(words),
    ),
  );
  expect(Number(/lost\W+(\d+)/.exec(told[1]!)?.[1])).toBeGreaterThan(0);
});

const noStates = process.platform !== 'linux';
if (noStates) console.log('skipped: a daemon whose manager was killed: states are read from /proc');

function isStopped(pid: number): boolean {
  return /^State:\tT/m.test(textOf(`/proc/${pid}/status`));
}

test.skipIf(noStates)(
  'a daemon whose manager was killed grants nothing any more, not even what was asked before',
  async () => {
    using folder = new Folder();
    await using server = await Server.start(folder, [folder.file('acme.lic', acme), '--processes']);
    const { port, pid } = server.ready.vendors.find(({ name }) => name === 'acmed')!;
    const client = await greeted(port);
    client.send(checkoutBytes('solve', { tag: 1 }));
    expect((await client.message()).type).toBe(0x7f04);
    // The request stands in front of the news of the manager's end when the daemon looks again.
    process.kill(pid, 'SIGSTOP');
    await until(() => isStopped(pid));
    await client.sent(checkoutBytes('solve', { tag: 2 }));
    const gone = once(server.child, 'exit');
    server.child.kill('SIGKILL');
    await gone;
    process.kill(pid, 'SIGCONT');
    expect((await client.message()).type).toBe('closed');
    await until(() => !alive(pid));
  },
);
