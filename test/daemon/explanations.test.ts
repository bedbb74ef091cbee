import { afterEach, expect, test } from 'vitest';
import { limits } from '../../src/base/limits.ts';
import { ExplanationDesk } from '../../src/daemon/explanation-desk.ts';
import { type LicenseServer, startServer } from '../../src/daemon/server.ts';
import { BulkClient } from './bulk-client.ts';
import { checkoutBytes, failureOf, frameBytes, greeted, helloBytes } from './raw-client.ts';

/** A feature of which each explanation takes a while: thousands of pools, none of them for this machine. */
const text = [
  'SERVER this_host ANY',
  'VENDOR acmed',
  ...Array.from(
    { length: 5_000 },
    (_, n) => `INCREMENT many acmed 1.0 permanent 1 HOSTID=ID=${n} SIGN=0`,
  ),
  ...Array.from({ length: 100 }, () => 'INCREMENT sum acmed 1.0 permanent 1 SIGN=0'),
  '',
].join('\n');

let server: LicenseServer | undefined;
afterEach(async () => {
  await server?.stop();
  server = undefined;
});

async function start(): Promise<number> {
  server = await startServer({ licenses: [{ name: 'many.lic', text }], port: 0 });
  return server.vendors[0]!.port;
}

function explainBytes(feature: string, tag = 9): Buffer {
  const name = [0, feature.length, ...Buffer.from(feature)];
  return frameBytes(
    0x7f30,
    Buffer.from([1, 0, 0, 0, tag, 0, 0, 0, 0, 0, 1, ...name, 0, 0, 0, 0, 0, 0]),
  );
}

test('others are served between the explanations that one client asks for by the dozen', async () => {
  const port = await start();
  const asker = await BulkClient.open(port);
  const asked = 50;
  await asker.sent(
    Buffer.concat([helloBytes('acmed'), ...Array<Buffer>(asked).fill(explainBytes('many'))]),
  );
  const all = asker.until(0x7f31, 2 * asked);
  const other = await greeted(port);
  for (let tag = 0; tag < 100; tag++) {
    other.send(checkoutBytes('nosuch', { tag }));
    expect((await other.message()).bytes.readUInt32BE(21)).toBe(tag);
  }
  expect(asker.heard(0x7f31)).toBeLessThan(2 * asked);
  await all;
  asker.end();
  other.end();
});

test('past a hundred that wait, whoever asks for one more is told to ask again', async () => {
  const port = await start();
  const clients = await Promise.all(
    Array.from({ length: limits.explanationsWaitingMax + 50 }, () => greeted(port)),
  );
  for (const client of clients) client.send(explainBytes('many'));
  const first = await Promise.all(clients.map((client) => client.message()));
  const refused = first.filter(({ type }) => type === 0x7f00);
  expect(refused.length).toBeGreaterThan(0);
  expect(refused.length).toBeLessThanOrEqual(50);
  for (const { bytes } of refused) expect(failureOf(bytes)).toEqual([-140, 713]);
  const told = clients[first.findIndex(({ type }) => type === 0x7f00)]!;
  told.send(explainBytes('sum'));
  expect((await told.message()).type).toBe(0x7f31);
  for (const client of clients) client.end();
});

test('a pool of a hundred lines tells twenty, and how many more', async () => {
  const port = await start();
  const client = await greeted(port);
  client.send(explainBytes('sum'));
  const { bytes } = await client.message();
  const told = JSON.parse(bytes.toString('utf8', 26)) as {
    tried: { lines: []; linesLeftOut: 0 }[];
  };
  expect([told.tried[0]!.lines.length, told.tried[0]!.linesLeftOut]).toEqual([20, 80]);
  client.end();
});

test('explanations come one after the other, and one that fails costs none of the others', async () => {
  const desk = new ExplanationDesk(2);
  const done: number[] = [];
  const work = (n: number) => (): void => {
    done.push(n);
    if (n === 1) throw new Error('a defect');
  };
  const first = desk.take(work(0));
  // The first is worked out at once.
  expect(done).toEqual([0]);
  const second = desk.take(work(1));
  expect(desk.hasRoom).toBe(true);
  const third = desk.take(work(2));
  expect([desk.hasRoom, done]).toEqual([false, [0]]);
  await first;
  await expect(second).rejects.toThrow('a defect');
  await third;
  expect([desk.hasRoom, done]).toEqual([true, [0, 1, 2]]);
});
