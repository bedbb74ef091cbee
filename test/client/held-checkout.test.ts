import { afterEach, expect, test } from 'vitest';
import { ManualClock } from '../../src/base/clock.ts';
import { requestCheckout } from '../../src/client/checkout.ts';
import { HeldCheckout, type HeldEvent } from '../../src/client/held-checkout.ts';
import { makeContext, makePath, makeWanted } from './make.ts';
import { type Script, type ScriptedLicenseServer, startScripted } from './scripted-server.ts';

const stops: (() => unknown)[] = [];
afterEach(async () => {
  for (const stop of stops.splice(0)) await stop();
});

/** A held checkout of solve, and a way to wait for what becomes of it. */
async function holdSolve(answers: { solve: string | number } | Script = { solve: '2.0' }) {
  const server = await startScripted({ acmed: answers as Script });
  stops.push(() => server.stop());
  const clock = new ManualClock();
  const context = makeContext({ clock });
  const path = makePath(server.address);
  const wanted = makeWanted();
  const grant = await requestCheckout(wanted, path, context);
  if (!grant.ok) throw new Error('it was denied');
  const events: HeldEvent[] = [];
  let tell = (_event: HeldEvent): void => {};
  const onEvent = (event: HeldEvent): void => {
    events.push(event);
    tell(event);
  };
  const held = new HeldCheckout(grant, { wanted, path, context, onEvent });
  stops.push(() => held.release());
  const next = (kind: HeldEvent['kind']): Promise<HeldEvent> =>
    new Promise((resolve) => {
      tell = (event) => {
        if (event.kind === kind) resolve(event);
      };
    });
  return { server, clock, held, events, next };
}

function resetDaemon({ daemons }: ScriptedLicenseServer): void {
  daemons['acmed']?.talks.at(-1)?.reset();
}

test('a lost license is asked for again at once', async () => {
  const { server, clock, held, events, next } = await holdSolve();
  const lost = next('lost');
  resetDaemon(server);
  await lost;
  expect(held.grant).toBeUndefined();
  const regained = next('regained');
  clock.advance(0);
  await regained;
  expect(held.grant?.held?.handle).toBe(102);
  expect(events.map(({ kind }) => kind)).toEqual(['lost', 'regained']);
});

test('then after a second, two, five, ten, and five times a minute apart; then never', async () => {
  const { server, clock, events, next } = await holdSolve();
  const lost = next('lost');
  await server.stop();
  await lost;
  const gaveUp = next('gaveUp');
  const began = clock.now();
  let done = false;
  void gaveUp.then(() => {
    done = true;
  });
  // Each attempt needs the event loop to find nobody there; only then is the next one due.
  while (!done) {
    clock.advance(100);
    await new Promise((resolve) => setImmediate(resolve));
  }
  expect(await gaveUp).toMatchObject({ why: { refusal: { major: -15 } } });
  expect(clock.now() - began).toBeGreaterThanOrEqual(18_000 + 5 * 60_000);
  expect(events.map(({ kind }) => kind)).toEqual(['lost', 'gaveUp']);
});

test('a server that grants and drops at once is not asked forever', async () => {
  let granted = 0;
  const { clock, events, next } = await holdSolve((heard, talk) => {
    if (heard.kind === 'hello') {
      const version = { versionMajor: 11, versionMinor: 18 };
      talk.send('greeting', { ...version, suffix: 0xfa01, host: 'h', daemon: 'acmed' });
    } else if (heard.kind === 'identify') {
      talk.send('accepted', { ownVersion: 1, tag: heard.value.tag });
    } else if (heard.kind === 'checkout') {
      granted++;
      const { tag } = heard.value;
      talk.send('granted', { ownVersion: 1, tag, handle: granted, poolVersion: '1.0' });
      talk.close();
    }
  });
  let done = false;
  void next('gaveUp').then(() => {
    done = true;
  });
  // Time goes by while it has no license only: however long the sockets take, it has each for no time at all.
  while (!done) {
    if (events.at(-1)?.kind === 'lost') clock.advance(1_000);
    await new Promise((resolve) => setImmediate(resolve));
  }
  expect(granted).toBeGreaterThan(1);
  expect(granted).toBeLessThanOrEqual(11);
  expect(events.at(-1)?.kind).toBe('gaveUp');
});

test('released, it is checked in and no longer asked for', async () => {
  const { server, clock, held, events } = await holdSolve();
  await held.release();
  const acmed = server.daemons['acmed'];
  expect(acmed?.all('checkin')).toMatchObject([{ handle: 101 }]);
  clock.advance(600_000);
  expect(events).toEqual([]);
  expect(held.grant).toBeUndefined();
});
