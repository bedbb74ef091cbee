import { spawn } from 'node:child_process';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { ended, environment, Folder, run, Server } from '../e2e/processes.ts';

/** The last release that runs on Node 20. */
const AUTOCANNON = 'autocannon@8.0.0';
/** Requests to each route. */
const amount = 2_000;

interface Shot {
  readonly method?: string;
  readonly path: string;
  readonly body?: object;
  /** Of these alone: each costs what a restart costs. */
  readonly amount?: number;
}

interface Result {
  readonly '2xx': number;
  readonly non2xx: number;
  readonly errors: number;
  readonly timeouts: number;
  readonly requests: { readonly average: number };
  readonly latency: { readonly p50: number; readonly p99: number };
}

type Autocannon = (options: object) => Promise<Result>;

const folder = new Folder();
afterAll(() => folder[Symbol.dispose]());
let autocannon: Autocannon;

beforeAll(async () => {
  folder.file('package.json', '{ "private": true }');
  const words = ['install', '--silent', '--ignore-scripts', '--no-audit', '--no-fund', AUTOCANNON];
  const child = spawn('npm', words, { cwd: folder.path, env: environment() });
  expect(await ended(child)).toMatchObject({ status: 0 });
  autocannon = createRequire(join(folder.path, 'x.js'))('autocannon');
});

const license = [
  'SERVER this_host ANY',
  'VENDOR acmed',
  'INCREMENT solve acmed 1.0 permanent 50 SIGN=00',
  '',
].join('\n');

function serve(): Promise<Server> {
  const more = ['--http', '127.0.0.1:0', '--clock', 'manual'];
  return Server.start(folder, [folder.file('a.lic', license), ...more]);
}

/** Sends one kind of request over and over, over so many connections. */
function shoot(http: string, shot: Shot, connections = 16): Promise<Result> {
  const { method = 'GET', path, body } = shot;
  return autocannon({
    ...{ url: `${http}${path}`, method, connections, amount: shot.amount ?? amount, timeout: 60 },
    ...(body === undefined
      ? {}
      : { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }),
  });
}

const routes: readonly Shot[] = [
  { path: '/health' },
  { path: '/clock' },
  { path: '/faults' },
  { path: '/ledgers' },
  { method: 'POST', path: '/clock/advance', body: { by: '1s' } },
  { method: 'POST', path: '/clock/set', body: { to: '+1s' } },
  { method: 'DELETE', path: '/faults', body: {} },
  { method: 'POST', path: '/reread', body: {}, amount: 50 },
  { method: 'POST', path: '/reset', body: {}, amount: 50 },
];

test.each(routes)(
  '$method $path answers every request, and licenses go out meanwhile',
  async (shot) => {
    await using server = await serve();
    const { http = '', address } = server.ready;
    const words = ['--feature', 'solve', '--rate', '20/s', '--hold', '50ms', '--duration', '2s'];
    const [result, load] = await Promise.all([
      shoot(http, shot),
      run('fauxlm', ['load', '-c', address, ...words, '--json']),
    ]);
    const { requests, latency } = result;
    console.log(
      `${shot.path}: ${requests.average}/s, p50 ${latency.p50} ms, p99 ${latency.p99} ms`,
    );
    expect(result).toMatchObject({
      '2xx': shot.amount ?? amount,
      ...{ non2xx: 0, errors: 0, timeouts: 0 },
    });
    // A reset takes what is out away; everything else leaves the licenses alone.
    const { granted, arrivals, failed, checkins, losses, grants } = JSON.parse(load.out);
    expect(checkins + losses).toBe(grants);
    if (shot.path !== '/reset')
      expect({ granted, failed }).toEqual({ granted: arrivals, failed: 0 });
  },
);

test('more connections than are kept cost those that wait longest, never the server', async () => {
  await using server = await serve();
  const { http = '', address } = server.ready;
  const result = await shoot(http, { path: '/health', amount: 5_000 }, 300);
  expect(result['2xx']).toBeGreaterThan(0);
  expect(result.non2xx).toBe(0);
  expect(await shoot(http, { path: '/health' })).toMatchObject({ '2xx': amount, errors: 0 });
  expect(await run('lmutil', ['lmstat', '-c', address])).toMatchObject({ status: 0 });
});
