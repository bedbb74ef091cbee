import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { limits } from '../../src/base/limits.ts';
import { connectClient } from '../../src/client/client.ts';
import { type ControlPlane, startControlPlane } from '../../src/control/control-plane.ts';
import { type LicenseServer, startServer } from '../../src/daemon/server.ts';
import { EventStream } from './event-stream.ts';

const text = 'SERVER this_host ANY\nVENDOR acmed\nINCREMENT solve acmed 2.0 permanent 2 SIGN=00\n';

let server: LicenseServer;
let control: ControlPlane;

beforeEach(async () => {
  const licenses = [{ name: 'inline.lic', text }];
  server = await startServer({ licenses, port: 0, journalEventsMax: 50 });
  control = await startControlPlane(server, { host: '127.0.0.1', port: 0 });
});

afterEach(async () => {
  await control.close();
  await server.stop();
});

/** So many checkouts and returns of a user. */
async function use(user: string, times: number): Promise<void> {
  const client = await connectClient({ server: server.address, user, host: 'ws1' });
  for (let time = 0; time < times; time++) {
    const seat = await client.checkout('solve');
    if (seat.ok) await client.checkin(seat);
  }
  client.close();
}

async function journal(
  query = '',
): Promise<{ first: number; count: number; next: number; events: never[] }> {
  const response = await fetch(`${control.url}/journal${query}`);
  expect(response.status).toBe(200);
  return (await response.json()) as never;
}

test('the journal is read from where one was, by kind, feature and user', async () => {
  await use('ann', 2);
  await use('bob', 1);
  const all = await journal();
  expect(all).toMatchObject({ first: 1, count: 6, next: 7 });
  expect(all.events).toHaveLength(6);
  expect((await journal('?kind=seatTaken&user=ANN')).events).toEqual([
    expect.objectContaining({ number: 1, vendor: 'acmed' }),
    expect.objectContaining({ number: 3 }),
  ]);
  const piece = await journal('?limit=2&from=2');
  expect(piece).toMatchObject({ next: 4 });
  expect((await journal(`?from=${piece.next}`)).events).toHaveLength(3);
  expect((await journal('?from=7')).events).toEqual([]);
  await use('cid', 40);
  expect(await journal('?limit=1')).toMatchObject({ first: 37, count: 86, next: 38 });
});

const open = (query = '', headers: Record<string, string> = {}) =>
  EventStream.open(`${control.url}/journal/stream${query}`, headers);

describe('the stream', () => {
  test('tells what happens from now on, and only what is wanted', async () => {
    await use('ann', 1);
    const stream = await open('?kind=seatReturned');
    await use('bob', 2);
    const frame = await stream.next('journal');
    expect(frame).toMatchObject({ id: '4' });
    expect(JSON.parse(frame!['data']!)).toMatchObject({
      number: 4,
      event: { kind: 'seatReturned', client: { user: 'bob' } },
    });
    expect(await stream.next('journal')).toMatchObject({ id: '6' });
    stream.close();
  });

  test('goes on after the last event that its reader has seen', async () => {
    await use('ann', 2);
    const stream = await open('', { 'last-event-id': '2' });
    expect(await stream.next('journal')).toMatchObject({ id: '3' });
    expect(await stream.next('journal')).toMatchObject({ id: '4' });
    stream.close();
  });

  test('says what it has missed, and when numbers begin anew', async () => {
    await use('ann', 40);
    const stream = await open('?from=1');
    const missed = await stream.next('missed', 'journal');
    expect(JSON.parse(missed!['data']!)).toEqual({ from: 1, to: 30 });
    expect(await stream.next('journal')).toMatchObject({ id: '31' });
    const reset = fetch(`${control.url}/reset`, { method: 'POST' });
    expect(await stream.next('reset')).toBeDefined();
    await reset;
    await use('bob', 1);
    expect(await stream.next('journal')).toMatchObject({ id: '1' });
    stream.close();
  });

  test('tells once a second that something has happened, wanted or not', async () => {
    const stream = await open('?kind=checkoutDenied');
    await use('ann', 3);
    const counts: number[] = [];
    while (counts.at(-1) !== 6) {
      counts.push(JSON.parse((await stream.next('count'))!['data']!).count);
    }
    expect(counts.length).toBeLessThanOrEqual(3);
    stream.close();
  });

  test('ends with the server, at once', async () => {
    const stream = await open();
    const before = performance.now();
    await control.close();
    expect(await stream.next('journal')).toBeUndefined();
    expect(performance.now() - before).toBeLessThan(900);
  });

  test('is one of at most so many, which are free again when readers go', async () => {
    const streams: EventStream[] = [];
    for (let count = 0; count < limits.httpStreamsMax; count++) streams.push(await open());
    const refused = await fetch(`${control.url}/journal/stream`);
    expect(refused.status).toBe(503);
    expect(await refused.text()).toContain('CONTROL_BUSY');
    for (const stream of streams) stream.close();
    await expect
      .poll(async () => {
        const abort = new AbortController();
        const { status } = await fetch(`${control.url}/journal/stream`, { signal: abort.signal });
        abort.abort();
        return status;
      })
      .toBe(200);
  });
});
