import { readFileSync } from 'node:fs';
import { afterEach, expect, test } from 'vitest';
import { ManagerTexts, managerTexts } from '../../src/daemon/license-text.ts';
import { type LicenseServer, startServer } from '../../src/daemon/server.ts';
import { Folder } from '../e2e/processes.ts';
import {
  checkoutBytes,
  frameBytes,
  greeted,
  helloBytes,
  MARK,
  RawClient,
  statusBytes,
} from './raw-client.ts';

/**
 * The whole conversation of public status clients and of a logging proxy, as docs/protocol.md tells it, by a client
 * that shares no code with src/wire.
 */
const text = [
  "# a comment with an apostrophe: ann's file",
  'SERVER this_host ANY',
  'VENDOR acmed',
  'USE_SERVER',
  'INCREMENT solve acmed 2.0 permanent 9 DUP_GROUP=UH VENDOR_STRING="a b" SIGN="00 11"',
  'FEATURE free acmed 1.0 permanent uncounted HOSTID=ANY SIGN=22',
  '',
].join('\n');

let server: LicenseServer | undefined;
afterEach(() => server?.stop());

async function start(more: Partial<Parameters<typeof startServer>[0]> = {}): Promise<number> {
  server = await startServer({ licenses: [{ name: 'acme.lic', text }], port: 0, ...more });
  return server.port;
}

function textsOf(bytes: Buffer, from: number): string[] {
  return bytes.toString('latin1', from).split('\0');
}

function commandBytes(daemon: string, command: string): Buffer {
  const words = ['probe', 'probehost', daemon, '/dev/pts/1', command].map((word) => `${word}\0`);
  return frameBytes(0x0108, Buffer.concat([Buffer.from([1, 4]), Buffer.from(words.join(''))]));
}

/** Splits as a POSIX shell would; throws where Python's shlex does: on a quote that is not closed. */
function shellWords(line: string): string[] {
  const words = line.match(/(?:[^\s"']|"[^"]*"|'[^']*')+/g) ?? [];
  const unclosed = line.replaceAll(/"[^"]*"|'[^']*'/g, '').match(/["']/);
  if (unclosed) throw new Error(`no closing quotation: ${line}`);
  return words;
}

test('a status client completes its whole report', async () => {
  const port = await start();
  const holder = await greeted(server!.vendors[0]!.port, 'acmed', { user: 'Grace', host: 'ws9' });
  holder.send(checkoutBytes('solve', { count: 2, version: '1.5' }));
  await holder.message();

  const first = await RawClient.open(port);
  first.send(helloBytes(''));
  const [host, daemon] = textsOf((await first.message()).bytes, 24);
  first.end();
  expect([host, daemon]).toEqual(['127.0.0.1', 'acmed']);

  const manager = await RawClient.open(port, host);
  manager.send(helloBytes(''));
  await manager.message();
  const answers: string[] = [];
  for (const command of ['getpaths', '', 'dlist']) {
    manager.send(commandBytes(daemon!, command));
    const { type, bytes } = await manager.message();
    expect(type).toBe(0x0146);
    answers.push(textsOf(bytes, 24)[0]!);
  }
  const [paths, license, vendors] = answers;
  expect(paths).toMatch(/acme\.lic$/);
  expect(vendors).toBe('acmed');
  expect(license).not.toContain('this_host');
  const lines = license!.split('\n').map(shellWords);
  expect(lines.filter(([word]) => word === 'INCREMENT' || word === 'FEATURE')).toHaveLength(2);

  manager.send(helloBytes('acmed'));
  const redirect = await manager.message();
  expect(redirect.type).toBe(0x0113);
  const end = redirect.bytes.indexOf(0, 20);
  const at = redirect.bytes.toString('latin1', 20, end);
  const vendor = await RawClient.open(redirect.bytes.readUInt32BE(end + 1), at);
  vendor.send(helloBytes('acmed'));
  const greeting = await vendor.message();
  expect([greeting.type, greeting.bytes[20], greeting.bytes[21]]).toEqual([0x010e, 11, 18]);
  vendor.send(frameBytes(0x013b, Buffer.from('1\x000\x00', 'latin1')));
  expect(textsOf((await vendor.message()).bytes, 24)[0]!.split(' ')).toEqual(['solve', 'free']);
  vendor.send(frameBytes(0x0127, Buffer.from([1, 0, 0, 0, 0])));
  const sets = (await vendor.message()).bytes.toString('latin1', 20).split(/[\0\x01\x07]+/);
  const strings = sets.filter((each) => each.trim() !== '');
  expect(strings.length % 8).toBe(0);
  expect([strings[2], strings[10]]).toEqual(['solve', 'free']);

  vendor.send(statusBytes('solve'));
  const [used, total, stamp] = textsOf((await vendor.message()).bytes, 22).filter(Boolean);
  expect([used, total]).toEqual(['2', '9']);
  expect(Number(stamp)).toBeGreaterThan(1_700_000_000);
  for (let record = 0; record < 2; record++) {
    const { type, bytes } = await vendor.message();
    expect(type).toBe(0x0114);
    const [user, from, display, version] = textsOf(bytes.subarray(0, bytes.indexOf(1, 20)), 20);
    expect([user, from, display, version]).toEqual(['Grace', 'ws9', '/dev/pts/1', '1.5']);
    const numbers = bytes.subarray(bytes.indexOf(1, 20) + 1);
    expect(numbers.length).toBe(16);
    // All zero would mean a reservation to clients that read a name with G.
    expect(numbers.some((byte) => byte !== 0)).toBe(true);
  }
  vendor.send(statusBytes('nosuch'));
  expect(
    textsOf((await vendor.message()).bytes, 22)
      .filter(Boolean)
      .slice(0, 2),
  ).toEqual(['0', '0']);
});

test('a proxy between client and manager reads who asks and where the daemon is', async () => {
  const port = await start();
  const client = await RawClient.open(port);
  const hello = helloBytes('acmed', { user: 'frey', host: 'login01', pid: '35174' });
  client.send(hello);
  const redirect = (await client.message()).bytes;
  const field = (from: number, to: number): string =>
    hello.toString('latin1', from, to).replace(/\0.*$/s, '');
  expect([field(4, 25), field(25, 58), field(69, 102), field(115, 126)]).toEqual([
    'frey',
    'login01',
    '/dev/pts/1',
    '35174',
  ]);
  const end = redirect.indexOf(0, 20);
  expect(redirect.readUInt16BE(4)).toBe(redirect.length);
  expect([redirect.toString('latin1', 20, end), redirect.readUInt32BE(end + 1)]).toEqual([
    '127.0.0.1',
    server!.vendors[0]!.port,
  ]);
});

test('replies name the address by which the client came, over IPv6 too, or what is advertised', async () => {
  const port = await start();
  const six = await RawClient.open(port, '::1');
  six.send(helloBytes('acmed'));
  expect(textsOf((await six.message()).bytes, 20)[0]).toBe('::1');
  await server!.stop();
  const other = await start({ advertise: { host: 'licenses.example', port: 4711 } });
  const client = await RawClient.open(other);
  client.send(helloBytes(''));
  expect(textsOf((await client.message()).bytes, 24)[0]).toBe('licenses.example');
  client.send(helloBytes('acmed'));
  const { bytes } = await client.message();
  expect([textsOf(bytes, 20)[0], bytes.readUInt32BE(bytes.indexOf(0, 20) + 1)]).toEqual([
    'licenses.example',
    4711,
  ]);
});

test('a vendor that is not served is refused with -97, to ours in our form, to others as W', async () => {
  const port = await start();
  const client = await RawClient.open(port);
  client.send(helloBytes('nosuch'));
  const { type, bytes } = await client.message();
  expect([type, bytes.toString('latin1', 2, 6)]).toEqual(['W', '-97\0']);
});

test('the legacy protocol redirects, lists and tells status in 147-byte messages', async () => {
  const port = await start({ protocol: 'legacy' });
  const client = await RawClient.open(port);
  client.send(helloBytes('acmed'));
  const redirect = (await client.message()).bytes;
  expect(redirect.length).toBe(147);
  const daemon = Number(redirect.toString('latin1', 35).split('\0')[0]);
  expect(daemon).toBe(server!.vendors[0]!.port);
  const vendor = await RawClient.open(daemon);
  vendor.send(helloBytes('acmed'));
  const greeting = (await vendor.message()).bytes;
  expect([greeting[20], greeting[21]! < 10]).toEqual([11, true]);
  const features = Buffer.alloc(147);
  features.write('=\xdal1', 0, 'latin1');
  vendor.send(features);
  const list = await vendor.message();
  expect([list.type, list.bytes.toString('latin1', 13).split('\0')[0]]).toEqual([
    'L',
    'solve free',
  ]);
});

test('lists too long for one reply carry as many whole names as fit', async () => {
  const lines = Array.from(
    { length: 6_000 },
    (_, index) => `INCREMENT feature_number_${index} acmed 1.0 permanent 1 SIGN=00`,
  );
  const many = ['SERVER this_host ANY', 'VENDOR acmed', ...lines, ''].join('\n');
  server = await startServer({ licenses: [{ name: 'many.lic', text: many }], port: 0 });
  const vendor = await greeted(server.vendors[0]!.port);
  vendor.send(frameBytes(0x013b, Buffer.from('1\x000\x00', 'latin1')));
  const names = textsOf((await vendor.message()).bytes, 24)[0]!.split(' ');
  expect(names.length).toBeGreaterThan(2_500);
  expect(names.every((name, index) => name === `feature_number_${index}`)).toBe(true);
});

test('license paths and vendor names too long for one reply are as many whole ones as fit', async () => {
  const licenses = [
    { name: 'acme.lic', text },
    ...Array.from({ length: 400 }, (_, index) => ({
      name: `${'folder'.repeat(40)}-${index}.lic`,
      text: '# nothing\n',
    })),
  ];
  const port = await start({ licenses });
  const client = await RawClient.open(port);
  client.send(helloBytes(''));
  await client.message();
  client.send(commandBytes('acmed', 'getpaths'));
  const { type, bytes } = await client.message();
  const paths = textsOf(bytes, 24)[0]!.split(':');
  expect(type).toBe(0x0146);
  expect(paths.length).toBeGreaterThan(100);
  expect(paths.length).toBeLessThan(401);
  expect(paths.at(-1)).toMatch(new RegExp(`-${paths.length - 2}\\.lic$`));
  const told: string[] = [];
  const names = Array.from({ length: 20_000 }, (_, index) => `daemon${index}`);
  const texts = managerTexts(server!.catalog, (what) => told.push(what));
  const list = new ManagerTexts(server!.catalog, (what) => told.push(what)).vendorText(names);
  expect(list.length).toBeLessThan(65_516);
  expect(
    list
      .toString('latin1', 0, list.length - 1)
      .split(' ')
      .at(-1),
  ).toMatch(/^daemon\d{4}$/);
  expect(texts).toBe(managerTexts(server!.catalog, () => {}));
  expect(told).toEqual(['list of vendor daemons']);
});

test('the log says once per set of license files that a text was cut short', async () => {
  using folder = new Folder();
  const log = folder.at('debug.log');
  const many = Array.from(
    { length: 2_000 },
    (_, index) => `INCREMENT feature_number_${index} acmed 1.0 permanent 1 SIGN=00112233`,
  );
  const licenses = [{ name: 'a.lic', text: `${text}${many.join('\n')}\n` }];
  const port = await start({ licenses, log: { path: log } });
  const client = await RawClient.open(port);
  client.send(helloBytes(''));
  await client.message();
  const askThrice = async (): Promise<Buffer[]> => {
    const heard: Buffer[] = [];
    for (let asked = 0; asked < 3; asked++) {
      client.send(commandBytes('acmed', ''));
      heard.push((await client.message()).bytes);
    }
    return heard;
  };
  const [first, second] = await askThrice();
  expect(first!.length).toBeGreaterThan(60_000);
  expect(second!.subarray(24)).toEqual(first!.subarray(24));
  await server!.reread();
  await askThrice();
  await server!.stop();
  const told = readFileSync(log, 'utf8').match(/the license text is longer than one reply/g);
  expect(told).toHaveLength(2);
});

test('a reread changes the feature list and the license sets', async () => {
  using folder = new Folder();
  const path = folder.file('acme.lic', text);
  await start({ licenses: [path] });
  const vendor = await greeted(server!.vendors[0]!.port);
  const ask = async (): Promise<string[]> => {
    vendor.send(frameBytes(0x013b, Buffer.from('1\x000\x00', 'latin1')));
    const names = textsOf((await vendor.message()).bytes, 24)[0]!;
    vendor.send(frameBytes(0x0127, Buffer.from([1, 0, 0, 0, 0])));
    return [names, textsOf((await vendor.message()).bytes, 20)[2]!];
  };
  expect(await ask()).toEqual(['solve free', 'solve']);
  folder.file('acme.lic', text.replace('INCREMENT solve', 'INCREMENT mesh'));
  await server!.reread();
  expect(await ask()).toEqual(['mesh free', 'mesh']);
});

test('seats of an uncounted feature beyond what a number on the wire holds are told as the largest', async () => {
  await start();
  const daemon = server!.daemon('acmed')!;
  for (let session = 1; session <= 3; session++) {
    daemon.apply({
      kind: 'checkout',
      session: 1_000 + session,
      client: {
        ...{ user: 'ann', host: 'ws1', display: ':0', platform: 'x64_lsb', pid: 1 },
        ...{ project: '', address: '127.0.0.1', hostids: [] },
      },
      ...{ feature: 'free', version: '1.0', count: 2 ** 31 - 1, data: '' },
    });
  }
  const port = server!.vendors[0]!.port;
  const ours = await greeted(port, 'acmed', { mark: MARK });
  ours.send(frameBytes(0x7f12, Buffer.from('\x01\0\0\0\x09\0\0\0\0\0\0\x04free', 'latin1')));
  const page = (await ours.message()).bytes;
  // Kind, length, name, state, issued, used; then the pool, whose last four bytes are its seats out.
  const pool = 26 + 3 + page.readUInt16BE(27);
  const poolEnd = pool + 3 + page.readUInt16BE(pool + 1);
  expect(page.readUInt32BE(poolEnd - 4)).toBe(0xffff_ffff);
  // Other programs are told of as many as they can be sent records.
  const other = await greeted(port);
  other.send(statusBytes('free'));
  const numbers = textsOf((await other.message()).bytes, 22).filter(Boolean);
  expect(numbers.slice(0, 2)).toEqual(['1000000', '0']);
  other.end();
});

test('a hello means the one vendor daemon whose name begins with what fills its field', async () => {
  const long = ['SERVER this_host ANY', 'VENDOR tallow_systems', 'VENDOR gorse_north1'].join('\n');
  const both = `${long}\nVENDOR gorse_north2\nVENDOR acmed\n${text.split('\n').slice(4).join('\n')}`;
  const port = await start({ licenses: [{ name: 'a.lic', text: both }] });
  const client = await RawClient.open(port);
  client.send(helloBytes('tallow_sys'));
  const { type, bytes } = await client.message();
  const daemonPort = bytes.readUInt32BE(bytes.indexOf(0, 20) + 1);
  expect([type, daemonPort]).toEqual([0x0113, server!.vendors[0]!.port]);
  // Two begin so, or too little was said.
  for (const name of ['gorse_nort', 'tallow', 'nosuchnam1']) {
    client.send(helloBytes(name));
    const no = await client.message();
    expect([no.type, no.bytes.toString('latin1', 2, 6)]).toEqual(['W', '-97\0']);
  }
});
