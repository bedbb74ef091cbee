import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import { ManualClock, systemClock } from '../../src/base/clock.ts';
import { requestCheckout } from '../../src/client/checkout.ts';
import { connectClient } from '../../src/client/client.ts';
import { HeldCheckout, type HeldEvent } from '../../src/client/held-checkout.ts';
import { searchPath } from '../../src/client/search-path.ts';
import {
  type LicenseServerOptions,
  startLicenseServer,
  type TestLicenseServer,
} from '../../src/testing/license-server.ts';
import { makeContext, makePath, makeWanted } from './make.ts';

const license = {
  name: 'two-vendors.lic',
  text: [
    'SERVER this_host ANY',
    'VENDOR acmed',
    'VENDOR betad',
    'USE_SERVER',
    'FEATURE solve acmed 12.5 permanent 3 SIGN=00',
    'INCREMENT mesh acmed 12.5 permanent 2 DUP_GROUP=V SIGN=00',
    'INCREMENT view betad 3.1 permanent 7 SIGN=00',
    '',
  ].join('\n'),
};

const stops: (() => unknown)[] = [];
afterEach(async () => {
  for (const stop of stops.splice(0).reverse()) await stop();
});

async function serve(more: Partial<LicenseServerOptions> = {}): Promise<TestLicenseServer> {
  const server = await startLicenseServer({ licenses: license, ...more });
  stops.push(() => server.stop());
  return server;
}

async function connect(server: TestLicenseServer) {
  const client = await connectClient({ server: server.address, user: 'ann', host: 'ws1' });
  stops.push(() => client.close());
  return client;
}

function kinds(server: TestLicenseServer): readonly string[] {
  return server.journal().map(({ event }) => event.kind);
}

describe.each([
  ['on ports of their own', {}],
  ['on a single port', { singlePort: true }],
])('with manager and daemons %s', (_, options) => {
  test('a client checks out of whichever daemon has the feature, and checks in', async () => {
    const server = await serve(options);
    const client = await connect(server);
    expect(client.vendors).toEqual(['acmed', 'betad']);
    const view = await client.checkout('view', { count: 7, version: '3.1' });
    expect(view).toMatchObject({ ok: true, vendor: 'betad', poolVersion: '3.1' });
    expect(await client.checkout('view')).toMatchObject({ ok: false, refusal: { major: -4 } });
    expect(view.ok && (await client.checkin(view))).toBeUndefined();
    expect(await client.checkout('view')).toMatchObject({ ok: true });
    expect(await client.heartbeat()).toBeUndefined();
    // The other daemon was not asked: it would have noted a feature that it does not have.
    expect(kinds(server)).toEqual(['seatTaken', 'checkoutDenied', 'seatReturned', 'seatTaken']);
  });

  test.each([
    ['nosuch', {}, -5],
    ['view', { version: '3.2' }, -25],
    ['view', { count: 8 }, -26],
  ])('%s with %j is refused with %i', async (feature, asked, code) => {
    const client = await connect(await serve(options));
    expect(await client.checkout(feature, asked)).toMatchObject({ refusal: { major: code } });
  });
});

test('checkout data decides whether seats are shared where DUP_GROUP says so', async () => {
  const client = await connect(await serve());
  for (const data of ['job 1', 'job 1', 'job 2']) {
    expect(await client.checkout('mesh', { data })).toMatchObject({ ok: true });
  }
  expect(await client.checkout('mesh', { data: 'job 3' })).toMatchObject({
    refusal: { major: -4 },
  });
});

test('the variables a test server gives are a license path that finds it', async () => {
  const server = await serve();
  const path = searchPath({ env: server.env, vendor: 'betad', platform: 'linux' });
  const outcome = await requestCheckout(makeWanted({ feature: 'view' }), path, makeContext());
  expect(outcome).toMatchObject({ ok: true, vendor: 'betad' });
  if (outcome.ok) outcome.held?.session.close();
});

test('a file with SERVER lines and USE_SERVER finds it too', async () => {
  const server = await serve();
  const folder = mkdtempSync(join(tmpdir(), 'fauxlm-real-'));
  stops.push(() => rmSync(folder, { recursive: true }));
  const text = license.text.replace('ANY', `ANY ${server.port}`);
  writeFileSync(join(folder, 'a.lic'), text);
  const outcome = await requestCheckout(makeWanted(), makePath(folder), makeContext());
  expect(outcome).toMatchObject({ ok: true, vendor: 'acmed' });
  if (outcome.ok) outcome.held?.session.close();
});

test('a seat whose daemon is killed is had again from the restarted daemon', async () => {
  const server = await serve();
  const [wanted, path] = [makeWanted(), makePath(server.address)];
  const context = makeContext({ clock: systemClock });
  const grant = await requestCheckout(wanted, path, context);
  if (!grant.ok) throw new Error('it was denied');
  let tell = (_: HeldEvent): void => {};
  const regained = new Promise<void>((resolve) => {
    tell = ({ kind }) => {
      if (kind === 'regained') resolve();
    };
  });
  const held = new HeldCheckout(grant, { wanted, path, context, onEvent: (event) => tell(event) });
  await server.killVendor('acmed');
  await regained;
  expect(held.grant?.vendor).toBe('acmed');
  await held.release();
});

test('heartbeats follow the clock that client and server share', async () => {
  const clock = new ManualClock();
  const server = await serve({ clock });
  const steps: string[] = [];
  let tell = (): void => {};
  const beaten = new Promise<void>((resolve) => {
    tell = resolve;
  });
  const log = {
    step: (step: string, text: string) => {
      steps.push(`${step}: ${text}`);
      if (step === 'heartbeat') tell();
    },
  };
  const path = makePath(server.address);
  const outcome = await requestCheckout(makeWanted(), path, makeContext({ clock, log }));
  clock.advance(120_000);
  await beaten;
  expect(steps.at(-1)).toBe('heartbeat: acmed: alive');
  if (outcome.ok) outcome.held?.session.close();
});
