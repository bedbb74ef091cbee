import { afterEach, expect, test, vi } from 'vitest';
import { type LicenseServer, startServer } from '../../src/daemon/server.ts';
import {
  checkinBytes,
  checkoutBytes,
  failureOf,
  frameBytes,
  greeted,
  helloBytes,
  legacySummed,
  MARK,
  RawClient,
  statusBytes,
} from './raw-client.ts';

const text = [
  'SERVER this_host ANY',
  'VENDOR acmed',
  'INCREMENT solve acmed 2.0 permanent 3 SIGN=00',
  'INCREMENT many acmed 2.0 permanent 100000 SIGN=00',
  '',
].join('\n');

let server: LicenseServer | undefined;

afterEach(async () => {
  vi.useRealTimers();
  await server?.stop();
  server = undefined;
});

async function start(more: Partial<Parameters<typeof startServer>[0]> = {}): Promise<number> {
  server = await startServer({ licenses: [{ name: 'acme.lic', text }], port: 0, ...more });
  return server.vendors[0]!.port || server.port;
}

function used(feature = 'solve'): number {
  return server!.daemon('acmed')!.ledger.features.get(feature)!.pools[0]!.used;
}

/** Waits for an event: what a test asserts next is then settled. */
function event(kind: string): Promise<void> {
  return new Promise((done) => {
    const end = server!.journal.listen((entry) => {
      if (entry.event.kind !== kind) return;
      end();
      done();
    });
  });
}

test('three of three seats are granted and the fourth is refused with -4', async () => {
  const port = await start();
  const clients = await Promise.all(
    ['a', 'b', 'c', 'd'].map((user) => greeted(port, 'acmed', { user })),
  );
  for (const client of clients.slice(0, 3)) {
    client.send(checkoutBytes('solve'));
    expect((await client.message()).type).toBe(0x7f04);
  }
  clients[3]!.send(checkoutBytes('solve', { tag: 9 }));
  const { type, bytes } = await clients[3]!.message();
  expect([type, bytes.readUInt32BE(21), failureOf(bytes)]).toEqual([0x7f00, 9, [-4, 342]]);
  expect(used()).toBe(3);
});

test('a client that vanishes gives back its seat at once', async () => {
  const port = await start();
  const client = await greeted(port);
  client.send(checkoutBytes('solve', { count: 2 }));
  await client.message();
  expect(used()).toBe(2);
  const returned = event('seatReturned');
  client.vanish();
  await returned;
  expect(used()).toBe(0);
  const last = server!.journal.entries().at(-1)!;
  expect(last.event).toMatchObject({ kind: 'seatReturned', reason: 'disconnected', count: 2 });
});

test('a check-in frees the seat, and a second one is refused with -41', async () => {
  const port = await start();
  const client = await greeted(port);
  client.send(checkoutBytes('solve'));
  const handle = (await client.message()).bytes.readUInt32BE(25);
  client.send(Buffer.concat([checkinBytes(handle, 5), checkinBytes(handle, 6)]));
  expect((await client.message()).type).toBe(0x7f02);
  const second = await client.message();
  expect([second.bytes.readUInt32BE(21), failureOf(second.bytes)[0]]).toEqual([6, -41]);
});

test('nobody checks in what another connection holds', async () => {
  const port = await start();
  const [ann, ben] = [await greeted(port), await greeted(port, 'acmed', { user: 'ben' })];
  ann.send(checkoutBytes('solve'));
  const handle = (await ann.message()).bytes.readUInt32BE(25);
  ben.send(checkinBytes(handle));
  expect(failureOf((await ben.message()).bytes)[0]).toBe(-41);
  expect(used()).toBe(1);
});

test('a request before any hello is refused with -33, and the connection lives', async () => {
  const port = await start();
  const client = await RawClient.open(port);
  client.send(checkoutBytes('solve'));
  expect(failureOf((await client.message()).bytes)[0]).toBe(-33);
  client.send(helloBytes('acmed'));
  expect((await client.message()).type).toBe(0x010e);
});

test('an unknown type of ours, and a newer version, get a well-formed refusal', async () => {
  const port = await start();
  const client = await greeted(port);
  client.send(frameBytes(0x7fee, Buffer.from([1, 0, 0, 0, 7])));
  const unknown = await client.message();
  expect([unknown.bytes.readUInt32BE(21), ...failureOf(unknown.bytes)]).toEqual([7, -140, 702]);
  client.send(frameBytes(0x7f03, Buffer.from([2, 0, 0, 0, 8])));
  const newer = await client.message();
  expect([newer.bytes.readUInt32BE(21), ...failureOf(newer.bytes)]).toEqual([8, -140, 703]);
});

test('what vendor software says next is refused and logged, never granted', async () => {
  const port = await start();
  const client = await greeted(port);
  client.send(frameBytes(0x0102, Buffer.from('vendor handshake')));
  const { type, bytes } = await client.message();
  expect([type, bytes.toString('latin1', 2, 6)]).toEqual(['W', '-140']);
});

test('a checkout of no seats, of a nameless feature, or cut short, is a bad message', async () => {
  const port = await start();
  const client = await greeted(port);
  const cut = frameBytes(0x7f03, Buffer.from([1, 0, 0, 0, 3, 0]));
  for (const bytes of [checkoutBytes('solve', { count: 0 }), checkoutBytes(''), cut]) {
    client.send(bytes);
    expect(failureOf((await client.message()).bytes)).toEqual([-12, 704]);
  }
});

test('bytes that are no message get W -60 and a close', async () => {
  const port = await start();
  const client = await RawClient.open(port);
  client.send(Buffer.alloc(147, 0x41));
  const { type, bytes } = await client.message();
  expect([type, bytes.toString('latin1', 2, 6)]).toEqual(['W', '-60\0']);
  expect((await client.message()).type).toBe('closed');
});

test('requests in one segment are answered in order', async () => {
  const port = await start();
  const client = await greeted(port);
  const tags = Array.from({ length: 50 }, (_, index) => index + 100);
  client.send(Buffer.concat(tags.map((tag) => checkoutBytes('many', { tag }))));
  const heard: number[] = [];
  for (const _ of tags) heard.push((await client.message()).bytes.readUInt32BE(21));
  expect(heard).toEqual(tags);
});

test('a status of many seats comes whole, and requests behind it are answered behind it', async () => {
  const port = await start();
  const client = await greeted(port);
  client.send(checkoutBytes('many', { count: 3_000 }));
  await client.message();
  client.send(Buffer.concat([statusBytes('many'), checkoutBytes('solve', { tag: 77 })]));
  const head = await client.message();
  const numbers = head.bytes.toString('latin1', 22).split('\0').filter(Boolean);
  expect([head.type, numbers[0]]).toEqual([0x004e, '3000']);
  for (let record = 0; record < 3_000; record++) expect((await client.message()).type).toBe(0x0114);
  const after = await client.message();
  expect([after.type, after.bytes.readUInt32BE(21)]).toEqual([0x7f04, 77]);
});

test('a thousand half-open connections keep no real client out', async () => {
  const port = await start({ connectionsMax: 200 });
  const idle: RawClient[] = [];
  for (let n = 0; n < 1_000; n++) idle.push(await RawClient.open(port));
  const client = await greeted(port);
  client.send(checkoutBytes('solve'));
  expect((await client.message()).type).toBe(0x7f04);
  for (const each of idle) each.end();
});

test('a full daemon refuses with -140 whom it cannot serve, and drops nobody who has just said hello', async () => {
  // However long the sockets take, no time passes.
  vi.useFakeTimers({ toFake: ['performance'] });
  const port = await start({ connectionsMax: 3 });
  const clients = [await greeted(port), await greeted(port), await greeted(port)];
  const late = await RawClient.open(port);
  const { type, bytes } = await late.message();
  expect([type, bytes.toString('latin1', 2, 6)]).toEqual(['W', '-140']);
  clients[0]!.send(checkoutBytes('solve'));
  expect((await clients[0]!.message()).type).toBe(0x7f04);
});

test('ten thousand random and mutated messages leave server and counts unharmed', async () => {
  const port = await start();
  const holder = await greeted(port);
  holder.send(checkoutBytes('solve', { count: 2 }));
  await holder.message();
  let seed = 12345;
  const random = (below: number): number => {
    seed = (Math.imul(seed, 1103515245) + 12345) >>> 0;
    return (seed >>> 8) % below;
  };
  const bases = [
    helloBytes('acmed'),
    statusBytes('solve'),
    checkoutBytes('solve'),
    checkinBytes(101),
  ];
  for (let batch = 0; batch < 100; batch++) {
    const client = await RawClient.open(port);
    for (let n = 0; n < 100; n++) {
      const bytes = Buffer.from(bases[random(bases.length)]!);
      for (let flips = random(4); flips > 0; flips--) bytes[random(bytes.length)] = random(256);
      // Half of them with right sums, so that they get past the splitter.
      const summed =
        bytes[0] === 0x2f
          ? frameBytes(bytes.readUInt16BE(6), bytes.subarray(20))
          : legacySummed(bytes);
      client.send(random(2) === 0 ? bytes : summed);
    }
    await client.sent(Buffer.from([0]));
    client.vanish();
  }
  holder.send(checkoutBytes('solve', { tag: 3 }));
  expect((await holder.message()).type).toBe(0x7f04);
  const late = await greeted(port);
  // What the mutants took came back with their connections: one is left of three.
  await expect.poll(used, { interval: 5, timeout: 60_000 }).toBe(3);
  late.send(checkoutBytes('solve'));
  expect(failureOf((await late.message()).bytes)[0]).toBe(-4);
});

test('single port: our own program stays on its connection', async () => {
  const port = await start({ singlePort: true });
  const client = await RawClient.open(port);
  client.send(helloBytes('acmed', { mark: MARK }));
  const { type, bytes } = await client.message();
  expect([type, bytes.readUInt16BE(22)]).toEqual([0x010e, 0xfa01]);
  client.send(checkoutBytes('solve'));
  expect((await client.message()).type).toBe(0x7f04);
});

test('single port: another program is redirected to the same port and found by its redirect', async () => {
  const port = await start({ singlePort: true });
  const first = await RawClient.open(port);
  first.send(helloBytes('acmed'));
  const redirect = await first.message();
  expect(redirect.type).toBe(0x0113);
  expect(redirect.bytes.readUInt32BE(redirect.bytes.indexOf(0, 20) + 1)).toBe(port);
  const second = await RawClient.open(port);
  second.send(helloBytes('acmed'));
  expect((await second.message()).type).toBe(0x010e);
  second.send(statusBytes('solve'));
  expect((await second.message()).type).toBe(0x004e);
});

test('single port: a daemon that dies takes its connections along', async () => {
  const port = await start({ singlePort: true });
  const client = await RawClient.open(port);
  client.send(helloBytes('acmed', { mark: MARK }));
  await client.message();
  client.send(checkoutBytes('solve', { count: 3 }));
  await client.message();
  await server!.killVendor('acmed');
  await client.closed();
  await expect.poll(() => server!.vendors[0]!.up, { interval: 2, timeout: 60_000 }).toBe(true);
  const next = await RawClient.open(port);
  next.send(helloBytes('acmed', { mark: MARK }));
  await next.message();
  next.send(checkoutBytes('solve', { count: 3 }));
  expect((await next.message()).type).toBe(0x7f04);
});
