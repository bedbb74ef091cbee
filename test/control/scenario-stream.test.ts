import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { limits } from '../../src/base/limits.ts';
import { type ControlPlane, startControlPlane } from '../../src/control/control-plane.ts';
import { EventResponse } from '../../src/control/event-response.ts';
import { type LicenseServer, startServer } from '../../src/daemon/server.ts';
import { programs } from '../e2e/processes.ts';
import { EventStream } from './event-stream.ts';
import { RawConnection } from './raw-http.ts';

const license =
  'SERVER this_host ANY\\nVENDOR acmed\\nINCREMENT a acmed 2.0 permanent 1 SIGN=00\\n';
const failing = `name: one seat
servers: [{ license: "${license}" }]
steps:
  - checkout: { feature: a, user: ann@ws1 }
  - checkout: { feature: a, user: bob@ws2 }
    expect: granted
`;
const real = [process.execPath, resolve(programs.fauxlm)];
/** It tells one line, and does not end by itself. */
const endless = 'setInterval(() => {}, 1000); console.log("begun")';
const LINES = 100_000;
/** More than sockets and runs keep. */
const loud = `for (let n = 1; n <= ${LINES}; n++) console.log(JSON.stringify({ n, text: "x".repeat(300) }))`;

let folder: string;
let server: LicenseServer;
let control: ControlPlane;

async function start(program: readonly string[]): Promise<void> {
  const scenarios = { folder, program };
  control = await startControlPlane(server, { host: '127.0.0.1', port: 0 }, { scenarios });
}

const startProgram = (text: string) => start([process.execPath, '-e', text, '--']);

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'scenarios-'));
  writeFileSync(join(folder, 'failing.yaml'), failing);
  const text = 'SERVER this_host ANY\nVENDOR acmed\nINCREMENT a acmed 2.0 permanent 2 SIGN=00\n';
  server = await startServer({ licenses: [{ name: 'inline.lic', text }], port: 0 });
});

afterEach(async () => {
  await control.close();
  await server.stop();
  rmSync(folder, { recursive: true });
});

async function post(path: string, input: object) {
  const headers = { 'content-type': 'application/json' };
  const asked = { method: 'POST', headers, body: JSON.stringify(input) };
  const response = await fetch(control.url + path, asked);
  expect(response.status).toBe(200);
  return (await response.json()) as { readonly id: string; readonly state: string };
}

const runOne = () => post('/scenarios/run', { scenario: 'failing.yaml' });
const pathOf = (id: string) => `${control.url}/scenarios/stream?id=${id}`;
const dataOf = (frame: Record<string, string> | undefined) => JSON.parse(frame!['data']!);

test('a run that fails is told step by step, and its end with what came of it', async () => {
  await start(real);
  const { id } = await runOne();
  const frames = await (await EventStream.open(pathOf(id))).rest();
  expect(dataOf(frames[0])).toMatchObject({ run: { id, state: 'running' } });
  const told = frames.filter(({ event }) => event === 'told');
  expect(told.map((frame) => frame['id'])).toEqual(told.map((_, index) => `${index + 1}`));
  const result = await fetch(`${control.url}/scenarios/result?id=${id}`);
  expect(told.map(dataOf)).toEqual(((await result.json()) as { told: unknown }).told);
  expect(told.map(dataOf).map(({ kind }) => kind)).toContain('happened');
  expect(frames.at(-1)).toMatchObject({ event: 'end', id: `${told.length + 1}` });
  const run = { id, state: 'failed', exit: 1, lines: told.length };
  expect(dataOf(frames.at(-1))).toMatchObject({ run, errors: '' });
});

describe('who joins late, or again', () => {
  const four =
    'for (const n of [1, 2, 3]) console.log(JSON.stringify({ n })); console.log("no JSON")';
  let id: string;

  beforeEach(async () => {
    await startProgram(four);
    ({ id } = await runOne());
    await (await EventStream.open(pathOf(id))).rest();
  });

  const numbers = (frames: readonly Record<string, string>[]) => frames.map((frame) => frame['id']);

  test('has all of a run that is over', async () => {
    const frames = await (await EventStream.open(pathOf(id))).rest();
    expect(numbers(frames)).toEqual(['1', '2', '3', '4', '5']);
    expect(frames.slice(0, 4).map(dataOf)).toEqual([{ n: 1 }, { n: 2 }, { n: 3 }, 'no JSON']);
    expect(dataOf(frames[4])).toMatchObject({ run: { state: 'passed', lines: 4 } });
  });

  test('goes on behind the last event it had, or from a line', async () => {
    const again = await EventStream.open(pathOf(id), { 'last-event-id': '2' });
    expect(numbers(await again.rest())).toEqual(['3', '4', '5']);
    expect(numbers(await (await EventStream.open(`${pathOf(id)}&from=4`)).rest())).toEqual([
      '4',
      '5',
    ]);
    const onlyEnd = await EventStream.open(pathOf(id), { 'last-event-id': '4' });
    expect(numbers(await onlyEnd.rest())).toEqual(['5']);
  });

  test('and has had the end, too, is told that there is no more', async () => {
    const response = await fetch(pathOf(id), { headers: { 'last-event-id': '5' } });
    expect(response.status).toBe(204);
  });
});

test('a reader that is slow misses what is not kept any more, and is told which lines', async () => {
  await startProgram(loud);
  const { id } = await runOne();
  const slow = await RawConnection.open(control.url);
  slow.send(`GET /scenarios/stream?id=${id} HTTP/1.1\r\nHost: localhost\r\n\r\n`);
  await slow.until((received) => received.includes('event: '));
  slow.socket.pause();
  // Another one is quick, and hears of the end.
  const quick = await EventStream.open(pathOf(id));
  expect(dataOf(await quick.next('end'))).toMatchObject({ run: { lines: LINES } });
  slow.socket.resume();
  const text = await slow.until((received) => received.includes('event: end'));
  const missed = [...text.matchAll(/event: missed\ndata: (.*)\n/g)].map(([, data]) =>
    JSON.parse(data!),
  );
  const ids = [...text.matchAll(/\nid: (\d+)\nevent: told/g)].map(([, number]) => Number(number));
  expect(missed.length).toBeGreaterThan(0);
  const missing = missed.reduce((sum, { from, to }) => sum + to - from + 1, 0);
  expect(ids.length + missing).toBe(LINES);
  expect(ids.at(-1)).toBe(LINES);
  slow.socket.destroy();
});

test('a run that is cancelled ends its stream, also one that was still waiting', async () => {
  await startProgram(endless);
  const { id } = await runOne();
  const stream = await EventStream.open(pathOf(id));
  expect(dataOf(await stream.next('told'))).toBe('begun');
  for (let count = 1; count < limits.scenarioRunsMax; count++) await runOne();
  const late = await runOne();
  const waiting = await EventStream.open(pathOf(late.id));
  expect(dataOf(await waiting.next('state'))).toMatchObject({ run: { state: 'waiting' } });
  for (const one of [late.id, id]) await post('/scenarios/stop', { id: one });
  expect(dataOf((await waiting.rest()).at(-1))).toMatchObject({
    run: { state: 'stopped', lines: 0 },
  });
  expect(dataOf((await stream.rest()).at(-1))).toMatchObject({
    run: { state: 'stopped', lines: 1 },
  });
});

test('a control plane that is closed ends its streams without an end of the run', async () => {
  await startProgram(endless);
  const stream = await EventStream.open(pathOf((await runOne()).id));
  await stream.next('told');
  await control.close();
  expect((await stream.rest()).map(({ event }) => event)).not.toContain('end');
});

test('streams of runs and of events share their bound', async () => {
  await startProgram(endless);
  const { id } = await runOne();
  const open = [await EventStream.open(pathOf(id))];
  while (open.length < limits.httpStreamsMax)
    open.push(await EventStream.open(`${control.url}/journal/stream`));
  const refused = await fetch(pathOf(id));
  expect(refused.status).toBe(503);
  expect(await refused.json()).toMatchObject({ error: { code: 'CONTROL_BUSY' } });
  for (const stream of open) stream.close();
});

test.each([
  ['', 400, 'id'],
  ['?id=r9', 400, 'expected that of a run'],
  ['?id=r1&from=x', 400, 'expected a whole number'],
])('/scenarios/stream%s: %i', async (query, status, text) => {
  await startProgram(endless);
  const response = await fetch(`${control.url}/scenarios/stream${query}`);
  expect(response.status).toBe(status);
  expect(await response.text()).toContain(text);
});

test('silence is broken by comments, so that no proxy takes it for the end', async () => {
  await startProgram(endless);
  const silent = createServer((_request, response) => {
    new EventResponse(response, { comment: 'hello', drained: () => {}, keepAliveMs: 5 });
  });
  await new Promise<void>((done) => silent.listen(0, '127.0.0.1', done));
  const url = `http://127.0.0.1:${(silent.address() as AddressInfo).port}`;
  const reader = await RawConnection.open(url);
  reader.send('GET / HTTP/1.1\r\nHost: localhost\r\n\r\n');
  await reader.until((received) => received.split(': still here\n\n').length > 3);
  expect(reader.received).toContain(': hello\n\n');
  reader.socket.destroy();
  silent.close();
});
