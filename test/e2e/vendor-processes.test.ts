import { type ChildProcess, fork, spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { connect, type Socket } from 'node:net';
import { resolve } from 'node:path';
import { expect, test } from 'vitest';
import type { LicenseServer, startServer } from '../../src/daemon/server.ts';
import { checkoutBytes, greeted, helloBytes } from '../daemon/raw-client.ts';
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

/** A manager that may open few files: it takes some connections, then has none left for a process. */
async function startNarrow(folder: Folder, descriptors: number) {
  const words = ['serve', folder.file('acme.lic', acme), '--processes', '--port', '0'];
  const files = ['--log', folder.at('debug.log'), '--ready-file', folder.at('ready.json')];
  const line = `ulimit -n ${descriptors}; exec "$0" "$@"`;
  const child = spawn('sh', ['-c', line, process.execPath, programs.fauxlm, ...words, ...files], {
    env: environment(),
  });
  const over = ended(child);
  await once(child.stdout, 'data');
  return { child, over, ready: JSON.parse(textOf(folder.at('ready.json'))) };
}

/** Takes connections of the manager until it gives no more greeting. */
async function exhaust(port: number): Promise<Socket[]> {
  const held: Socket[] = [];
  for (;;) {
    const socket = connect(port, '127.0.0.1');
    held.push(socket);
    socket.on('error', () => {});
    socket.write(helloBytes(''));
    const answered = await new Promise((done) => {
      socket.once('data', () => done(true));
      socket.once('close', () => done(false));
    });
    if (!answered) return held;
  }
}

function stopped(child: ChildProcess): boolean {
  return child.exitCode !== null || child.signalCode !== null;
}

test('a manager out of descriptors outlives the death of a daemon, and starts it when it can', async () => {
  using folder = new Folder();
  const { child, over, ready } = await startNarrow(folder, 256);
  const held = await exhaust(ready.port);
  process.kill(ready.vendors[0].pid, 'SIGKILL');
  await until(() => told(folder, 'acmed exited with status 0 signal = 9') > 0 || stopped(child));
  for (const socket of held) socket.destroy();
  const words = ['checkout', 'solve', '-c', ready.address, '--', 'true'];
  await until(async () => stopped(child) || (await run('fauxlm', words)).status === 0);
  child.kill('SIGTERM');
  const { status, err } = await over;
  expect(status).toBe(0);
  expect(err).toContain('EMFILE');
});
