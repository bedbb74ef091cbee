import { afterEach, beforeEach, expect, test } from 'vitest';
import { limits } from '../../src/base/limits.ts';
import { type ControlPlane, startControlPlane } from '../../src/control/control-plane.ts';
import { TestSessions } from '../../src/control/test-sessions.ts';
import { type LicenseServer, startServer } from '../../src/daemon/server.ts';

const text = 'SERVER this_host ANY\nVENDOR acmed\nINCREMENT solve acmed 2.0 permanent 2 SIGN=00\n';

let server: LicenseServer;
let control: ControlPlane;

beforeEach(async () => {
  server = await startServer({ licenses: [{ name: 'inline.lic', text }], port: 0 });
  control = await startControlPlane(server, { host: '127.0.0.1', port: 0 });
});

afterEach(async () => {
  await control.close();
  await server.stop();
});

/** What a test asks, in its session if it has one. */
class Asker {
  readonly token: string | undefined;

  constructor(token?: string) {
    this.token = token;
  }

  static async begin(name: string): Promise<Asker> {
    const { body } = await new Asker().ask('POST', '/sessions', { name });
    return new Asker(body.session);
  }

  async ask(method: string, path: string, input?: object) {
    const headers = {
      ...(this.token === undefined ? {} : { 'fauxlm-session': this.token }),
      ...(input === undefined ? {} : { 'content-type': 'application/json' }),
    };
    const json = input === undefined ? {} : { body: JSON.stringify(input) };
    const response = await fetch(control.url + path, { method, headers, ...json });
    // biome-ignore lint/suspicious/noExplicitAny: what each answer has is what the tests look at
    return { status: response.status, body: (await response.json()) as any };
  }

  async kinds(): Promise<string[]> {
    const { body } = await this.ask('GET', '/journal');
    return body.events.map(({ event }: { event: { kind: string; client: { user: string } } }) => {
      return `${event.kind} ${event.client.user}`;
    });
  }
}

const everybody = new Asker();

test('what one test does is undone without the others noticing', async () => {
  const [one, two] = [await Asker.begin('one'), await Asker.begin('two')];
  await one.ask('POST', '/checkout', { feature: 'solve', user: 'ann' });
  const kept = await two.ask('POST', '/checkout', { feature: 'solve', user: 'bob' });
  const denied = await one.ask('POST', '/checkout', { feature: 'solve', user: 'cat' });
  expect(denied.body).toMatchObject({ granted: false, refusal: { code: -4 } });
  const waiting = { feature: 'solve', user: 'dan', whenInUse: 'queue' };
  await one.ask('POST', '/checkout', waiting);
  const fault = { fault: 'slow', latency: '1ms', user: 'ann' };
  await one.ask('POST', '/faults', fault);
  const { body: others } = await two.ask('POST', '/faults', { ...fault, user: 'bob' });

  expect(await one.kinds()).toEqual(['seatTaken ann', 'checkoutDenied cat', 'checkoutQueued dan']);
  expect(await two.kinds()).toEqual(['seatTaken bob']);
  expect((await one.ask('GET', '/checkouts')).body.checkouts).toHaveLength(2);
  expect((await one.ask('GET', '/faults')).body.faults).toHaveLength(1);
  expect((await everybody.ask('GET', '/faults')).body.faults).toHaveLength(2);

  expect((await one.ask('POST', '/reset')).status).toBe(200);
  expect(await one.kinds()).toEqual([]);
  expect((await one.ask('GET', '/checkouts')).body.checkouts).toEqual([]);
  const users = (await everybody.ask('GET', '/users')).body.users;
  expect(users).toMatchObject([{ user: 'bob' }]);
  expect((await everybody.ask('GET', '/faults')).body.faults).toMatchObject([{ id: others.id }]);
  expect(await two.kinds()).toEqual(['seatTaken bob']);
  expect((await two.ask('GET', '/checkouts')).body.checkouts).toEqual([kept.body.checkout]);

  // It goes on as it began.
  await one.ask('POST', '/checkout', { feature: 'solve', user: 'eve' });
  expect(await one.kinds()).toEqual(['seatTaken eve']);
});

test("a session gives nothing back that is another's, nor ends all faults", async () => {
  const [one, two] = [await Asker.begin('one'), await Asker.begin('two')];
  const { body } = await one.ask('POST', '/checkout', { feature: 'solve' });
  const { id } = body.checkout;
  expect(await two.ask('POST', '/checkin', { id })).toMatchObject({
    status: 400,
    body: { error: { message: expect.stringContaining('expected that of a checkout') } },
  });
  await one.ask('POST', '/faults', { fault: 'slow latency=1ms' });
  expect((await two.ask('DELETE', '/faults', {})).body.faults).toEqual([]);
  expect((await one.ask('DELETE', '/faults', {})).body.faults).toHaveLength(1);
  // Who is of no session may do both.
  expect((await everybody.ask('POST', '/checkin', { id })).body).toMatchObject({ returned: true });
});

test('a session that is ended gives back what it holds, and is none', async () => {
  const one = await Asker.begin('one');
  await one.ask('POST', '/checkout', { feature: 'solve' });
  const { body } = await everybody.ask('GET', '/sessions');
  expect(body.sessions).toMatchObject([{ name: 'one', session: one.token, checkouts: 1 }]);
  const ended = await everybody.ask('DELETE', '/sessions', { session: one.token });
  expect(ended).toEqual({ status: 200, body: { ended: true } });
  expect((await everybody.ask('GET', '/users')).body.total).toBe(0);
  for (const path of ['/checkouts', '/journal', '/faults']) {
    expect(await one.ask('GET', path)).toMatchObject({
      status: 404,
      body: { error: { code: 'CONTROL_SESSION' } },
    });
  }
});

test('a reset that the library asks for empties sessions and what is held, too', async () => {
  const one = await Asker.begin('one');
  await one.ask('POST', '/checkout', { feature: 'solve', user: 'ann' });
  await everybody.ask('POST', '/checkout', { feature: 'solve', user: 'bob' });
  await one.ask('POST', '/faults', { fault: 'slow', latency: '1ms' });
  await server.reset();
  expect((await everybody.ask('GET', '/checkouts')).body.checkouts).toEqual([]);
  const { body } = await everybody.ask('GET', '/sessions');
  expect(body.sessions).toMatchObject([{ name: 'one', checkouts: 0, faults: [] }]);
  await one.ask('POST', '/checkout', { feature: 'solve', user: 'cat' });
  expect(await one.kinds()).toEqual(['seatTaken cat']);
  expect((await one.ask('POST', '/reset')).status).toBe(200);
});

test('a reset of the whole server empties sessions, and they go on', async () => {
  const one = await Asker.begin('one');
  await one.ask('POST', '/checkout', { feature: 'solve', user: 'ann' });
  await one.ask('POST', '/faults', { fault: 'slow latency=1ms' });
  await everybody.ask('POST', '/reset');
  const { body } = await everybody.ask('GET', '/sessions');
  expect(body.sessions).toMatchObject([{ checkouts: 0, faults: [] }]);
  await one.ask('POST', '/checkout', { feature: 'solve', user: 'bob' });
  expect(await one.kinds()).toEqual(['seatTaken bob']);
});

test('a stream tells the events of a session only', async () => {
  const [one, two] = [await Asker.begin('one'), await Asker.begin('two')];
  const headers = { 'fauxlm-session': two.token! };
  const stopping = new AbortController();
  const stream = await fetch(`${control.url}/journal/stream`, { headers, signal: stopping.signal });
  await one.ask('POST', '/checkout', { feature: 'solve', user: 'ann' });
  await two.ask('POST', '/checkout', { feature: 'solve', user: 'bob' });
  let told = '';
  const decoder = new TextDecoder();
  for await (const chunk of stream.body!) {
    told += decoder.decode(chunk);
    if (told.includes('"bob"')) break;
  }
  stopping.abort();
  expect(told).not.toContain('"ann"');
});

test('sessions are as many as may be', () => {
  const sessions = new TestSessions(server);
  for (let count = 0; count < limits.httpSessionsMax; count++) sessions.begin('');
  expect(() => sessions.begin('')).toThrow('expected at most 1000 sessions');
});
