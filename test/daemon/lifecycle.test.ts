import { writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { afterEach, expect, test } from 'vitest';
import { type LicenseServer, startServer } from '../../src/daemon/server.ts';
import { Folder, textOf, until } from '../e2e/processes.ts';

const head = ['SERVER this_host ANY', 'VENDOR acmed'];
const acmed = [...head, 'INCREMENT solve acmed 2.0 permanent 5 SIGN=00', ''].join('\n');
const both = `${acmed}VENDOR betad\nINCREMENT view betad 1.0 permanent 5 SIGN=00\n`;

let server: LicenseServer | undefined;

afterEach(async () => {
  await server?.stop();
  server = undefined;
});

async function start(folder: Folder): Promise<LicenseServer> {
  const license = folder.file('acme.lic', acmed);
  server = await startServer({
    licenses: [license],
    port: 0,
    log: { path: folder.at('debug.log') },
  });
  return server;
}

/** How often the manager told of a daemon that it was started, by the words of its log line. */
function told(folder: Folder, words: string): number {
  return textOf(folder.at('debug.log')).split(words).length - 1;
}

/** Whether somebody listens there. */
function listens(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    socket.once('connect', () => resolve(true));
    socket.once('error', () => resolve(false));
    socket.once('connect', () => socket.destroy());
  });
}

test('two rereads at once start a daemon that is new in the file once', async () => {
  using folder = new Folder();
  const { vendors } = await start(folder);
  expect(vendors).toHaveLength(1);
  writeFileSync(folder.at('acme.lic'), both);
  await Promise.all([server!.reread(), server!.reread()]);
  expect(server!.vendors.map(({ up }) => up)).toEqual([true, true]);
  await server!.stop();
  expect(told(folder, 'betad using TCP-port')).toBe(1);
});

test('a reread while a daemon restarts after a crash starts it once', async () => {
  using folder = new Folder();
  await start(folder);
  await Promise.all([server!.killVendor('acmed'), server!.reread(), server!.reread()]);
  await until(() => server!.vendors[0]!.up);
  await server!.reread();
  await server!.stop();
  expect(told(folder, 'acmed using TCP-port')).toBe(2);
  expect(told(folder, 'REStarted acmed')).toBe(1);
});

test('a daemon killed while it restarts comes back all the same', async () => {
  using folder = new Folder();
  await start(folder);
  await server!.killVendor('acmed');
  await server!.killVendor('acmed');
  await until(() => server!.vendors[0]!.up);
  await server!.reread();
  await server!.stop();
  expect(told(folder, 'REStarted acmed')).toBe(2);
});

test('a stop wins over a restart under way: nothing listens afterwards', async () => {
  using folder = new Folder();
  const { vendors, port } = await start(folder);
  await server!.killVendor('acmed');
  await Promise.all([server!.stop(), server!.reread().catch(() => {})]);
  expect(await listens(vendors[0]!.port)).toBe(false);
  expect(await listens(port)).toBe(false);
  expect(server!.vendors.map(({ up }) => up)).toEqual([false]);
});
