import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { type ControlPlane, startControlPlane } from '../../src/control/control-plane.ts';
import { Traffic } from '../../src/daemon/traffic.ts';
import { TriadSeat } from '../../src/testing/triad-seat.ts';
import { triadText } from '../make.ts';

const host = '127.0.0.1';
let seats: readonly TriadSeat[];
let control: ControlPlane;

/** Three members in this process, and the control plane of the second. */
beforeEach(async () => {
  const addresses = [0, 1, 2].map(() => ({ host, port: 0 }));
  const licenses = [{ name: 'triad.lic', text: triadText() }];
  const shared = { licenses, traffic: new Traffic(), hosts: [host] };
  seats = ['one', 'two', 'three'].map((name, member) => {
    return new TriadSeat(name, { ...shared, triad: { member, addresses } });
  });
  for (const seat of seats) await seat.start();
  for (const { triad } of seats) triad?.dialAll();
  control = await startControlPlane(seats[1]!.live!, { host, port: 0 });
});

afterEach(async () => {
  await control.close();
  await Promise.all(seats.map(({ live }) => live?.stop()));
});

async function get(path: string): Promise<Readonly<Record<string, unknown>>> {
  return (await fetch(control.url + path)).json() as never;
}

/** What both routes tell of the members, once it is that. */
async function toldOnce(states: readonly string[], master: string): Promise<void> {
  await vi.waitFor(
    async () => {
      const { servers } = (await get('/servers')) as { servers: { state: string }[] };
      expect(servers.map(({ state }) => state)).toEqual(states);
      const up = ['one', 'two', 'three'].filter((_, place) => states[place] !== 'down');
      const serving = master === 'two';
      expect(await get('/triad')).toMatchObject({ triad: { master, up, serving } });
    },
    { timeout: 10_000, interval: 20 },
  );
}

test('members that come and go, and another master, are told though they are kept', async () => {
  await toldOnce(['master', 'up', 'up'], 'one');
  await seats[0]!.live!.crash();
  await toldOnce(['down', 'master', 'up'], 'two');
  expect((await get('/vendors'))['vendors']).toMatchObject([{ up: true, features: 1 }]);
  await seats[0]!.start();
  await toldOnce(['up', 'master', 'up'], 'two');
});
