import { once } from 'node:events';
import { createServer as createHttpServer } from 'node:http';
import { type AddressInfo, createServer } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import { makeClock } from '../../src/base/clock-setting.ts';
import { type ClientContext, clientContext } from '../../src/client/context.ts';
import { examineServer, type HopFinding } from '../../src/client/doctor.ts';
import { scanPorts } from '../../src/client/scan.ts';
import { startServer } from '../../src/daemon/server.ts';
import type { ServerConfig } from '../../src/daemon/server-config.ts';

const text = 'SERVER this_host ANY\nVENDOR acmed\nINCREMENT solve acmed 2.0 permanent 2 SIGN=00\n';
const context: ClientContext = clientContext({ connectTimeoutMs: 2_000, answerTimeoutMs: 500 });

async function serve(more: Partial<ServerConfig> = {}) {
  const server = await startServer({ licenses: [{ name: 'a.lic', text }], port: 0, ...more });
  onTestFinished(() => server.stop());
  return server;
}

async function examine(host: string, port: number): Promise<readonly HopFinding[]> {
  return examineServer({ host, ports: [port] }, context);
}

function states(hops: readonly HopFinding[]): readonly string[] {
  return hops.map(({ hop, state }) => `${hop} ${state}`);
}

/** A port where nobody listens any more. */
async function closedPort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}

test('every hop of a server that is right is right', async () => {
  const server = await serve();
  const hops = await examine('localhost', server.port);
  expect(states(hops)).toEqual([
    'name ok',
    'manager ok',
    'versions ok',
    'clock ok',
    'redirect ok',
    'daemon ok',
  ]);
  expect(hops[4]!.text).toContain(`${server.vendors[0]!.port}@`);
  expect(hops.every(({ fix }) => fix === undefined)).toBe(true);
});

test('on one port there is no redirect', async () => {
  const server = await serve({ singlePort: true });
  const found = states(await examine('127.0.0.1', server.port));
  expect(found.slice(-1)).toEqual(['daemon ok']);
  expect(found.filter((each) => / (fail|warn)$/.test(each))).toEqual([]);
});

test('a name that there is not, and a port where nobody listens, end the way there', async () => {
  const nameless = await examine('no-such-host.invalid', 27_000);
  expect(states(nameless)).toEqual(['name fail']);
  expect(nameless[0]!.fix).toContain('DNS');
  const dead = await examine('127.0.0.1', await closedPort());
  expect(states(dead)).toEqual(['name ok', 'manager fail']);
  expect(dead[1]).toMatchObject({
    text: expect.stringContaining('Connection refused (-15,570)'),
    fix: expect.stringContaining('start the license server'),
  });
});

test('another program at the port is told by what it says', async () => {
  const other = createHttpServer((_request, response) => response.end('hello')).listen(
    0,
    '127.0.0.1',
  );
  await once(other, 'listening');
  onTestFinished(() => void other.close());
  const hops = await examine('127.0.0.1', (other.address() as AddressInfo).port);
  expect(states(hops)).toEqual(['name ok', 'manager fail']);
  expect(hops[1]!.fix).toContain('another program listens there');
});

test('a manager whose redirect leads nowhere is told apart from a daemon that is down', async () => {
  const server = await serve({ licenses: [{ name: 'a.lic', text: `${text}VENDOR betad\n` }] });
  const port = await closedPort();
  await server.faults.add({
    fault: 'redirect',
    to: '127.0.0.1',
    port: String(port),
    vendor: 'acmed',
  });
  await server.faults.add({ fault: 'down', vendor: 'betad' });
  const hops = await examine('127.0.0.1', server.port);
  expect(states(hops).slice(4)).toEqual(['redirect ok', 'daemon fail', 'vendor fail']);
  expect(hops[4]!.text).toBe(`acmed is at ${port}@127.0.0.1`);
  expect(hops[5]!.fix).toContain('--advertise');
  expect(hops[6]).toMatchObject({
    text: expect.stringContaining('betad'),
    fix: expect.stringContaining('lmreread'),
  });
});

test('a clock that is far from here is told, since licenses follow it', async () => {
  const clock = makeClock({ kind: 'manual', at: Date.UTC(2040, 0, 2) });
  const server = await serve({ clock });
  const found = (await examine('127.0.0.1', server.port)).find(({ hop }) => hop === 'clock');
  expect(found).toMatchObject({ state: 'warn', text: expect.stringContaining('2040-01-02T00:00') });
});

test('a scan finds license managers and tells other programs from them', async () => {
  const server = await serve();
  const other = createServer((socket) => socket.end('SSH-2.0-nothing\r\n')).listen(0, '127.0.0.1');
  await once(other, 'listening');
  onTestFinished(() => void other.close());
  const { port } = other.address() as AddressInfo;
  const closed = await closedPort();
  const host = '127.0.0.1';
  const endpoints = [closed, server.port, port].map((each) => ({ host, port: each }));
  expect(await scanPorts(endpoints, context)).toEqual([
    {
      host,
      port: server.port,
      kind: 'license manager',
      version: '11.18',
      fauxlm: true,
      vendors: ['acmed'],
    },
    { host, port, kind: 'other', answer: expect.stringContaining('SSH') },
  ]);
});
