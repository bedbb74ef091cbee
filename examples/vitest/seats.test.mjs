import { connectClient, startLicenseServer } from 'fauxlm';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';

const license = new URL('../acme.lic', import.meta.url).pathname;
let server;

beforeAll(async () => {
  server = await startLicenseServer({ licenses: license, clock: 'manual@2030-01-07T09:00' });
});
beforeEach(() => server.reset());
afterAll(() => server.stop());

test('the fourth user of three seats is told so, and the journal has it', async () => {
  const clients = [];
  for (const user of ['ann', 'ben', 'cat', 'dan']) {
    clients.push(await connectClient({ server: server.address, user, host: 'ws1' }));
  }
  const outcomes = await Promise.all(clients.map((client) => client.checkout('solve')));
  expect(outcomes.map(({ ok }) => ok)).toEqual([true, true, true, false]);
  expect(outcomes[3].refusal.major).toBe(-4);
  expect(server.journal().at(-1).event.kind).toBe('checkoutDenied');
  for (const client of clients) client.close();
});

test('a feature that is gone for a while', async () => {
  const { id } = await server.faults.add('removed feature=mesh');
  const ann = await connectClient({ server: server.address, user: 'ann', host: 'ws1' });
  expect(await ann.checkout('mesh')).toMatchObject({ ok: false });
  await server.faults.clear(id);
  expect(await ann.checkout('mesh')).toMatchObject({ ok: true });
  ann.close();
});
