import { expect, test } from 'vitest';
import { startLicenseServer } from '../../src/index.ts';

const text = 'SERVER this_host ANY\nVENDOR acmed\nINCREMENT solve acmed 2.0 permanent 2 SIGN=00\n';

test('what the session of one test does is undone without another noticing', async () => {
  await using server = await startLicenseServer({ licenses: { name: 'a.lic', text } });
  const [one, two] = [server.session(), server.session()];
  const ann = await one.connect({ user: 'ann' });
  const bob = await two.connect({ user: 'bob', vendor: 'acmed' });
  expect(await ann.checkout('solve')).toMatchObject({ ok: true });
  expect(await bob.checkout('solve')).toMatchObject({ ok: true });
  await one.addFault('slow latency=1ms user=ann');
  const kept = await two.addFault('slow latency=1ms user=bob');
  expect(one.journal().map(({ event }) => event.kind)).toEqual(['seatTaken']);

  await one.reset();
  expect(one.journal()).toEqual([]);
  expect(two.journal().map(({ event }) => event.kind)).toEqual(['seatTaken']);
  const { features } = server.snapshot('acmed');
  expect(features[0]!.pools[0]!.checkouts).toMatchObject([{ user: 'bob' }]);
  expect((await server.faults.list()).map(({ id }) => id)).toEqual([kept.id]);

  const cat = await one.connect({ user: 'cat' });
  await cat.checkout('solve');
  expect(one.journal()).toMatchObject([{ event: { client: { user: 'cat' } } }]);
  await server.reset();
  const dan = await two.connect({ user: 'dan' });
  await dan.checkout('solve');
  expect(two.journal()).toMatchObject([{ event: { client: { user: 'dan' } } }]);
  await two.reset();
});

test('a session takes back only what it has put in force since the server was reset', async () => {
  await using server = await startLicenseServer({ licenses: { name: 'a.lic', text } });
  const [one, two] = [server.session(), server.session()];
  await one.addFault('slow latency=1ms user=ann');
  await server.reset();
  const kept = await two.addFault('slow latency=1ms user=bob');
  await one.reset();
  expect((await server.faults.list()).map(({ id }) => id)).toEqual([kept.id]);
});

test('a session ends with its block', async () => {
  await using server = await startLicenseServer({ licenses: { name: 'a.lic', text } });
  {
    await using session = server.session();
    await (await session.connect()).checkout('solve');
  }
  expect(server.snapshot('acmed').features[0]!.used).toBe(0);
});
