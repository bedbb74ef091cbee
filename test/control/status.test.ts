import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { makeClock } from '../../src/base/clock-setting.ts';
import { type ControlPlane, startControlPlane } from '../../src/control/control-plane.ts';
import { type LicenseServer, startServer } from '../../src/daemon/server.ts';

const licenses = [
  {
    name: 'inline.lic',
    text: [
      'SERVER this_host ANY',
      'VENDOR acmed',
      'INCREMENT solve acmed 2.0 31-jan-2030 3 BORROW SIGN=00',
      'INCREMENT mesh acmed 1.0 permanent uncounted HOSTID=ANY SIGN=00',
      '',
    ].join('\n'),
  },
];
const options = { acmed: { name: 'acmed.opt', text: 'RESERVE 1 solve USER eve\n' } };
const monday = Date.UTC(2030, 0, 7, 9);

let server: LicenseServer;
let control: ControlPlane;

beforeEach(async () => {
  const clock = makeClock({ kind: 'manual', at: monday });
  server = await startServer({ licenses, options, port: 0, clock, timeZone: 'UTC' });
  control = await startControlPlane(server, { host: '127.0.0.1', port: 0 });
});

afterEach(async () => {
  await control.close();
  await server.stop();
});

/** What these tests look at. */
type Told = Record<'checkout' | 'features' | 'users' | 'total' | 'refusal' | 'answers', never>;

async function get(path: string): Promise<Told & Record<string, never>> {
  const response = await fetch(control.url + path);
  expect(response.status, await response.clone().text()).toBe(200);
  return (await response.json()) as Told;
}

async function post(
  path: string,
  body: object,
  status = 200,
): Promise<Told & Record<string, never>> {
  const headers = { 'content-type': 'application/json' };
  const text = JSON.stringify(body);
  const response = await fetch(control.url + path, { method: 'POST', headers, body: text });
  expect(response.status, await response.clone().text()).toBe(status);
  return (await response.json()) as Told;
}

const ann = { feature: 'solve', user: 'ann', host: 'ws1', display: '/dev/pts/1' };

describe('what the server has', () => {
  test('features tell their seats, in every state', async () => {
    await post('/checkout', ann);
    await post('/borrow', { ...ann, user: 'bob', until: '2d' });
    await post('/checkout', { ...ann, user: 'cid', whenInUse: 'queue' });
    const { features } = await get('/features');
    expect(features).toEqual([
      {
        vendor: 'acmed',
        feature: 'solve',
        counted: true,
        capacity: 3,
        overdraft: 0,
        used: 2,
        reserved: 1,
        free: 0,
        queued: 1,
        borrowed: 1,
        lingering: 0,
        expires: '2030-01-31',
        expiresInDays: 24,
        pools: 1,
      },
      expect.objectContaining({ feature: 'mesh', counted: false, capacity: 0, expires: null }),
    ]);
    const { users } = await get('/users');
    expect(users).toEqual([
      expect.objectContaining({ user: 'ann', host: 'ws1', count: 1, stay: null, until: null }),
      expect.objectContaining({ user: 'bob', stay: 'borrow', until: '2030-01-09T09:00:00.000Z' }),
    ]);
    const { queue } = await get('/queue');
    expect(queue).toEqual([expect.objectContaining({ user: 'cid', place: 1, feature: 'solve' })]);
    const { reservations } = await get('/reservations');
    expect(reservations).toEqual([
      expect.objectContaining({ type: 'USER', name: 'eve', count: 1 }),
    ]);
    const { vendors } = await get('/vendors');
    expect(vendors).toEqual([
      expect.objectContaining({ vendor: 'acmed', up: true, features: 2, used: 2, queued: 1 }),
    ]);
    const { pools } = await get('/pools?feature=SOLVE');
    expect(pools).toEqual([expect.objectContaining({ version: '2.0', used: 2, phase: 'valid' })]);
    expect(await get('/triad')).toEqual({ triad: null });
    const { servers } = await get('/servers');
    expect(servers).toEqual([
      { host: 'this_host', port: server.port, state: 'master', self: true },
    ]);
  });

  test('an answer is never older than what has happened', async () => {
    expect(await get('/users')).toEqual({ total: 0, users: [] });
    const { checkout } = await post('/checkout', ann);
    expect((await get('/users'))['total']).toBe(1);
    expect((await get('/users'))['total']).toBe(1);
    await post('/checkin', { id: checkout['id'] });
    expect((await get('/users'))['total']).toBe(0);
    await post('/checkout', ann);
    await post('/reset', {});
    expect((await get('/users'))['total']).toBe(0);
    expect((await get('/checkouts'))['checkouts']).toEqual([]);
  });

  test('days to an expiry follow the clock', async () => {
    expect((await get('/features?feature=solve'))['features'][0]).toMatchObject({
      expiresInDays: 24,
    });
    await post('/clock/advance', { by: '30d' });
    const { features } = await get('/features?feature=solve');
    expect(features[0]).toMatchObject({ expiresInDays: -6, capacity: 0 });
  });

  test('rows are filtered, searched and paged', async () => {
    for (const user of ['ann', 'bob', 'cid']) {
      await post('/checkout', { feature: 'mesh', user, host: `ws-${user}` });
    }
    const names = async (query: string): Promise<[number, string[]]> => {
      const { total, users } = await get(`/users?${query}`);
      return [total, (users as { user: string }[]).map(({ user }) => user)];
    };
    expect(await names('user=BOB')).toEqual([1, ['bob']]);
    expect(await names('search=s-c')).toEqual([1, ['cid']]);
    expect(await names('feature=solve')).toEqual([0, []]);
    expect(await names('limit=1&offset=1')).toEqual([3, ['bob']]);
    expect(await names('offset=9')).toEqual([3, []]);
  });

  test.each([
    '/users?limit=1e9',
    '/users?limit=100001',
    '/users?who=ann',
    '/features?user=ann',
    '/users?user=a&user=b',
  ])('%s is refused with what is wrong', async (path) => {
    const response = await fetch(control.url + path);
    expect(response.status).toBe(400);
    expect(await response.text()).toContain('CONTROL_REQUEST');
  });
});

describe('a license client over HTTP', () => {
  test('is granted, refused and served by the queue as any other', async () => {
    const first = await post('/checkout', { ...ann, count: 2 });
    expect(first).toMatchObject({
      granted: true,
      checkout: { id: 'c1', state: 'held', vendor: 'acmed', version: '2.0', user: 'ann' },
    });
    const refused = await post('/checkout', { ...ann, user: 'bob' });
    expect(refused).toMatchObject({ granted: false, refusal: { code: -101 } });
    expect(refused).not.toHaveProperty('checkout');
    const queued = await post('/checkout', { ...ann, user: 'bob', whenInUse: 'queue' });
    expect(queued).toMatchObject({ checkout: { id: 'c2', state: 'waiting', ahead: 0 } });
    expect(await post('/checkin', { id: 'c1' })).toEqual({ returned: true, refusal: null });
    await server.clock.advance('1s');
    expect((await get('/checkouts'))['checkouts']).toEqual([
      expect.objectContaining({ id: 'c2', state: 'held', user: 'bob', refusal: null }),
    ]);
  });

  test('leaves the queue by a check-in', async () => {
    await post('/checkout', { ...ann, count: 2 });
    await post('/checkout', { ...ann, user: 'bob', whenInUse: 'queue' });
    expect(await post('/checkin', { id: 'c2' })).toEqual({ returned: true, refusal: null });
    expect((await get('/queue'))['total']).toBe(0);
  });

  test('that asks for what is unknown hears which', async () => {
    expect(await post('/checkout', { feature: 'nothing' })).toMatchObject({
      granted: false,
      refusal: { code: -5 },
    });
    expect(await post('/checkin', { id: 'c9' }, 400)).toMatchObject({
      error: { code: 'CONTROL_REQUEST' },
    });
  });

  test('takes a license along, and gives it back before its time', async () => {
    const answer = await post('/borrow', { ...ann, until: '2d' });
    expect(answer).toMatchObject({ granted: true, until: '2030-01-09T09:00:00.000Z' });
    const { user, host, feature } = ann;
    expect(await post('/borrow/return', { user, host, feature })).toEqual({
      returned: true,
      refusal: null,
    });
    expect(await post('/borrow/return', { user, host, feature })).toMatchObject({
      returned: false,
      refusal: { text: expect.any(String) },
    });
    expect((await get('/users'))['total']).toBe(0);
  });

  test('loses its seats with the control plane, and with a reset', async () => {
    await post('/checkout', ann);
    await control.close();
    await server.clock.advance('1s');
    const returned = server.journal.entries().filter(({ event }) => event.kind === 'seatReturned');
    expect(returned).toHaveLength(1);
    control = await startControlPlane(server, { host: '127.0.0.1', port: 0 });
  });
});

describe('administration', () => {
  test('takes a license back by its handle or its client, once it is old enough', async () => {
    const { checkout } = await post('/checkout', ann);
    const body = { feature: 'solve', handle: checkout['handle'] };
    expect(await post('/remove', body, 403)).toMatchObject({
      error: { code: 'ADMIN_REFUSED', message: expect.stringContaining('-64') },
    });
    await post('/clock/advance', { by: '1h' });
    expect(await post('/remove', body)).toEqual({ done: true });
    expect((await get('/users'))['total']).toBe(0);
    await post('/checkout', ann);
    await post('/clock/advance', { by: '1h' });
    const { user, host, display } = ann;
    expect(await post('/remove', { feature: 'solve', user, host, display })).toEqual({
      done: true,
    });
    expect((await get('/users'))['total']).toBe(0);
  });

  test('shuts the whole server down, which answers before', async () => {
    expect(await post('/down', {})).toEqual({ done: true });
    expect(await server.stopped).toBe(15);
  });

  test('is refused while licenses are borrowed, unless it is forced', async () => {
    await post('/borrow', { ...ann, until: '2d' });
    expect(await post('/down', {}, 403)).toMatchObject({
      error: { message: expect.stringContaining('-120') },
    });
    expect(await post('/down', { force: true })).toEqual({ done: true });
    await server.stopped;
  });

  test('explains without checking out', async () => {
    const { answers } = await post('/explain', { feature: 'solve', count: 3, as: { user: 'ann' } });
    expect(answers).toEqual([
      expect.objectContaining({
        vendor: 'acmed',
        refusal: null,
        explanation: expect.objectContaining({
          answer: expect.objectContaining({ granted: false }),
        }),
      }),
    ]);
    expect((await get('/users'))['total']).toBe(0);
  });
});
