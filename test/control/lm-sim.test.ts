import { spawn } from 'node:child_process';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { limits } from '../../src/base/limits.ts';
import { connectClient } from '../../src/client/client.ts';
import type { ControlPlane } from '../../src/control/control-plane.ts';
import { LicenseBook } from '../../src/control/lm-sim/license-book.ts';
import { startLmSim } from '../../src/control/lm-sim/lm-sim.ts';
import { type LicenseServer, startServer } from '../../src/daemon/server.ts';
import { acme, ended, environment, Folder, programs, run, textOf } from '../e2e/processes.ts';

let server: LicenseServer;
let simulator: ControlPlane;

beforeAll(async () => {
  const text =
    'SERVER this_host ANY\nVENDOR acmed\nINCREMENT solve acmed 2.0 permanent 2 SIGN=00\n';
  const book = new LicenseBook();
  server = await startServer({
    licenses: [{ name: 'inline.lic', text }, book],
    port: 0,
    lmremoveAgeSecondsMin: 0,
  });
  simulator = await startLmSim(server, { address: { host: '127.0.0.1', port: 0 }, book });
});

afterAll(async () => {
  await simulator.close();
  await server.stop();
});

async function ask(method: string, path: string, body?: unknown) {
  const json = body === undefined ? {} : { body: JSON.stringify(body) };
  const headers = body === undefined ? {} : { 'content-type': 'application/json' };
  const response = await fetch(`${simulator.url}/lm-sim${path}`, { method, headers, ...json });
  const text = await response.text();
  return { status: response.status, body: text === '' ? undefined : JSON.parse(text) };
}

const abaqus = { name: 'abaqus', total: 1_000, license_server_type: 'flexlm' };
const use = { quantity: 42, user_name: 'test_user', lead_host: 'c1', license_name: 'abaqus' };

test('is healthy, and empty', async () => {
  expect(await ask('GET', '/health')).toEqual({ status: 204, body: undefined });
  expect(await ask('GET', '/licenses')).toEqual({ status: 200, body: [] });
  expect(await ask('GET', '/licenses/type/flexlm')).toEqual({ status: 200, body: [] });
  expect(await ask('GET', '/licenses-in-use')).toEqual({ status: 200, body: [] });
});

test('a license that is made is served, what is in use is out, and lmstat shows both', async () => {
  const row = { ...abaqus, in_use: 0, licenses_in_use: [] };
  expect(await ask('POST', '/licenses/', abaqus)).toEqual({ status: 201, body: row });
  expect(await ask('GET', '/licenses')).toEqual({ status: 200, body: [row] });

  const { status, body } = await ask('POST', '/licenses-in-use', { ...use, quantity: '42' });
  expect(status).toBe(201);
  expect(body).toEqual({ ...use, id: expect.any(Number) });
  const busy = { ...abaqus, in_use: 42, licenses_in_use: [body] };
  expect(await ask('GET', '/licenses/abaqus')).toEqual({ status: 200, body: busy });
  expect(await ask('GET', '/licenses/type/flexlm')).toEqual({ status: 200, body: [busy] });
  expect(await ask('GET', '/licenses/type/rlm')).toEqual({ status: 200, body: [] });
  expect(await ask('GET', '/licenses-in-use')).toEqual({ status: 200, body: [body] });

  const { out } = await run('lmutil', ['lmstat', '-c', server.address, '-f', 'abaqus']);
  expect(out).toContain(
    'Users of abaqus:  (Total of 1000 licenses issued;  Total of 42 licenses in use)',
  );
  expect(out).toMatch(/^ {4}test_user c1 .*\(v0\.0\) .*, 42 licenses$/m);

  expect(await ask('DELETE', `/licenses-in-use/${body.id}`)).toEqual({ status: 204 });
  expect((await ask('GET', '/licenses/abaqus')).body).toEqual(row);
  expect(await ask('DELETE', `/licenses-in-use/${body.id}`)).toEqual({
    status: 404,
    body: { detail: 'License In Use not found' },
  });
  expect(await ask('DELETE', '/licenses/abaqus')).toEqual({ status: 204 });
  expect((await ask('GET', '/licenses/abaqus')).status).toBe(404);
});

test('a license that goes takes along what is out of it', async () => {
  await ask('POST', '/licenses', abaqus);
  await ask('POST', '/licenses-in-use', use);
  expect(await ask('DELETE', '/licenses/abaqus')).toEqual({ status: 204 });
  expect((await ask('GET', '/licenses-in-use')).body).toEqual([]);
  await ask('POST', '/licenses', abaqus);
  expect((await ask('GET', '/licenses/abaqus')).body).toMatchObject({ in_use: 0 });
  await ask('DELETE', '/licenses/abaqus');
});

test('of 64 requests at once for 10 licenses 10 are granted', async () => {
  await ask('POST', '/licenses', { ...abaqus, total: 10 });
  const asked = Array.from({ length: 64 }, () =>
    ask('POST', '/licenses-in-use', { ...use, quantity: 1 }),
  );
  const answers = await Promise.all(asked);
  expect(answers.filter(({ status }) => status === 201)).toHaveLength(10);
  const refused = answers.filter(({ status }) => status !== 201);
  for (const each of refused)
    expect(each).toEqual({ status: 400, body: { detail: 'Not enough licenses' } });
  await ask('DELETE', '/licenses/abaqus');
});

test('a feature of a license file is found by its name, used, and not deleted', async () => {
  const client = await connectClient({ server: server.address });
  const held = await client.checkout('solve');
  expect(held.ok).toBe(true);
  const { body: mine } = await ask('POST', '/licenses-in-use', {
    ...use,
    license_name: 'solve',
    quantity: 1,
  });
  const { body } = await ask('GET', '/licenses/solve');
  expect(body).toMatchObject({ name: 'solve', total: 2, in_use: 2, license_server_type: 'flexlm' });
  expect(body.licenses_in_use).toContainEqual(mine);
  expect((await ask('GET', '/licenses')).body).toEqual([]);
  expect((await ask('DELETE', '/licenses/solve')).status).toBe(409);
  expect((await ask('POST', '/licenses', { ...abaqus, name: 'solve' })).status).toBe(409);
  // Who holds it over the wire loses it as by lmremove.
  for (const { id } of body.licenses_in_use) {
    expect((await ask('DELETE', `/licenses-in-use/${id}`)).status).toBe(204);
  }
  expect((await ask('GET', '/licenses/solve')).body).toMatchObject({ in_use: 0 });
  client.close();
});

test.each([
  ['POST', '/licenses', { ...abaqus, total: 'many' }, 422],
  ['POST', '/licenses', { ...abaqus, total: 0 }, 422],
  ['POST', '/licenses', { ...abaqus, name: 'two words' }, 422],
  ['POST', '/licenses', { ...abaqus, name: 'x\nVENDOR evil' }, 422],
  ['POST', '/licenses', { ...abaqus, license_server_type: 'sentinel' }, 422],
  ['POST', '/licenses', undefined, 422],
  ['GET', '/licenses/type/sentinel', undefined, 422],
  ['GET', '/licenses/nothing', undefined, 404],
  ['DELETE', '/licenses/nothing', undefined, 404],
  ['POST', '/licenses-in-use', { ...use, license_name: 'nothing' }, 404],
  ['POST', '/licenses-in-use', { ...use, quantity: -1 }, 422],
  ['POST', '/licenses-in-use', { quantity: 1 }, 422],
  ['DELETE', '/licenses-in-use/999', undefined, 404],
  ['DELETE', '/licenses-in-use/abaqus', undefined, 422],
  ['GET', '/nothing', undefined, 404],
])('%s %s %j: %i', async (method, path, body, status) => {
  const answer = await ask(method, path, body);
  expect(answer.status).toBe(status);
  expect(answer.body.detail).toBeTruthy();
});

test('what is wrong with a body is told field by field', async () => {
  const { body } = await ask('POST', '/licenses-in-use', { ...use, quantity: 0, user_name: 7 });
  const places = body.detail.map(({ loc }: { readonly loc: unknown }) => loc);
  expect(places).toEqual([
    ['body', 'quantity'],
    ['body', 'user_name'],
  ]);
});

test('what is no JSON, and what is another type, is refused', async () => {
  const post = (type: string) =>
    fetch(`${simulator.url}/lm-sim/licenses`, {
      method: 'POST',
      headers: { 'content-type': type },
      body: '{',
    });
  expect((await post('application/json')).status).toBe(422);
  expect((await post('text/plain')).status).toBe(415);
});

test('a web page of another site is kept out', async () => {
  const headers = { origin: 'http://evil.example' };
  const response = await fetch(`${simulator.url}/lm-sim/licenses`, { headers });
  expect(response.status).toBe(403);
});

test('licenses are as many as may be', async () => {
  const book = new LicenseBook();
  for (let count = 0; count < limits.lmSimLicensesMax; count++) {
    book.add({ name: `f${count}`, total: 1, license_server_type: 'rlm' });
  }
  expect(() => book.add({ name: 'more', total: 1, license_server_type: 'rlm' })).toThrow(
    'expected at most',
  );
});

test('the built program serves it beside a license file, and refuses what does not go together', async () => {
  using folder = new Folder();
  const words = ['serve', folder.file('acme.lic', acme), '--port', '0'];
  const audit = folder.at('audit.log');
  const env = environment({ FAUXLM_LM_SIM: '127.0.0.1:0', FAUXLM_HTTP_AUDIT: audit });
  const child = spawn(process.execPath, [programs.fauxlm, ...words], { env });
  let err = '';
  const url = await new Promise<string>((told) => {
    child.stderr.on('data', (chunk: Buffer) => {
      err += chunk;
      const [found] = /http:\/\/127\.0\.0\.1:\d+\/lm-sim/.exec(err) ?? [];
      if (found !== undefined) told(found);
    });
  });
  expect((await fetch(`${url}/health`)).status).toBe(204);
  expect(await (await fetch(`${url}/licenses/solve`)).json()).toMatchObject({ name: 'solve' });
  expect((await fetch(`${url}/licenses/nothing`, { method: 'DELETE' })).status).toBe(404);
  const lines = textOf(audit).trimEnd().split('\n');
  expect(lines.map((line) => JSON.parse(line))).toMatchObject([
    { by: 'lm-sim', ask: 'DELETE /lm-sim/licenses/nothing' },
    { status: 404 },
  ]);
  child.kill('SIGTERM');
  expect((await ended(child)).status).toBe(0);
  const processes = await run('fauxlm', [...words, '--processes', '--lm-sim', '127.0.0.1:0']);
  expect(processes).toMatchObject({ status: 2, err: expect.stringContaining('got --processes') });
  const port = await run('fauxlm', [...words, '--lm-sim', 'nowhere']);
  expect(port).toMatchObject({ status: 2, err: expect.stringContaining('--lm-sim: expected') });
});
