import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { after, before, test } from 'node:test';
import { promisify } from 'node:util';
import { connectClient, startLicenseServer } from 'fauxlm';

const run = promisify(execFile);
const license = new URL('../acme.lic', import.meta.url).pathname;
let server;

before(async () => {
  server = await startLicenseServer({ licenses: license });
});
after(() => server.stop());

test('a program finds the server by its environment', async () => {
  // Stands for the program under test: server.env has LM_LICENSE_FILE and ACMED_LICENSE_FILE.
  const program = ['-p', 'process.env.LM_LICENSE_FILE + " " + process.env.ACMED_LICENSE_FILE'];
  const { stdout } = await run(process.execPath, program, {
    env: { ...process.env, ...server.env },
  });
  assert.equal(stdout.trim(), `${server.address} ${server.address}`);
});

test('a seat comes back when its holder goes', async () => {
  const ann = await connectClient({ server: server.address, user: 'ann', host: 'ws1' });
  const held = await ann.checkout('mesh');
  assert.ok(held.ok);
  assert.equal(server.snapshot('acmed').features.find(({ name }) => name === 'mesh').used, 1);
  await ann.checkin(held);
  assert.equal(server.snapshot('acmed').features.find(({ name }) => name === 'mesh').used, 0);
  ann.close();
});
