import { connectClient, startLicenseServer } from 'fauxlm';

const license = new URL('../acme.lic', import.meta.url).pathname;
let server;

beforeAll(async () => {
  server = await startLicenseServer({ licenses: license });
});
afterAll(() => server.stop());

test('one mesher for two users', async () => {
  const ann = await connectClient({ server: server.address, user: 'ann', host: 'ws1' });
  const ben = await connectClient({ server: server.address, user: 'ben', host: 'ws2' });
  expect((await ann.checkout('mesh')).ok).toBe(true);
  const second = await ben.checkout('mesh');
  expect(second).toMatchObject({ ok: false, refusal: { major: -4 } });
  ann.close();
  ben.close();
});
