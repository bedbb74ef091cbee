import { afterEach, beforeEach, expect, test } from 'vitest';
import { ManualClock } from '../../src/base/clock.ts';
import { connectClient } from '../../src/client/client.ts';
import { type ControlPlane, startControlPlane } from '../../src/control/control-plane.ts';
import type { Snapshot } from '../../src/control/snapshot-schema.ts';
import { type LicenseServer, startServer } from '../../src/daemon/server.ts';

const license = (count: number) =>
  `SERVER this_host ANY\nVENDOR acmed\nINCREMENT solve acmed 2.0 permanent ${count} BORROW=240 SIGN=00\n`;

class Side {
  readonly server: LicenseServer;
  readonly control: ControlPlane;

  constructor(server: LicenseServer, control: ControlPlane) {
    this.server = server;
    this.control = control;
  }

  static async start(clock: 'manual' | 'real', count = 3, options?: string): Promise<Side> {
    const server = await startServer({
      licenses: [{ name: 'a.lic', text: license(count) }],
      ...(options === undefined ? {} : { options: { acmed: { name: 'a.opt', text: options } } }),
      port: 0,
      ...(clock === 'manual' ? { clock: new ManualClock() } : {}),
    });
    return new Side(server, await startControlPlane(server, { host: '127.0.0.1', port: 0 }));
  }

  async ask(method: string, path: string, input?: object) {
    const headers = { 'content-type': 'application/json' };
    const json = input === undefined ? {} : { headers, body: JSON.stringify(input) };
    const response = await fetch(this.control.url + path, { method, ...json });
    // biome-ignore lint/suspicious/noExplicitAny: what each answer has is what the tests look at
    return { status: response.status, body: (await response.json()) as any };
  }

  async snapshot(): Promise<Snapshot> {
    const { status, body } = await this.ask('GET', '/snapshot');
    expect(status).toBe(200);
    return body;
  }

  async stop(): Promise<void> {
    await this.control.close();
    await this.server.stop();
  }
}

const sides: Side[] = [];

async function start(clock: 'manual' | 'real', count?: number, options?: string): Promise<Side> {
  const side = await Side.start(clock, count, options);
  sides.push(side);
  return side;
}

let from: Side;

beforeEach(async () => {
  from = await start('manual');
});

afterEach(async () => {
  for (const side of sides.splice(0)) await side.stop();
});

/** Two seats out since different days, one borrowed, somebody waits, a fault is armed. */
async function fill(): Promise<void> {
  const { address } = from.server;
  const ann = await connectClient({ server: address, user: 'ann', host: 'ws1', display: ':0' });
  await ann.checkout('solve', { version: '1.5' });
  await from.ask('POST', '/clock/advance', { by: '1d' });
  const bob = { feature: 'solve', user: 'bob', host: 'ws2' };
  await from.ask('POST', '/borrow', { ...bob, until: '3d' });
  await from.ask('POST', '/checkout', { ...bob, user: 'cat' });
  await from.ask('POST', '/checkout', { ...bob, user: 'dan', whenInUse: 'queue' });
  await from.ask('POST', '/clock/advance', { by: '2h' });
  await from.ask('POST', '/faults', { fault: 'slow latency=1ms user=eve' });
}

test('a server is brought into the state of another, and has the same snapshot then', async () => {
  await fill();
  const saved = await from.snapshot();
  expect(saved).toMatchObject({
    clock: { kind: 'manual' },
    features: [{ vendor: 'acmed', feature: 'solve', seats: 3 }],
    seats: [{ user: 'ann', version: '1.5' }, { user: 'bob' }, { user: 'cat' }],
    queue: [{ user: 'dan' }],
    faults: [expect.stringContaining('user=eve')],
    left: [],
  });
  const to = await start('manual');
  await to.ask('POST', '/checkout', { feature: 'solve', user: 'gone' });
  expect(await to.ask('POST', '/snapshot', saved)).toEqual({
    status: 200,
    body: { seats: 3, queue: 1, faults: 1 },
  });
  expect(await to.snapshot()).toEqual(saved);
  // What comes then comes there, too.
  await to.ask('POST', '/clock/advance', { by: '3d' });
  const { body } = await to.ask('GET', '/users');
  expect(body.users.map(({ user }: { user: string }) => user).sort()).toEqual([
    'ann',
    'cat',
    'dan',
  ]);
});

test("on the machine's clock all seats go out now", async () => {
  const here = await start('real');
  await here.ask('POST', '/checkout', { feature: 'solve', user: 'ann' });
  const saved = await here.snapshot();
  await here.ask('POST', '/reset');
  expect((await here.ask('POST', '/snapshot', saved)).status).toBe(200);
  expect((await here.ask('GET', '/users')).body.users).toMatchObject([{ user: 'ann' }]);
});

test.each([
  ['another count', () => start('manual', 2), 409, 'features.0: expected solve of acmed with 3'],
  ['another clock', () => start('real'), 409, 'clock.kind: expected'],
  [
    'rules that refuse',
    () => start('manual', 3, 'EXCLUDE solve USER cat'),
    409,
    'seats.2: expected',
  ],
])('%s: it says so, and is as after a reset', async (_name, begin, status, text) => {
  await fill();
  const to = await begin();
  const answer = await to.ask('POST', '/snapshot', await from.snapshot());
  expect(answer).toMatchObject({ status, body: { error: { code: 'CONTROL_SNAPSHOT' } } });
  expect(answer.body.error.message).toContain(text);
  expect((await to.ask('GET', '/users')).body.total).toBe(0);
});

test.each([
  ['no snapshot', () => ({}), 400, 'version'],
  ['another version', (saved: Snapshot) => ({ ...saved, version: 2 }), 400, 'version'],
  ['an unknown field', (saved: Snapshot) => ({ ...saved, extra: 1 }), 400, 'extra'],
  [
    'a feature that is not there',
    (saved: Snapshot) => ({
      ...saved,
      queue: [{ ...saved.seats[0], since: undefined, feature: 'x' }],
    }),
    409,
    'queue.0: expected a feature of this server, got x',
  ],
  ['a fault that is none', (saved: Snapshot) => ({ ...saved, faults: ['slw'] }), 400, 'slw'],
  [
    'a seat of no count',
    (saved: Snapshot) => ({ ...saved, seats: [{ ...saved.seats[0], count: 0 }] }),
    400,
    'seats.0.count',
  ],
])('%s: it says so, and nothing is done', async (_name, change, status, text) => {
  await fill();
  const saved = await from.snapshot();
  const answer = await from.ask('POST', '/snapshot', change(saved));
  expect(answer.status).toBe(status);
  expect(answer.body.error.message).toContain(text);
  expect(await from.snapshot()).toEqual(saved);
});
