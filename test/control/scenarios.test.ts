import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { limits } from '../../src/base/limits.ts';
import { type ControlPlane, startControlPlane } from '../../src/control/control-plane.ts';
import { type LicenseServer, startServer } from '../../src/daemon/server.ts';
import { programs, run } from '../e2e/processes.ts';

const license =
  'SERVER this_host ANY\\nVENDOR acmed\\nINCREMENT solve acmed 2.0 permanent 1 SIGN=00\\n';
const scenario = (expected: string) => `name: one seat
servers: [{ license: "${license}" }]
steps:
  - checkout: { feature: solve, user: ann@ws1 }
  - checkout: { feature: solve, user: bob@ws2 }
    expect: ${expected}
`;
const passing = scenario('{ denied: -4 }');
/** It does not end by itself. */
const endless = 'setInterval(() => {}, 1000); console.log("begun")';

let folder: string;
let server: LicenseServer;
let control: ControlPlane;

async function start(program: readonly string[]): Promise<void> {
  const scenarios = { folder, program };
  control = await startControlPlane(server, { host: '127.0.0.1', port: 0 }, { scenarios });
}

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'scenarios-'));
  writeFileSync(join(folder, 'passing.yaml'), passing);
  writeFileSync(join(folder, 'failing.yaml'), scenario('granted'));
  writeFileSync(join(folder, 'mistaken.yaml'), 'name: x\nstps: []\n');
  writeFileSync(join(folder, 'load.profile.yaml'), '');
  const text = 'SERVER this_host ANY\nVENDOR acmed\nINCREMENT a acmed 2.0 permanent 2 SIGN=00\n';
  server = await startServer({ licenses: [{ name: 'inline.lic', text }], port: 0 });
});

afterEach(async () => {
  await control.close();
  await server.stop();
  rmSync(folder, { recursive: true });
});

async function ask(method: string, path: string, input?: object) {
  const headers = { 'content-type': 'application/json' };
  const json = input === undefined ? {} : { headers, body: JSON.stringify(input) };
  const response = await fetch(control.url + path, { method, ...json });
  // biome-ignore lint/suspicious/noExplicitAny: what each answer has is what the tests look at
  return { status: response.status, body: (await response.json()) as any };
}

/** The result of a run that is over, put together from as many answers as it took. */
async function result(id: string) {
  const told = [];
  for (let from = 1; ; ) {
    const { body } = await ask('GET', `/scenarios/result?id=${id}&from=${from}`);
    told.push(...body.told);
    from = body.next;
    if (!['waiting', 'running'].includes(body.run.state)) return { ...body, told };
  }
}

const real = [process.execPath, resolve(programs.fauxlm)];

test('scenarios of the folder are listed, run by their names, and judged', async () => {
  await start(real);
  const { body } = await ask('GET', '/scenarios');
  expect(body.scenarios).toEqual(['failing.yaml', 'mistaken.yaml', 'passing.yaml']);
  const runs = [];
  for (const name of body.scenarios) {
    runs.push((await ask('POST', '/scenarios/run', { scenario: name, seed: 'a' })).body);
  }
  expect(runs).toMatchObject([{ state: 'running' }, { state: 'running' }, { state: 'waiting' }]);
  const [failed, mistaken, passed] = await Promise.all(runs.map(({ id }) => result(id)));
  expect(failed).toMatchObject({ run: { state: 'failed', exit: 1 }, errors: '' });
  expect(mistaken).toMatchObject({ run: { state: 'mistaken', exit: 2 } });
  expect(mistaken.errors + JSON.stringify(mistaken.told)).toContain('stps');
  expect(passed).toMatchObject({ run: { state: 'passed', exit: 0 } });
  expect(passed.told.at(-1)).toMatchObject({ kind: 'summary', passed: 1, seed: 'a' });
  const listed = (await ask('GET', '/scenarios/runs')).body.runs;
  expect(listed.map(({ state }: { state: string }) => state)).toEqual([
    'failed',
    'mistaken',
    'passed',
  ]);
});

test('a text is run on the ledger as on servers, and leaves nothing behind', async () => {
  await start(real);
  const before = readdirSync(tmpdir()).filter((name) => name.startsWith('fauxlm-scenario-'));
  const { body } = await ask('POST', '/scenarios/text', { text: passing, mode: 'ledger' });
  expect(await result(body.id)).toMatchObject({ run: { state: 'passed' } });
  const after = readdirSync(tmpdir()).filter((name) => name.startsWith('fauxlm-scenario-'));
  expect(after).toEqual(before);
});

test('a run is ended when it is told to, and with the server', async () => {
  await start([process.execPath, '-e', endless, '--']);
  const { body } = await ask('POST', '/scenarios/run', { scenario: 'passing.yaml' });
  const { body: second } = await ask('POST', '/scenarios/run', { scenario: 'passing.yaml' });
  expect((await ask('POST', '/scenarios/stop', { id: body.id })).body.state).toBe('stopped');
  expect((await ask('GET', `/scenarios/result?id=${second.id}`)).body.run.state).toBe('running');
  await control.close();
});

test('runs that wait are as many as may be', async () => {
  await start([process.execPath, '-e', endless, '--']);
  const most = limits.scenarioRunsMax + limits.scenarioRunsWaitingMax;
  for (let count = 0; count < most; count++) {
    expect((await ask('POST', '/scenarios/text', { text: 'x' })).status).toBe(200);
  }
  expect(await ask('POST', '/scenarios/text', { text: 'x' })).toMatchObject({
    status: 503,
    body: { error: { code: 'CONTROL_BUSY' } },
  });
});

test('what it tells without end is cut, and the latest is kept', async () => {
  const loud =
    'for (let n = 0; n < 30000; n++) console.log(JSON.stringify({ n, text: "x".repeat(90) }))';
  await start([process.execPath, '-e', loud, '--']);
  const { body } = await ask('POST', '/scenarios/run', { scenario: 'passing.yaml' });
  const { run: state } = await result(body.id);
  expect(state).toMatchObject({ state: 'passed', lines: 30_000 });
  const { body: last } = await ask('GET', `/scenarios/result?id=${body.id}&from=30000`);
  expect(last.told).toMatchObject([{ n: 29_999 }]);
  const { body: first } = await ask('GET', `/scenarios/result?id=${body.id}`);
  expect(first.first).toBeGreaterThan(1);
});

test.each([
  ['/scenarios/run', { scenario: '../passing.yaml' }, 400, 'expected one of /scenarios'],
  ['/scenarios/run', { scenario: 'pasing.yaml' }, 400, 'did you mean passing.yaml'],
  ['/scenarios/run', { scenario: 'passing.yaml', mode: 'fast' }, 400, 'mode'],
  ['/scenarios/run', { scenario: 'passing.yaml', seed: '--target=x' + ' y' }, 400, 'seed'],
  ['/scenarios/run', {}, 400, 'scenario'],
  ['/scenarios/text', { text: '' }, 400, 'text'],
  ['/scenarios/stop', { id: 'r9' }, 400, 'expected that of a run'],
])('%s %j: %i', async (path, input, status, text) => {
  await start(real);
  const answer = await ask('POST', path, input);
  expect(answer).toMatchObject({ status, body: { error: { code: 'CONTROL_REQUEST' } } });
  expect(answer.body.error.message).toContain(text);
});

test('without --scenarios there are none, and it takes a folder and --http', async () => {
  control = await startControlPlane(server, { host: '127.0.0.1', port: 0 });
  expect(await ask('POST', '/scenarios/text', { text: 'x' })).toMatchObject({
    status: 409,
    body: { error: { code: 'CONTROL_SCENARIO' } },
  });
  const words = ['serve', 'examples/acme.lic', '--port', '0', '--scenarios'];
  expect(await run('fauxlm', [...words, folder])).toMatchObject({
    status: 2,
    err: expect.stringContaining('--scenarios: expected --http with it'),
  });
  expect(await run('fauxlm', [...words, 'nowhere', '--http', '127.0.0.1:0'])).toMatchObject({
    status: 2,
    err: expect.stringContaining('--scenarios: expected a folder'),
  });
});
