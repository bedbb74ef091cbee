import { afterEach, expect, test, vi } from 'vitest';
import { limits } from '../../src/base/limits.ts';
import { type LicenseServer, startServer } from '../../src/daemon/server.ts';
import { BulkClient } from './bulk-client.ts';
import {
  checkoutBytes,
  failureOf,
  frameBytes,
  greeted,
  helloBytes,
  MARK,
  RawClient,
  statusBytes,
} from './raw-client.ts';

/** What clients do that ask too much, read too little, or say nothing. */
const SETS = frameBytes(0x0127, Buffer.from([1, 0, 0, 0, 0]));
const lines = Array.from(
  { length: 2_000 },
  (_, index) => `INCREMENT feature_${index} acmed 1.0 permanent 1 SIGN=0011223344556677`,
);
const text = [
  'SERVER this_host ANY',
  'VENDOR acmed',
  'INCREMENT solve acmed 2.0 permanent 3 SIGN=00',
  'INCREMENT many acmed 2.0 permanent 200000 SIGN=00',
  'FEATURE free acmed 1.0 permanent uncounted HOSTID=ANY SIGN=22',
  ...lines,
  '',
].join('\n');

let server: LicenseServer | undefined;
let notices: string[] = [];

afterEach(async () => {
  vi.useRealTimers();
  await server?.stop();
  server = undefined;
  notices = [];
});

async function start(more: Partial<Parameters<typeof startServer>[0]> = {}): Promise<number> {
  server = await startServer({
    licenses: [{ name: 'acme.lic', text }],
    port: 0,
    notice: (what) => notices.push(what),
    ...more,
  });
  return server.vendors[0]!.port || server.port;
}

/** Seats out, put into the ledger without a connection each; `words` makes their records longer. */
function hold(feature: string, holders: number, words = ''): void {
  const daemon = server!.daemon('acmed')!;
  for (let n = 0; n < holders; n++) {
    daemon.apply({
      kind: 'checkout',
      session: 1_000_000 + n,
      client: {
        ...{ user: `user${n}`, host: `ws${n}.design.tallow.example${words}`, display: ':0' },
        ...{ platform: 'x64_lsb', pid: n, project: '', address: '127.0.0.1', hostids: [] },
      },
      ...{ feature, version: '1.0', count: 1, data: '' },
    });
  }
}

/** As many questions and answers as make it certain that whoever is to be served at all has been. */
async function converse(client: RawClient): Promise<void> {
  for (let turn = 0; turn < 200; turn++) {
    client.send(checkoutBytes('nosuch', { tag: turn }));
    const { bytes } = await client.message();
    expect(bytes.readUInt32BE(21)).toBe(turn);
  }
}

test('a client that asks for big answers by the thousand gets them all, as fast as it reads', async () => {
  const port = await start();
  const other = await greeted(port);
  const greedy = await BulkClient.open(port);
  const asked = 2_600;
  await greedy.sent(Buffer.concat([helloBytes('acmed'), ...Array<Buffer>(asked).fill(SETS)]));
  const before = process.memoryUsage().arrayBuffers;
  await converse(other);
  // 170 MB of answers are due; what is made of them is what the kernel took and one round.
  expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(16 * 1024 * 1024);
  await greedy.until(0x0128, asked);
  expect([...greedy.counts]).toEqual([
    [0x010e, 1],
    [0x0128, asked],
  ]);
  greedy.end();
});

test('others are answered between the pieces of a long answer that is read at once', async () => {
  const port = await start();
  hold('many', 100_000);
  const reader = await BulkClient.open(port);
  await reader.sent(Buffer.concat([helloBytes('acmed'), statusBytes('many')]));
  const read = reader.until(0x0114, 100_000);
  const other = await RawClient.open(port);
  other.send(helloBytes('acmed'));
  await other.message();
  expect(reader.heard(0x0114)).toBeLessThan(100_000);
  await read;
  expect(reader.heard(0x0114)).toBe(100_000);
  reader.end();
});

test('a listing that nobody reads keeps its place in the ledger and no copy of it', async () => {
  const port = await start();
  hold('many', 100_000);
  const readers: BulkClient[] = [];
  for (let n = 0; n < 4; n++) {
    const reader = await BulkClient.open(port);
    await reader.sent(Buffer.concat([helloBytes('acmed'), statusBytes('many')]));
    readers.push(reader);
  }
  const other = await greeted(port);
  await converse(other);
  // Half of them go before they are listed: the client still gets as many records as it was told.
  const daemon = server!.daemon('acmed')!;
  for (let n = 50_000; n < 100_000; n++) {
    daemon.apply({ kind: 'disconnect', session: 1_000_000 + n });
  }
  for (const reader of readers) {
    await reader.until(0x0114, 100_000);
    expect([reader.heard(0x004e), reader.heard(0x0114)]).toEqual([1, 100_000]);
    reader.end();
  }
});

/** Lets the server's clock of waiting run: only that one, sockets stay real. */
function fakeWaiting(): void {
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval', 'performance'] });
}

test('a client that takes none of its answers is dropped after a minute', async () => {
  fakeWaiting();
  const port = await start();
  // 60 MB: more than a kernel keeps for a client that does not read.
  hold('many', 60_000, 'x'.repeat(1_000));
  const reader = await BulkClient.open(port);
  await reader.sent(Buffer.concat([helloBytes('acmed'), statusBytes('many')]));
  const other = await greeted(port, 'acmed', { mark: MARK });
  await converse(other);
  vi.advanceTimersByTime(limits.stalledMs - 2_000);
  await converse(other);
  expect(reader.closed).toBe(false);
  vi.advanceTimersByTime(4_000);
  await reader.untilClosed();
  expect(reader.heard(0x0114)).toBeLessThan(60_000);
});

test('a client without seats that says nothing more is dropped: another after 60 s, one of ours after 5 min', async () => {
  fakeWaiting();
  const port = await start();
  const holder = await greeted(port, 'acmed', { mark: MARK });
  holder.send(checkoutBytes('solve'));
  await holder.message();
  const foreign = await greeted(port);
  const ours = await greeted(port, 'acmed', { mark: MARK });
  vi.advanceTimersByTime(limits.idleMs - 2_000);
  await converse(ours);
  vi.advanceTimersByTime(4_000);
  await foreign.closed();
  vi.advanceTimersByTime(limits.quietMs - 6_000);
  await converse(ours);
  vi.advanceTimersByTime(limits.quietMs + 2_000);
  await ours.closed();
  vi.advanceTimersByTime(24 * 60 * 60_000);
  holder.send(checkoutBytes('solve'));
  expect((await holder.message()).type).toBe(0x7f04);
});

test('a client whose seats an administrator took is without seats', async () => {
  fakeWaiting();
  const port = await start();
  const holder = await greeted(port, 'acmed', { mark: MARK });
  holder.send(checkoutBytes('solve'));
  const handle = (await holder.message()).bytes.readUInt32BE(25);
  server!.daemon('acmed')!.apply({ kind: 'remove', feature: 'solve', handle });
  vi.advanceTimersByTime(limits.quietMs + 2_000);
  await holder.closed();
});

test('while no connection is left, whoever holds no seat and has been idle for longest gives way', async () => {
  fakeWaiting();
  const port = await start({ connectionsMax: 4 });
  const holder = await greeted(port, 'acmed', { mark: MARK });
  holder.send(checkoutBytes('solve'));
  await holder.message();
  const idle: RawClient[] = [];
  for (let n = 0; n < 3; n++) {
    idle.push(await greeted(port, 'acmed', { mark: MARK }));
    vi.advanceTimersByTime(limits.crowdedMs / 2);
  }
  // The first was heard again since.
  await converse(idle[0]!);
  vi.advanceTimersByTime(limits.crowdedMs / 2 + 100);
  const newcomers = [await greeted(port), await greeted(port)];
  await idle[1]!.closed();
  await idle[2]!.closed();
  for (const each of [holder, idle[0]!, ...newcomers]) {
    each.send(checkoutBytes('nosuch'));
    expect((await each.message()).type).toBe(0x7f00);
  }
  // Nobody is idle now.
  const late = await RawClient.open(port);
  expect((await late.message()).type).toBe('W');
});

test('idle clients by the thousand, who greet and come back whenever they are dropped, keep no real client out', async () => {
  fakeWaiting();
  const port = await start({ connectionsMax: 50 });
  const flood: RawClient[] = [];
  const fill = async (): Promise<void> => {
    for (let n = 0; n < 100; n++) {
      const each = await RawClient.open(port);
      each.send(helloBytes('acmed', { mark: MARK }));
      await each.message();
      flood.push(each);
    }
  };
  for (let turn = 0; turn < 10; turn++) {
    await fill();
    vi.advanceTimersByTime(limits.crowdedMs + 100);
    const real = await greeted(port);
    real.send(checkoutBytes('solve'));
    expect((await real.message()).type).toBe(0x7f04);
    real.end();
    await converse(await greeted(port));
  }
  for (const each of flood) each.end();
});

test('while no connection is left, who has not taken a whole answer has ten seconds for it', async () => {
  fakeWaiting();
  const port = await start({ connectionsMax: 2 });
  hold('many', 60_000, 'x'.repeat(1_000));
  const reader = await BulkClient.open(port);
  await reader.sent(Buffer.concat([helloBytes('acmed'), statusBytes('many')]));
  const other = await greeted(port);
  await converse(other);
  vi.advanceTimersByTime(limits.crowdedUnreadMs - 1_000);
  await converse(other);
  const early = await RawClient.open(port);
  expect((await early.message()).type).toBe('W');
  vi.advanceTimersByTime(2_000);
  await converse(other);
  const late = await greeted(port);
  late.send(checkoutBytes('solve'));
  expect((await late.message()).type).toBe(0x7f04);
  await reader.untilClosed();
});

test('half a message a minute keeps no connection', async () => {
  fakeWaiting();
  const port = await start();
  const client = await greeted(port);
  const other = await greeted(port, 'acmed', { mark: MARK });
  for (const byte of [0x2f, 0, 0, 0]) {
    await client.sent(Buffer.from([byte]));
    await converse(other);
    vi.advanceTimersByTime(limits.idleMs / 3);
  }
  await client.closed();
});

test('a client that has said all and closed its side still gets its whole answer', async () => {
  const port = await start();
  hold('many', 60_000);
  const reader = await BulkClient.open(port);
  reader.socket.end(Buffer.concat([helloBytes('acmed'), statusBytes('many'), SETS]));
  await reader.untilClosed();
  expect([...reader.counts]).toEqual([
    [0x010e, 1],
    [0x004e, 1],
    [0x0114, 60_000],
    [0x0128, 1],
  ]);
});

test('the end of a connection without a question waiting returns its seats at once', async () => {
  const port = await start();
  const holder = await BulkClient.open(port);
  await holder.sent(Buffer.concat([helloBytes('acmed'), checkoutBytes('solve', { count: 3 })]));
  await holder.until(0x7f04, 1);
  const returned = new Promise<unknown>((done) => {
    server!.journal.listen(({ event }) => event.kind === 'seatReturned' && done(event.reason));
  });
  holder.socket.end();
  expect(await returned).toBe('disconnected');
  await holder.untilClosed();
});

test('a flood of refused connections is told once', async () => {
  vi.useFakeTimers({ toFake: ['performance'] });
  const port = await start({ connectionsMax: 1 });
  await greeted(port);
  for (let n = 0; n < 50; n++) {
    const late = await RawClient.open(port);
    // The refusal is read although a hello is on its way.
    late.send(helloBytes('acmed'));
    expect((await late.message()).type).toBe('W');
    await late.closed();
  }
  expect(notices.filter((what) => what === 'out of connections')).toEqual(['out of connections']);
});

test('a client may name 64 host ids, and no more', async () => {
  const port = await start();
  const client = await greeted(port);
  const identify = (hostids: number): Buffer => {
    const texts = Buffer.alloc(2 * 5);
    const fixed = Buffer.alloc(4 + 4 + 2);
    const list = Buffer.alloc(2 + 2 * hostids);
    list.writeUInt16BE(hostids);
    return frameBytes(0x7f01, Buffer.concat([Buffer.from([1, 0, 0, 0, 9]), texts, fixed, list]));
  };
  client.send(identify(64));
  expect((await client.message()).type).toBe(0x7f02);
  client.send(identify(65));
  expect((await client.message()).type).toBe(0x7f00);
});

test('an identity has 4,096 characters, and no more', async () => {
  const port = await start();
  const client = await greeted(port);
  const identify = (characters: number): Buffer => {
    const texts = [1_000, 1_000, 1_000, 1_000, characters - 4_000].map((length) => {
      const text = Buffer.alloc(2 + length, 0x78);
      text.writeUInt16BE(length);
      return text;
    });
    const head = Buffer.from([1, 0, 0, 0, 9]);
    return frameBytes(0x7f01, Buffer.concat([head, ...texts, Buffer.alloc(4 + 4 + 2 + 2)]));
  };
  client.send(identify(4_096));
  expect((await client.message()).type).toBe(0x7f02);
  client.send(identify(4_097));
  expect(failureOf((await client.message()).bytes)).toEqual([-12, 704]);
});

test('who sends a megabyte that is no message can read what is wrong with it', async () => {
  const port = await start();
  for (let n = 0; n < 10; n++) {
    const client = await RawClient.open(port);
    client.send(Buffer.alloc(1024 * 1024, 0x41));
    const { type, bytes } = await client.message();
    expect([type, bytes.toString('latin1', 2, 6)]).toEqual(['W', '-60\0']);
    await client.closed();
  }
});

test('a connection that the server closed is gone although the client keeps its own side open', async () => {
  fakeWaiting();
  const port = await start();
  const client = await BulkClient.open(port);
  client.socket.removeAllListeners('end');
  await client.sent(Buffer.alloc(147, 0x41));
  await client.until('W', 1);
  expect(server!.connections).toBe(1);
  vi.advanceTimersByTime(limits.closingMs + 2_000);
  const other = await greeted(port);
  await converse(other);
  expect(server!.connections).toBe(1);
  client.end();
});

test('rereads asked for in one write are done one after the other, each answered in its place', async () => {
  await start({ licenses: [{ name: 'acme.lic', text: text.split('\n').slice(0, 4).join('\n') }] });
  const client = await RawClient.open(server!.port);
  client.send(helloBytes('', { mark: MARK }));
  await client.message();
  const reread = (tag: number): Buffer => {
    const verb = Buffer.from('\0\x06reread\0\0', 'latin1');
    const bytes = Buffer.concat([Buffer.from([1, 0, 0, 0, tag]), verb]);
    return frameBytes(0x7f20, bytes);
  };
  const tags = Array.from({ length: 20 }, (_, index) => index + 1);
  client.send(Buffer.concat(tags.map(reread)));
  for (const tag of tags) {
    const { type, bytes } = await client.message();
    expect([type, bytes.readUInt32BE(21)]).toEqual([0x7f21, tag]);
  }
});

test('a hundred who ask for a reread at once all hear of the one that is done for them', async () => {
  await start();
  notices = [];
  await Promise.all(Array.from({ length: 100 }, () => server!.reread()));
  expect(notices).toEqual(['reread']);
});
