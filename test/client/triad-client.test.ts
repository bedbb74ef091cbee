import { afterEach, expect, test } from 'vitest';
import { ManualClock } from '../../src/base/clock.ts';
import { requestCheckout } from '../../src/client/checkout.ts';
import { connectClient } from '../../src/client/client.ts';
import type { ClientEvent } from '../../src/client/client-answers.ts';
import { HeldCheckout, type HeldEvent } from '../../src/client/held-checkout.ts';
import { makeContext, makePath, makeWanted } from './make.ts';
import { type ScriptedLicenseServer, startScripted } from './scripted-server.ts';

const stops: (() => unknown)[] = [];
afterEach(async () => {
  for (const stop of stops.splice(0)) await stop();
});

async function member(daemon: Record<string, string | number>): Promise<ScriptedLicenseServer> {
  const server = await startScripted({ acmed: daemon });
  stops.push(() => server.stop());
  return server;
}

/** A client of a triad of which the first member dies, the second stands for nobody and the third takes over. */
async function onTriad(third: Record<string, string | number>) {
  const master = await member({ solve: '2.0', mesh: '2.0' });
  const other = await member(third);
  const server = [master.address, '1@127.0.0.1', other.address].join(',');
  const clock = new ManualClock();
  const events: ClientEvent[] = [];
  let tell = (): void => {};
  const onEvent = (event: ClientEvent): void => {
    events.push(event);
    tell();
  };
  const context = { clock, assumesHeartbeats: true };
  const client = await connectClient({ server, user: 'ann', host: 'h', context, onEvent });
  stops.push(() => client.close());
  const heard = async (kind: ClientEvent['kind']): Promise<ClientEvent> => {
    for (;;) {
      const found = events.find((event) => event.kind === kind);
      if (found) return found;
      await new Promise<void>((resolve) => {
        tell = resolve;
      });
    }
  };
  return { master, other, client, clock, events, heard };
}

const features = (server: ScriptedLicenseServer): readonly string[] =>
  server.daemons['acmed']!.all('checkout').map(({ feature }) => feature);

test('a client of a triad checks out again at the next master, at once and in its order', async () => {
  const { master, other, client, clock, events, heard } = await onTriad({
    solve: '2.0',
    mesh: '2.0',
  });
  const mesh = await client.checkout('mesh');
  const solve = await client.checkout('solve');
  expect([client.server, mesh.ok, solve.ok]).toEqual([master.address, true, true]);
  await master.stop();
  await heard('lost');
  clock.advance(0);
  expect(await heard('regained')).toMatchObject({ vendor: 'acmed', server: other.address });
  expect(features(other)).toEqual(['mesh', 'solve']);
  expect(events.map(({ kind }) => kind)).toEqual(['lost', 'regained']);
  // The new daemon counts its handles from the beginning: none is mistaken for another.
  const third = await client.checkout('solve');
  if (!mesh.ok || !solve.ok || !third.ok) throw new Error('one was denied');
  expect(await client.checkin(solve)).toBeUndefined();
  expect(await client.checkin(third)).toBeUndefined();
  expect(await client.checkin(mesh)).toBeUndefined();
  const given = other.daemons['acmed']!.all('checkin').map(({ handle }) => handle);
  expect(given).toEqual([102, 103, 101]);
});

test('who asks while the master is gone comes behind what was out', async () => {
  const { master, other, client, heard } = await onTriad({ solve: '2.0', mesh: '2.0' });
  await client.checkout('mesh');
  await master.stop();
  await heard('lost');
  expect(await client.checkout('solve')).toMatchObject({ ok: true });
  expect(features(other)).toEqual(['mesh', 'solve']);
});

test('who closes while the next master is looked for hears of no further loss', async () => {
  const { master, other, client, clock, events, heard } = await onTriad({ mesh: '2.0' });
  await client.checkout('mesh');
  await master.stop();
  await heard('lost');
  const daemon = other.daemons['acmed']!;
  const identified = daemon.hears('identify');
  clock.advance(0);
  client.close();
  await identified;
  await expect.poll(() => daemon.connections, { interval: 2, timeout: 10_000 }).toBe(0);
  expect(events.map(({ kind }) => kind)).toEqual(['lost']);
  expect(features(other)).toEqual([]);
});

test('what the next master denies is asked for each second for two minutes, then each minute, then no more', async () => {
  const { master, other, client, clock, heard } = await onTriad({ solve: '2.0', mesh: -4 });
  const mesh = await client.checkout('mesh');
  await client.checkout('solve');
  await master.stop();
  await heard('lost');
  const began = clock.now();
  let end: ClientEvent | undefined;
  void heard('gaveUp').then((event) => {
    end = event;
  });
  while (end === undefined) {
    if (clock.next !== undefined) clock.set(clock.next);
    await new Promise((next) => setImmediate(next));
  }
  expect(end).toMatchObject({ kind: 'gaveUp', refusal: { refusal: { major: -4 } } });
  expect(features(other).filter((feature) => feature === 'solve')).toHaveLength(1);
  const tries = features(other).filter((feature) => feature === 'mesh').length;
  expect(tries).toBe(1 + 120 + 5);
  expect(clock.now() - began).toBe(120_000 + 5 * 60_000);
  expect(mesh.ok && (await client.checkin(mesh))).toMatchObject({ refusal: { major: -41 } });
  expect(await client.heartbeat()).toBeUndefined();
});

test('nobody there: the documented error, and the client can ask anew', async () => {
  const { master, other, client, heard } = await onTriad({ solve: '2.0', mesh: '2.0' });
  await client.checkout('solve');
  await other.stop();
  await master.stop();
  expect(await heard('lost')).toMatchObject({ refusal: { refusal: { major: -16 } } });
  expect(await client.checkout('mesh')).toMatchObject({ refusal: { major: -15 } });
});

test('a held checkout of a triad is asked for at once, then each second', async () => {
  const master = await member({ solve: '2.0' });
  const other = await member({ solve: -97 });
  const clock = new ManualClock();
  const context = makeContext({ clock, assumesHeartbeats: true });
  const path = makePath(`${master.address},${other.address}`);
  const wanted = makeWanted();
  const grant = await requestCheckout(wanted, path, context);
  if (!grant.ok) throw new Error('it was denied');
  expect(grant.ofTriad).toBe(true);
  const events: HeldEvent[] = [];
  const held = new HeldCheckout(grant, { wanted, path, context, onEvent: (e) => events.push(e) });
  stops.push(() => held.release());
  await master.stop();
  const began = clock.now();
  const at: number[] = [];
  while (events.length === 0) await new Promise((next) => setImmediate(next));
  while (at.length <= 10) {
    if (clock.next !== undefined) {
      at.push(clock.next - began);
      clock.set(clock.next);
    }
    await new Promise((next) => setImmediate(next));
  }
  expect(features(other).length).toBeGreaterThanOrEqual(10);
  // The one at once is due before anybody moves the clock.
  expect(at).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11].map((seconds) => seconds * 1_000));
});
