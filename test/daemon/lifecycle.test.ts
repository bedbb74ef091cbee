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

test('a reread that brings a second daemon to one advertised port is refused, and changes nothing', async () => {
  using folder = new Folder();
  server = await startServer({
    licenses: [folder.file('acme.lic', acmed)],
    port: 0,
    advertise: { host: 'gate.example', port: 4711 },
  });
  expect(server.address).toBe(`${server.port}@gate.example`);
  writeFileSync(folder.at('acme.lic'), both);
  await expect(server.reread()).rejects.toThrow(/got port 4711 for 2 vendor daemons/);
  expect(server.vendors.map(({ name }) => name)).toEqual(['acmed']);
});

test('with a single port the advertised one is the address of all', async () => {
  using folder = new Folder();
  server = await startServer({
    licenses: [folder.file('acme.lic', both)],
    port: 0,
    singlePort: true,
    advertise: { host: '2001:db8::7', port: 4711 },
  });
  expect(server.address).toBe('4711@[2001:db8::7]');
});

test('one daemon that does not take its options file keeps none of the others from rereading', async () => {
  using folder = new Folder();
  const pools = Array.from({ length: 1_500 }, (_, at) => {
    return `INCREMENT many acmed ${at + 1}.0 permanent 1 SIGN=00\n`;
  });
  const license = folder.file('acme.lic', `${acmed}${pools.join('')}${both.slice(acmed.length)}`);
  const options = { acmed: folder.file('acmed.opt', '') };
  server = await startServer({ licenses: [license], port: 0, options });
  writeFileSync(license, `${textOf(license)}INCREMENT more betad 1.0 permanent 1 SIGN=00\n`);
  // Each line names each pool: more pairs than a daemon keeps.
  const lines = Array.from({ length: 1_500 }, (_, at) => `EXCLUDE many USER u${at}\n`);
  writeFileSync(options.acmed, lines.join(''));
  await expect(server.reread()).rejects.toMatchObject({ code: 'OPTIONS_SYNTAX' });
  expect(server.daemon('betad')!.ledger.features.has('more')).toBe(true);
  expect(server.vendors.map(({ up }) => up)).toEqual([true, true]);
});
