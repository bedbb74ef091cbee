import { createServer } from 'node:net';
import { afterEach, expect, test } from 'vitest';
import { AcceptPace } from '../../src/daemon/accept-pace.ts';
import { GivenPorts, givenPorts } from '../../src/daemon/given-ports.ts';
import { Listener } from '../../src/daemon/listener.ts';
import { freeTriadPorts } from '../../src/scenario/triad-ports.ts';

const closing: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0)) await close();
});

function listenerWith(given: Pick<GivenPorts, 'has' | 'add'>): Listener {
  const refuse = (): void => {};
  const listener = new Listener((socket) => socket.destroy(), refuse, new AcceptPace(), given);
  closing.push(() => listener.close());
  return listener;
}

test('who wants any port takes none that a listener had before', async () => {
  const offered: number[] = [];
  const added: number[] = [];
  // The first three that the system offers were somebody's.
  const has = (port: number): boolean => offered.push(port) <= 3;
  const listener = listenerWith({ has, add: (port) => added.push(port) });
  await listener.listen(['127.0.0.1', '::1'], 0);
  expect(offered).toHaveLength(4);
  expect(listener.port).toBe(offered[3]);
  expect(added).toEqual([offered[3]]);
});

test('when every free port had a listener before, the last one offered is taken', async () => {
  let asked = 0;
  const listener = listenerWith({ has: () => ++asked > 0, add: () => {} });
  await listener.listen(['127.0.0.1'], 0);
  expect(listener.port).toBeGreaterThan(0);
  expect(asked).toBe(19);
});

test('a port that is asked for by its number is taken again, and one in use is not tried twice', async () => {
  const given = new GivenPorts();
  const first = listenerWith(given);
  await first.listen(['127.0.0.1'], 0);
  const { port } = first;
  await first.close();
  expect(given.has(port)).toBe(true);
  const second = listenerWith(given);
  await second.listen(['127.0.0.1'], port);
  expect(second.port).toBe(port);
  await expect(listenerWith(given).listen(['127.0.0.1'], port)).rejects.toMatchObject({
    code: 'NET_PORT_IN_USE',
  });
});

test('the ports of a triad are free, and taken by nobody who wants any port', async () => {
  const ports = await freeTriadPorts();
  expect(new Set(ports).size).toBe(3);
  expect(ports.every((port) => givenPorts.has(port))).toBe(true);
  for (const port of ports) {
    const server = createServer();
    await new Promise<void>((done) => server.listen(port, '127.0.0.1', done));
    await new Promise((done) => server.close(done));
  }
});

test('the latest two thousand ports are remembered', () => {
  const given = new GivenPorts();
  for (let port = 1; port <= 2_000; port++) given.add(port);
  given.add(1);
  given.add(2_001);
  expect([1, 2, 3, 2_001].map((port) => given.has(port))).toEqual([true, false, true, true]);
});
