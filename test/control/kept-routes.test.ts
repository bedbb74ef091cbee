import { writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { afterEach, expect, test, vi } from 'vitest';
import { type ClockSetting, makeClock } from '../../src/base/clock-setting.ts';
import { type ControlPlane, startControlPlane } from '../../src/control/control-plane.ts';
import { routes } from '../../src/control/routes.ts';
import { type LicenseServer, startServer } from '../../src/daemon/server.ts';
import { Folder, until } from '../e2e/processes.ts';

const monday = Date.UTC(2030, 0, 7, 9);
const one = [
  'SERVER this_host ANY',
  'VENDOR acmed',
  'INCREMENT solve acmed 2.0 permanent 5 SIGN=00',
  '',
].join('\n');
const two = `${one}VENDOR betad\nINCREMENT view betad 1.0 permanent 5 SIGN=00\n`;
const more = 'INCREMENT look betad 1.0 permanent 5 SIGN=00\n';

const folder = new Folder();
let server: LicenseServer;
let control: ControlPlane;

async function start(clock: ClockSetting = { kind: 'manual', at: monday }): Promise<void> {
  const licenses = [folder.file('a.lic', one)];
  server = await startServer({ licenses, port: 0, clock: makeClock(clock), timeZone: 'UTC' });
  control = await startControlPlane(server, { host: '127.0.0.1', port: 0 });
}

afterEach(async () => {
  await control.close();
  await server.stop();
});

type Row = Readonly<Record<string, unknown>>;
/** Fields that these tests look at. */
type Told = Readonly<Record<'vendors' | 'servers' | 'features', readonly Row[]>> & {
  readonly connections: number;
  readonly clock: { readonly ms: number; readonly now: string };
};

/** Asked twice: the second answer is one that was kept, and has to be the same wherever nothing moves. */
async function get(path: string): Promise<Told> {
  const ask = async () => (await (await fetch(control.url + path)).json()) as Told;
  await ask();
  return ask();
}

async function post(path: string, body: object): Promise<void> {
  const headers = { 'content-type': 'application/json' };
  const text = JSON.stringify(body);
  const response = await fetch(control.url + path, { method: 'POST', headers, body: text });
  expect(response.status, await response.text()).toBe(200);
}

async function upOf(path: string): Promise<readonly unknown[]> {
  return (await get(path)).vendors.map(({ up }) => up);
}

const paths = ['/health', '/vendors'];

test('each kept answer is as its schema says, the first as those that follow', async () => {
  await start();
  const kept = routes.filter((row) => row.kept);
  expect(kept.map(({ path }) => path)).toEqual(
    expect.arrayContaining(['/health', '/vendors', '/features', '/servers', '/triad', '/users']),
  );
  for (const { path, answer } of kept) {
    const texts: string[] = [];
    for (let turn = 0; turn < 3; turn++) {
      const response = await fetch(control.url + path);
      expect(response.headers.get('content-type')).toBe('application/json; charset=utf-8');
      texts.push(await response.text());
    }
    expect(new Set(texts).size, path).toBe(1);
    expect(answer.safeParse(JSON.parse(texts[0]!)).success, path).toBe(true);
  }
});

test('a vendor daemon that goes down is told at once, and so is one that comes back', async () => {
  await start();
  for (const path of paths) expect(await upOf(path)).toEqual([true]);
  await post('/down', { vendor: 'acmed' });
  await until(() => !server.vendors[0]!.up);
  for (const path of paths) {
    expect(await upOf(path)).toEqual([false]);
    expect((await get(path)).vendors[0]).toMatchObject({ port: 0 });
  }
  expect((await get('/vendors')).vendors[0]).toMatchObject({ features: 0 });
  await server.reset();
  const { port } = server.vendors[0]!;
  for (const path of paths) {
    expect((await get(path)).vendors[0]).toMatchObject({ up: true, port });
  }
});

test('a daemon that was killed and restarted begins with no seats out', async () => {
  await start();
  await post('/checkout', { feature: 'solve', user: 'ann', host: 'ws1', display: 'd' });
  expect((await get('/vendors')).vendors[0]).toMatchObject({ used: 1 });
  await server.killVendor('acmed');
  await until(() => server.vendors[0]!.up);
  expect((await get('/vendors')).vendors[0]).toMatchObject({ up: true, used: 0 });
});

test('a reread brings a daemon, features and another host of the SERVER line', async () => {
  await start();
  for (const path of paths) expect((await get(path)).vendors).toHaveLength(1);
  expect((await get('/servers')).servers).toMatchObject([{ host: 'this_host' }]);
  writeFileSync(folder.at('a.lic'), two.replace('this_host', 'lic7'));
  await server.reread();
  expect((await get('/servers')).servers).toMatchObject([{ host: 'lic7' }]);
  for (const path of paths) expect(await upOf(path)).toEqual([true, true]);
  expect((await get('/vendors')).vendors[1]).toMatchObject({ vendor: 'betad', features: 1 });
  writeFileSync(folder.at('a.lic'), two + more);
  await server.reread();
  expect((await get('/vendors')).vendors[1]).toMatchObject({ vendor: 'betad', features: 2 });
});

test('a moved clock shows in the next answer, forward and back, by a second or a day', async () => {
  await start();
  expect((await get('/health')).clock.ms).toBe(monday);
  for (const [by, ms] of [
    ['1s', 1_000],
    ['1d', 86_401_000],
  ] as const) {
    await post('/clock/advance', { by });
    expect((await get('/health')).clock).toMatchObject({
      ms: monday + ms,
      now: new Date(monday + ms).toISOString(),
    });
  }
  await server.reset();
  expect((await get('/health')).clock.ms).toBe(monday);
});

test("the machine's time goes on between two answers while nothing happens", async () => {
  await start({ kind: 'real' });
  const before = Date.now();
  const first = (await get('/health')).clock.ms;
  expect(first).toBeGreaterThanOrEqual(before);
  const second = await vi.waitFor(async () => {
    const { ms } = (await get('/health')).clock;
    expect(ms).toBeGreaterThanOrEqual(first + 4);
    return ms;
  });
  expect(second).toBeLessThanOrEqual(Date.now());
});

test('connections are counted as they come and go, though nothing happens in a ledger', async () => {
  await start();
  const none = (await get('/health')).connections;
  const socket = connect(server.port, '127.0.0.1');
  await vi.waitFor(async () => expect((await get('/health')).connections).toBe(none + 1));
  socket.destroy();
  await vi.waitFor(async () => expect((await get('/health')).connections).toBe(none));
});

test('what stands behind the ? of a route that looks at nothing makes no answer of its own', async () => {
  await start();
  for (let turn = 0; turn < 100; turn++) await fetch(`${control.url}/vendors?turn=${turn}`);
  await post('/checkout', { feature: 'solve', user: 'ann', host: 'ws1', display: 'd' });
  expect((await get('/vendors?turn=1')).vendors[0]).toMatchObject({ used: 1 });
});
