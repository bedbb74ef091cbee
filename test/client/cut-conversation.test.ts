import { connect, createServer, type Socket } from 'node:net';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { requestCheckout } from '../../src/client/checkout.ts';
import { readStatus } from '../../src/client/status.ts';
import { startLicenseServer, type TestLicenseServer } from '../../src/testing/license-server.ts';
import { renderLmstat } from '../../src/text/lmstat.ts';
import { testTime } from '../lmutil/test-io.ts';
import { makeContext, makePath, makeWanted } from './make.ts';

const license = {
  name: 'two-vendors.lic',
  text: [
    'SERVER this_host ANY',
    'VENDOR acmed',
    'VENDOR betad',
    'FEATURE solve acmed 12.5 permanent 3 SIGN=00',
    'INCREMENT view betad 3.1 permanent 7 SIGN=00',
    '',
  ].join('\n'),
};

/** What becomes of the byte at `at` of all that the server says, counted over all connections. */
type Malice = { readonly kind: 'none' | 'close' | 'reset' | 'flip' | 'stall'; readonly at: number };

let server: TestLicenseServer;
let malice: Malice = { kind: 'none', at: 0 };
let passed = 0;
const sockets = new Set<Socket>();
/** Stands between client and server and does to the server's answers what `malice` says. */
const proxy = createServer((client) => {
  const upstream = connect(server.port, '127.0.0.1');
  for (const socket of [client, upstream]) {
    sockets.add(socket);
    socket.on('error', () => {}).on('close', () => sockets.delete(socket));
  }
  client.on('data', (chunk) => upstream.write(chunk)).on('close', () => upstream.destroy());
  upstream.on('close', () => client.destroy());
  upstream.on('data', (chunk) => {
    const from = passed;
    passed += chunk.length;
    const at = malice.at - from;
    if (malice.kind === 'none' || at < 0 || at >= chunk.length) {
      // After a stall nothing more comes, on any connection.
      if (malice.kind !== 'stall' || at >= chunk.length) client.write(chunk);
    } else if (malice.kind === 'flip') {
      const changed = Buffer.from(chunk);
      changed[at] = chunk[at]! ^ 0x10;
      client.write(changed);
    } else {
      client.write(chunk.subarray(0, at));
      if (malice.kind === 'close') client.end();
      else if (malice.kind === 'reset') client.resetAndDestroy();
    }
  });
});

beforeAll(async () => {
  server = await startLicenseServer({ licenses: license, singlePort: true });
  await new Promise<void>((resolve) => {
    proxy.listen(0, '127.0.0.1', resolve);
  });
});
afterAll(async () => {
  for (const socket of sockets) socket.destroy();
  proxy.close();
  await server.stop();
});

function port(): number {
  return (proxy.address() as { port: number }).port;
}

/** Runs a conversation with this malice; gives the bytes that the server said in it. */
async function under(chosen: Malice, run: () => Promise<unknown>): Promise<number> {
  malice = chosen;
  passed = 0;
  await run();
  return passed;
}

/** A changed length, like silence, is told only by the time that passes. */
function answerTimeoutMs(): number {
  return malice.kind === 'stall' || malice.kind === 'flip' ? 15 : 5_000;
}

async function checkout(): Promise<void> {
  const context = makeContext({ answerTimeoutMs: answerTimeoutMs() });
  const outcome = await requestCheckout(makeWanted(), makePath(`${port()}@127.0.0.1`), context);
  if (outcome.ok) outcome.held?.session.close();
  else expect(outcome.reported.refusal.major, JSON.stringify(malice)).toBeLessThan(0);
}

async function lmstat(): Promise<void> {
  const hosts = [{ host: '127.0.0.1', ports: [port()] }];
  const report = await readStatus([{ kind: 'server', hosts }], {
    ...makeContext({ answerTimeoutMs: answerTimeoutMs() }),
    at: testTime,
    program: 'lmutil',
    usage: 'users',
  });
  const text = [...renderLmstat(report, { usage: 'all' })].join('');
  expect(text, JSON.stringify(malice)).toMatch(/^(License server|Error getting) status: .*$/m);
  expect(text.endsWith('\n')).toBe(true);
}

test.each(['close', 'reset', 'flip'] as const)(
  'a server that does %s at any byte of a checkout is a refusal, not a crash',
  async (kind) => {
    const total = await under({ kind: 'none', at: 0 }, checkout);
    expect(total).toBeGreaterThan(200);
    for (let at = 0; at < total; at++) await under({ kind, at }, checkout);
  },
);

test('a server that falls silent at a byte of a checkout is given up', async () => {
  const total = await under({ kind: 'none', at: 0 }, checkout);
  for (let at = 0; at < total; at += 9) await under({ kind: 'stall', at }, checkout);
});

test.each(['close', 'flip'] as const)(
  'a server that does %s at any byte of lmstat -a leaves a report of whole lines',
  async (kind) => {
    const total = await under({ kind: 'none', at: 0 }, lmstat);
    expect(total).toBeGreaterThan(300);
    for (let at = 0; at < total; at++) await under({ kind, at }, lmstat);
  },
);

test('afterwards no license is out', () => {
  expect(
    server.snapshot('acmed').features.every(({ pools }) => pools.every(({ used }) => used === 0)),
  ).toBe(true);
});
