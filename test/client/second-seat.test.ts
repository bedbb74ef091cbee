import { connect, createServer, type Server, type Socket } from 'node:net';
import { afterEach, expect, test, vi } from 'vitest';
import { type Clock, ManualClock } from '../../src/base/clock.ts';
import { requestCheckout } from '../../src/client/checkout.ts';
import { HeldCheckout, type HeldEvent } from '../../src/client/held-checkout.ts';
import { connectClient, startLicenseServer, type TestLicenseServer } from '../../src/index.ts';
import { checkoutBytes, frameBytes, greeted, MARK } from '../daemon/raw-client.ts';
import { until } from '../e2e/processes.ts';
import { keptLog, makeContext, makePath, makeWanted } from './make.ts';

/**
 * A network that can be unplugged: connections that stand then stay open on the server's side, and nothing passes any
 * more, neither bytes nor ends; new ones go through.
 */
class Network {
  readonly #server: Server;
  readonly #wires = new Set<{ cut: boolean; readonly client: Socket; readonly upstream: Socket }>();

  constructor(port: number) {
    this.#server = createServer((client) => {
      const upstream = connect({ port, host: '127.0.0.1', noDelay: true });
      const wire = { cut: false, client, upstream };
      this.#wires.add(wire);
      for (const [from, to] of [
        [client, upstream],
        [upstream, client],
      ] as const) {
        from.on('error', () => {});
        from.on('data', (chunk) => {
          if (!wire.cut) to.write(chunk);
        });
        from.on('close', () => {
          if (!wire.cut) to.destroy();
        });
      }
    });
  }

  listen(): Promise<number> {
    return new Promise((resolve) => {
      this.#server.listen(0, '127.0.0.1', () =>
        resolve((this.#server.address() as { port: number }).port),
      );
    });
  }

  unplug(): void {
    for (const wire of this.#wires) wire.cut = true;
  }

  close(): void {
    for (const { client, upstream } of this.#wires) {
      client.destroy();
      upstream.destroy();
    }
    this.#server.close();
  }
}

const stops: (() => unknown)[] = [];
afterEach(async () => {
  for (const stop of stops.splice(0).reverse()) await stop();
  vi.useRealTimers();
});

const MINUTE = 60_000;
const text = [
  'SERVER this_host ANY',
  'VENDOR acmed',
  'INCREMENT solve acmed 2.0 permanent 2 SIGN=00',
  '',
].join('\n');

/** One time for everybody, which the test lets pass; sockets and their waits are real. */
async function start() {
  // Only what tells the server for how long nobody was heard.
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval', 'performance'] });
  const time = new ManualClock();
  // Not one that the server may move: it listens for silence as on the machine's clock.
  const clock: Clock = { now: () => time.now(), schedule: (at, task) => time.schedule(at, task) };
  const licenses = { name: 'acme.lic', text };
  const server = await startLicenseServer({ licenses, singlePort: true, clock });
  stops.push(() => server.stop());
  // Both together, as they pass in life: the daemon reckons from one to the other.
  const pass = (ms: number): void => {
    for (let gone = 0; gone < ms; gone += 5_000) {
      time.advance(5_000);
      vi.advanceTimersByTime(5_000);
    }
  };
  return { server, time, clock, pass };
}

function seatsOf(server: TestLicenseServer): number {
  return server.snapshot('acmed').features[0]!.pools[0]!.used;
}

function returnsOf(server: TestLicenseServer) {
  return server.journal().flatMap(({ event }) => {
    return event.kind === 'seatReturned' ? [{ handle: event.handle, reason: event.reason }] : [];
  });
}

test('a client whose network was cut takes a second seat when it is back, until the first is given up', async () => {
  const { server, time, clock, pass } = await start();
  const network = new Network(server.port);
  const path = makePath(`${await network.listen()}@127.0.0.1`);
  stops.push(() => network.close());
  const log = keptLog();
  const context = makeContext({ clock, log, answerTimeoutMs: 500 });
  const wanted = makeWanted();
  const grant = await requestCheckout(wanted, path, context);
  if (!grant.ok) throw new Error('it was denied');
  const told: HeldEvent['kind'][] = [];
  const onEvent = (event: HeldEvent): void => void told.push(event.kind);
  const held = new HeldCheckout(grant, { wanted, path, context, onEvent });
  stops.push(() => held.release());
  expect(seatsOf(server)).toBe(1);
  const heardAt = time.now();

  network.unplug();
  // Its next heartbeat is not answered.
  pass(2 * MINUTE);
  await until(() => told.includes('lost'));
  time.advance(0);
  await until(() => told.includes('regained'));
  expect(seatsOf(server)).toBe(2);
  const other = await connectClient({ server: server.address, user: 'ben' });
  stops.push(() => other.close());
  expect(await other.checkout('solve')).toMatchObject({ ok: false, refusal: { major: -4 } });

  const beats = (): number => log.steps.filter((step) => step.startsWith('heartbeat: ')).length;
  const untilSecond = heardAt + 2 * 60 * MINUTE;
  while (time.now() < untilSecond) {
    expect([seatsOf(server), returnsOf(server)]).toEqual([2, []]);
    const before = beats();
    pass(2 * MINUTE);
    await until(() => beats() > before);
  }
  expect(time.now()).toBe(untilSecond);
  expect(returnsOf(server)).toEqual([{ handle: grant.held!.handle, reason: 'timedOut' }]);
  expect(seatsOf(server)).toBe(1);
  expect(told).toEqual(['lost', 'regained']);
  expect(await held.grant!.held!.session.heartbeat()).toBeUndefined();
  expect(await other.checkout('solve')).toMatchObject({ ok: true });
});

test.each([
  ['is heard again after an hour keeps its seat', true],
  ['is never heard again loses its seat after two hours', false],
])('a client that falls silent and %s', async (_what, comesBack) => {
  const { server, pass } = await start();
  const client = await greeted(server.port, 'acmed', { mark: MARK });
  stops.push(() => client.end());
  client.send(checkoutBytes('solve'));
  await client.message();
  pass(60 * MINUTE);
  expect(server.journal().map(({ event }) => event.kind)).toContain('sessionQuieted');
  if (comesBack) {
    client.send(frameBytes(0x7f06, Buffer.from([1, 0, 0, 0, 9, 1])));
    expect((await client.message()).type).toBe(0x7f07);
  }
  pass(60 * MINUTE);
  expect(seatsOf(server)).toBe(comesBack ? 1 : 0);
  if (!comesBack) await client.closed();
});
