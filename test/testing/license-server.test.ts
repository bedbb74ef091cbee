import { expect, test } from 'vitest';
import { connectClient, KnownError, ManualClock, startLicenseServer } from '../../src/index.ts';

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

test('a server has an address, an environment, a journal, and stops', async () => {
  const server = await startLicenseServer({ licenses });
  expect(server.address).toBe(`${server.port}@127.0.0.1`);
  expect(server.env).toEqual({
    LM_LICENSE_FILE: server.address,
    ACMED_LICENSE_FILE: server.address,
    BETAD_LICENSE_FILE: server.address,
  });
  const who = { vendor: 'acmed', user: 'ann', host: 'ws1' };
  const client = await connectClient({ server: server.address, ...who });
  const seat = await client.checkout('solve');
  expect(seat).toMatchObject({ ok: true, feature: 'solve', vendor: 'acmed', poolVersion: '2.0' });
  expect(server.snapshot('acmed').features[0]).toMatchObject({
    name: 'solve',
    capacity: 2,
    used: 1,
  });
  if (seat.ok) await client.checkin(seat);
  const refused = await client.checkout('solve', { count: 3 });
  expect(refused).toMatchObject({ ok: false, refusal: { major: -26 } });
  client.close();
  const events = server.journal().map(({ number, vendor, event }) => [number, vendor, event.kind]);
  expect(events).toEqual([
    [1, 'acmed', 'seatTaken'],
    [2, 'acmed', 'seatReturned'],
    [3, 'acmed', 'checkoutDenied'],
  ]);
  expect(JSON.parse(JSON.stringify(server.journal()))).toEqual(server.journal());
  await server.stop();
  await server.stop();
  await expect(connectClient({ server: server.address })).rejects.toBeInstanceOf(KnownError);
});

test('twenty servers run at once on ports of their own and share nothing', async () => {
  const servers = await Promise.all(
    Array.from({ length: 20 }, () => startLicenseServer({ licenses })),
  );
  expect(new Set(servers.map(({ port }) => port)).size).toBe(20);
  const client = await connectClient({ server: servers[7]!.address });
  await client.checkout('solve', { count: 2 });
  const used = servers.map((server) => server.snapshot('acmed').features[0]!.used);
  expect(used).toEqual(servers.map((_, index) => (index === 7 ? 2 : 0)));
  client.close();
  await Promise.all(servers.map((server) => server.stop()));
});

test('on a manual clock a license expires at the midnight after its last day, and another starts', async () => {
  const clock = new ManualClock(Date.UTC(2030, 0, 7, 23, 59, 0));
  await using server = await startLicenseServer({ licenses, clock, timeZone: 'UTC' });
  const client = await connectClient({ server: server.address });
  const held = await client.checkout('short');
  expect(held.ok).toBe(true);
  expect(await client.checkout('later')).toMatchObject({ refusal: { major: -31 } });
  clock.advance(60_000);
  expect(server.journal().at(-1)!.event).toMatchObject({
    kind: 'poolCapacityChanged',
    feature: 'short',
    capacity: 0,
    expired: true,
  });
  // Who has it keeps it; who asks now is told that it is over.
  expect(server.snapshot('acmed').features.find(({ name }) => name === 'short')!.used).toBe(1);
  expect(await client.checkout('short')).toMatchObject({ refusal: { major: -10 } });
  clock.advance(24 * 3_600_000);
  expect(await client.checkout('later')).toMatchObject({ ok: true });
  client.close();
});

test('listeners hear each event as it happens, until they end it', async () => {
  await using server = await startLicenseServer({ licenses });
  const heard: string[] = [];
  const end = server.listen(({ event }) => heard.push(event.kind));
  const client = await connectClient({ server: server.address, vendor: 'betad' });
  await client.checkout('view');
  end();
  await client.checkout('view');
  expect(heard).toEqual(['seatTaken']);
  client.close();
});

test('what cannot be served is refused by name before anything listens', async () => {
  const two = { name: 'two.lic', text: `SERVER a ANY\n${text}` };
  await expect(startLicenseServer({ licenses: two })).rejects.toMatchObject({
    code: 'LICENSE_UNSERVABLE',
    message: expect.stringContaining('two.lic:2:'),
  });
  const none = { name: 'none.lic', text: '# nothing\n' };
  await expect(startLicenseServer({ licenses: none })).rejects.toMatchObject({
    code: 'LICENSE_UNSERVABLE',
  });
});

test('a killed vendor daemon forgets its seats and comes back for new ones', async () => {
  await using server = await startLicenseServer({ licenses });
  const before = server.vendors[0]!.port;
  const client = await connectClient({ server: server.address });
  await client.checkout('solve', { count: 2 });
  await server.killVendor('acmed');
  await expect.poll(() => server.vendors[0]!.up, { interval: 2, timeout: 60_000 }).toBe(true);
  expect(server.vendors[0]!.port).toBe(before);
  expect(server.snapshot('acmed').features[0]!.used).toBe(0);
  const other = await connectClient({ server: server.address, user: 'ben' });
  expect(await other.checkout('solve', { count: 2 })).toMatchObject({ ok: true });
  client.close();
  other.close();
});

test('a listener that throws costs nobody a seat, and the server stops', async () => {
  const server = await startLicenseServer({ licenses });
  server.listen(() => {
    throw new Error('not what this test expected');
  });
  const warned = new Promise<Error>((heard) => process.once('warning', heard));
  const client = await connectClient({ server: server.address });
  const seat = await client.checkout('solve', { count: 2 });
  expect(seat.ok).toBe(true);
  if (seat.ok) await client.checkin(seat);
  expect(server.snapshot('acmed').features[0]).toMatchObject({ name: 'solve', used: 0 });
  expect(await client.checkout('solve', { count: 2 })).toMatchObject({ ok: true });
  client.close();
  await server.stop();
  expect(server.journal().map(({ event }) => event.kind)).toEqual([
    'seatTaken',
    'seatReturned',
    'seatTaken',
    'seatReturned',
  ]);
  expect((await warned).message).toBe(
    'fauxlm: journal listener failed: not what this test expected',
  );
});

test.each([
  [{}, /licenses: expected a license file, .*got undefined/],
  [undefined, /licenses: expected/],
  [{ licenses: [] }, /got a list of 0/],
  [{ licenses: [licenses, 5] }, /got a list of 2/],
  [{ licenses, port: 'x' }, /port: expected a whole number/],
  [{ licenses, timeZone: 'Mars/Phobos' }, /Mars/],
  [{ licenses, options: { acme: 'x.opt' } }, /"acme"; did you mean acmed\?/],
  [{ licenses, singelPort: true }, /"singelPort"; did you mean singlePort\?/],
  [{ licenses, advertise: { host: 'h', port: 1 } }, /2 vendor daemons \(acmed, betad\)/],
])('options that are none are refused: %j', async (options, message) => {
  const started = startLicenseServer(options as Parameters<typeof startLicenseServer>[0]);
  await expect(started).rejects.toMatchObject({
    code: 'USAGE',
    message: expect.stringMatching(message),
  });
});
