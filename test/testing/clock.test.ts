import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { connectClient, ManualClock, startLicenseServer } from '../../src/index.ts';

const text = [
  'SERVER this_host ANY',
  'VENDOR acmed',
  'VENDOR betad',
  'INCREMENT solve acmed 2.0 permanent 2 SIGN=00',
  'INCREMENT short acmed 2.0 7-jan-2030 1 SIGN=00',
  'INCREMENT later acmed 2.0 permanent 1 START=9-jan-2030 SIGN=00',
  'INCREMENT view betad 1.0 permanent 7 SIGN=00',
  '',
].join('\n');
const licenses = { name: 'inline.lic', text };
const monday = Date.UTC(2030, 0, 7, 9);
const hour = 3_600_000;

const folder = mkdtempSync(join(tmpdir(), 'fauxlm-clock-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('server.clock', () => {
  test('stands where it was told to begin, and is moved by durations and times', async () => {
    const clock = 'manual@2030-01-07T09:00Z';
    await using server = await startLicenseServer({ licenses, clock, timeZone: 'Europe/Berlin' });
    expect(server.clock.now()).toBe(monday);
    expect(await server.clock.advance('1h30m')).toBe(monday + 1.5 * hour);
    expect(await server.clock.advance(1_000)).toBe(monday + 1.5 * hour + 1_000);
    expect(await server.clock.set('2030-01-08T00:00')).toBe(Date.UTC(2030, 0, 7, 23));
    expect(await server.clock.set('+1d')).toBe(Date.UTC(2030, 0, 8, 23));
    expect(await server.clock.set(monday)).toBe(monday);
    expect(server.clock.now()).toBe(monday);
  });

  test('passes midnight on the way, and each thing happens at its own time', async () => {
    const clock = 'manual@2030-01-07T09:00';
    await using server = await startLicenseServer({
      licenses,
      clock,
      timeZone: 'America/New_York',
    });
    const client = await connectClient({ server: server.address });
    expect(await client.checkout('short')).toMatchObject({ ok: true });
    await server.clock.advance('30d');
    const changes = server
      .journal()
      .map(({ event }) => event)
      .filter((event) => event.kind === 'poolCapacityChanged');
    const midnight = Date.UTC(2030, 0, 8, 5);
    expect(changes).toMatchObject([
      { feature: 'short', at: midnight, expired: true },
      { feature: 'later', at: midnight + 24 * hour, capacity: 1 },
    ]);
    expect(await client.checkout('short')).toMatchObject({ refusal: { major: -10 } });
    expect(await client.checkout('later')).toMatchObject({ ok: true });
    client.close();
  });

  test('what clients in this process do at once on hearing of something, they do at its time', async () => {
    const clock = 'manual@2030-01-07T09:00Z';
    await using server = await startLicenseServer({ licenses, clock, timeZone: 'UTC' });
    const client = await connectClient({ server: server.address });
    const answers: unknown[] = [];
    server.listen(({ event }) => {
      if (event.kind !== 'poolCapacityChanged') return;
      const feature = event.expired ? 'solve' : 'later';
      void client.checkout(feature).then((answer) => answers.push(answer.ok));
    });
    await server.clock.advance('1w');
    expect(answers).toEqual([true, true]);
    const taken = server.journal().filter(({ event }) => event.kind === 'seatTaken');
    expect(taken.map(({ event }) => event.at)).toEqual([
      Date.UTC(2030, 0, 8),
      Date.UTC(2030, 0, 9),
    ]);
    client.close();
  });

  test('a client that closed before the move has left before it', async () => {
    await using server = await startLicenseServer({ licenses, clock: 'manual@2030-01-07T09:00Z' });
    const client = await connectClient({ server: server.address });
    await client.checkout('solve');
    client.close();
    await server.clock.advance('1d');
    expect(server.journal().map(({ event }) => [event.kind, event.at])).toContainEqual([
      'seatReturned',
      monday,
    ]);
  });

  test('a shared clock moves all its servers, and what it has clients do is heard at its time', async () => {
    const clock = new ManualClock(monday);
    await using one = await startLicenseServer({ licenses, clock });
    await using other = await startLicenseServer({ licenses, clock });
    const client = await connectClient({ server: one.address });
    clock.schedule(monday + hour, () => void client.checkout('solve'));
    await one.clock.advance('2h');
    const taken = one.journal().find(({ event }) => event.kind === 'seatTaken');
    expect(taken?.event.at).toBe(monday + hour);
    expect(other.clock.now()).toBe(monday + 2 * hour);
    client.close();
  });

  test('moves asked for at the same time are made one after another', async () => {
    await using server = await startLicenseServer({ licenses, clock: 'manual@2030-01-07T09:00Z' });
    const moves = [server.clock.advance('1h'), server.clock.advance('2h'), server.clock.set('+3h')];
    expect(await Promise.all(moves)).toEqual([1, 3, 6].map((hours) => monday + hours * hour));
  });

  test.each([
    ['the clock of the machine', undefined, 'advance', '1h', 'CLOCK_REAL'],
    ['the clock of the machine', undefined, 'set', '2030-01-07', 'CLOCK_REAL'],
    ['no duration', 'manual', 'advance', 'an hour', 'USAGE'],
    ['a fraction of a millisecond', 'manual', 'advance', 0.5, 'USAGE'],
    ['less than nothing', 'manual', 'advance', -1, 'USAGE'],
    ['no time', 'manual', 'set', 'tomorrow', 'USAGE'],
    ['a time too far ahead', 'manual@2030-01-07', 'set', '2131-01-07', 'USAGE'],
    ['a time after the last', 'manual@9999-12-31', 'advance', '1w', 'USAGE'],
  ] as const)('does not take %s', async (_what, clock, verb, value, code) => {
    await using server = await startLicenseServer({
      licenses,
      lenient: true,
      ...(clock === undefined ? {} : { clock }),
    });
    const before = server.clock.now();
    const move = verb === 'set' ? server.clock.set(value) : server.clock.advance(value);
    await expect(move).rejects.toMatchObject({ code });
    if (clock !== undefined) expect(server.clock.now()).toBe(before);
  });

  test('what is no clock is told before anything listens', async () => {
    await expect(startLicenseServer({ licenses, clock: 'fast' })).rejects.toMatchObject({
      code: 'USAGE',
      message: 'clock: expected real, manual, manual@2030-01-07T09:00 or x60, got "fast"',
    });
  });

  test('one that runs at its own pace can be moved, too', async () => {
    await using server = await startLicenseServer({ licenses, clock: 'x60@2030-01-07T09:00Z' });
    expect(await server.clock.advance('30d')).toBeGreaterThanOrEqual(monday + 720 * hour);
    await server.reset();
    expect(server.clock.now() - monday).toBeLessThan(720 * hour);
  });

  test('a daemon that dies on the way is up again before time goes on', async () => {
    const clock = new ManualClock(monday);
    const log = join(folder, 'dies.log');
    await using server = await startLicenseServer({ licenses, clock, log });
    clock.schedule(monday + 7 * 60_000, () => void server.killVendor('acmed'));
    await server.clock.advance('1d');
    expect(server.vendors.map(({ up }) => up)).toEqual([true, true]);
    expect(readFileSync(log, 'utf8')).toMatch(/^ 9:07:00 \(lmgrd\) REStarted acmed/m);
  });

  test('the debug log has its lines when the move is done: TIMESTAMP every six hours', async () => {
    const log = join(folder, 'stamps.log');
    await using server = await startLicenseServer({
      licenses,
      log,
      clock: 'manual@2030-01-07T09:00',
    });
    await server.clock.advance('12h5m');
    const stamps = readFileSync(log, 'utf8').match(/^.*TIMESTAMP \d.*$/gm);
    expect(stamps).toEqual([
      '15:00:00 (lmgrd) TIMESTAMP 1/7/2030',
      '15:05:00 (acmed) TIMESTAMP 1/7/2030',
      '15:05:00 (betad) TIMESTAMP 1/7/2030',
      '21:00:00 (lmgrd) TIMESTAMP 1/7/2030',
      '21:05:00 (acmed) TIMESTAMP 1/7/2030',
      '21:05:00 (betad) TIMESTAMP 1/7/2030',
    ]);
  });

  test('set back, the log says the date, since its readers take an earlier time for the next day', async () => {
    const log = join(folder, 'back.log');
    await using server = await startLicenseServer({
      licenses,
      log,
      clock: 'manual@2030-01-07T09:00',
    });
    await server.clock.set('2030-01-05T08:00');
    const lines = readFileSync(log, 'utf8').trimEnd().split('\n');
    expect(lines.at(-1)).toBe(' 8:00:00 (lmgrd) TIMESTAMP 1/5/2030');
  });
});

describe('server.reset', () => {
  test('brings seats back, cuts clients off, and begins anew', async () => {
    const log = join(folder, 'reset.log');
    const clock = 'manual@2030-01-07T09:00Z';
    await using server = await startLicenseServer({ licenses, clock, log, timeZone: 'UTC' });
    const client = await connectClient({ server: server.address, user: 'ann', host: 'ws1' });
    const first = await client.checkout('solve', { count: 2 });
    await server.clock.advance('30d');
    const ports = server.vendors.map(({ port }) => port);
    await server.reset();
    expect(server.clock.now()).toBe(monday);
    expect(server.journal()).toEqual([]);
    const features = server.snapshot('acmed').features;
    expect(features.map(({ name, capacity, used }) => [name, capacity, used])).toEqual([
      ['solve', 2, 0],
      ['short', 1, 0],
      ['later', 0, 0],
    ]);
    expect(server.vendors.map(({ port }) => port)).toEqual(ports);
    const written = readFileSync(log, 'utf8');
    expect(written).toContain('(lmgrd) fauxlm: reset requested; everything begins anew');
    expect(written).toContain('(acmed) IN: "solve" ann@ws1  (2 licenses) (SHUTDOWN)');
    // The old connection is closed; the same client comes back on a new one, and all is as at the first time.
    expect(await client.heartbeat()).toBeDefined();
    expect(await client.checkout('solve', { count: 2 })).toEqual(first);
    expect(server.journal()).toMatchObject([
      { number: 1, event: { kind: 'seatTaken', at: monday } },
    ]);
    client.close();
  });

  test('starts daemons that are down, and keeps no old timer', async () => {
    const log = join(folder, 'down.log');
    const clock = 'manual@2030-01-07T09:00';
    await using server = await startLicenseServer({ licenses, clock, log, timeZone: 'UTC' });
    await server.clock.advance('5h');
    await server.killVendor('acmed');
    await server.reset();
    expect(server.vendors.map(({ up }) => up)).toEqual([true, true]);
    const before = readFileSync(log, 'utf8').length;
    await server.clock.advance('6h5m');
    const stamps = readFileSync(log, 'utf8').slice(before).trimEnd().split('\n');
    expect(stamps).toEqual([
      '15:00:00 (lmgrd) TIMESTAMP 1/7/2030',
      '15:05:00 (acmed) TIMESTAMP 1/7/2030',
      '15:05:00 (betad) TIMESTAMP 1/7/2030',
    ]);
  });

  test('waits for no move: those that wait are given up, and the one under way ends where it is', async () => {
    const clock = new ManualClock(monday);
    await using server = await startLicenseServer({ licenses, clock });
    let moments = 0;
    let reset: Promise<void> | undefined;
    // Something of a client's at each hour of a century, to which the server would listen.
    const hourly = (): void => {
      if (++moments === 10) reset = server.reset();
      clock.schedule(clock.now() + hour, hourly);
    };
    clock.schedule(monday + hour, hourly);
    const moves = [
      server.clock.advance('36500d'),
      ...Array.from({ length: 100 }, () => server.clock.advance('1h')),
      server.clock.set('2031-01-07'),
    ];
    const outcomes = await Promise.allSettled(moves);
    for (const outcome of outcomes) {
      expect(outcome).toMatchObject({ status: 'rejected', reason: { code: 'CLOCK_RESET' } });
    }
    await reset;
    expect(moments).toBe(10);
    expect(server.clock.now()).toBe(monday);
    expect(await server.clock.advance('30m')).toBe(monday + hour / 2);
  });

  test('asked for twice at once is done twice, one after the other, and moves go on behind', async () => {
    await using server = await startLicenseServer({ licenses, clock: 'manual@2030-01-07T09:00Z' });
    const resets = [server.reset(), server.reset()];
    const move = server.clock.advance('1h');
    await Promise.all(resets);
    expect(await move).toBe(monday + hour);
  });

  test("works on the machine's clock, which it leaves alone", async () => {
    await using server = await startLicenseServer({ licenses });
    const client = await connectClient({ server: server.address });
    await client.checkout('solve');
    await server.reset();
    expect(server.snapshot('acmed').features[0]!.used).toBe(0);
    client.close();
  });
});
