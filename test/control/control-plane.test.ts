import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { makeClock } from '../../src/base/clock-setting.ts';
import { errorCodes } from '../../src/base/errors.ts';
import { limits } from '../../src/base/limits.ts';
import { type ControlPlane, startControlPlane } from '../../src/control/control-plane.ts';
import { routes } from '../../src/control/routes.ts';
import { type LicenseServer, startServer } from '../../src/daemon/server.ts';
import { parseAnswer, RawConnection, rawRequest } from './raw-http.ts';

const licenses = [
  {
    name: 'inline.lic',
    text: 'SERVER this_host ANY\nVENDOR acmed\nINCREMENT solve acmed 2.0 permanent 2 SIGN=00\n',
  },
];
const monday = Date.UTC(2030, 0, 7, 9);

let server: LicenseServer;
let control: ControlPlane;

beforeAll(async () => {
  server = await startServer({
    licenses,
    port: 0,
    clock: makeClock({ kind: 'manual', at: monday }),
  });
  const scenarios = { folder: 'scenarios', program: [process.execPath, '-e', '', '--'] };
  control = await startControlPlane(server, { host: '127.0.0.1', port: 0 }, { scenarios });
});

afterAll(async () => {
  await control.close();
  await server.stop();
});

/** The one shape of every error. */
function expectError(text: string, code: string): void {
  const { error } = JSON.parse(text) as { error: Record<string, string> };
  expect(Object.keys(error)).toEqual(['code', 'message', 'hint']);
  expect(error['code']).toBe(code);
  expect(error['hint']).toBe(errorCodes[code as keyof typeof errorCodes].hint);
  expect(error['message']).not.toMatch(/\n|\.[jt]s:\d/);
  expect(error['message']!.length).toBeLessThan(600);
}

function post(path: string, body: string, type = 'application/json'): Promise<Response> {
  return fetch(control.url + path, { method: 'POST', headers: { 'content-type': type }, body });
}

describe('every route', () => {
  const bodies: Readonly<Record<string, unknown>> = {
    '/clock/advance': { by: '1h' },
    '/clock/set': { to: '2030-01-07T09:00Z' },
    '/clock/step': { to: monday, from: 1 },
    '/reread': {},
    '/vendors/kill': {},
    '/faults': { fault: 'slow', latency: '1ms' },
    'DELETE /faults': {},
    '/clients/silence': { user: 'nobody', host: 'nowhere' },
    '/checkout': { feature: 'solve', user: 'ann', host: 'ws1' },
    '/checkin': { id: 'c1' },
    '/borrow': { feature: 'solve', until: '3d' },
    '/borrow/return': { feature: 'solve' },
    '/explain': { feature: 'solve', as: { user: 'ann' } },
    'POST /sessions': { name: 'one' },
    '/scenarios/run': { scenario: 'denials/all-in-use.yaml' },
    '/scenarios/text': { text: 'name: one' },
    '/scenarios/stop': { id: 'r1' },
  };

  const queries: Readonly<Record<string, string>> = { '/scenarios/result': '?id=r1' };

  // These end the server, or take what another has answered: they have tests of their own.
  const apart = new Set([
    ...['POST /stopped', 'POST /down', 'POST /remove'],
    ...['DELETE /sessions', 'POST /snapshot'],
  ]);

  test.each(routes.filter(({ method, path }) => !apart.has(`${method} ${path}`)))(
    '$method $path answers as its schema says',
    async ({ method, path, answer }) => {
      const body = bodies[`${method} ${path}`] ?? bodies[path];
      const response = await fetch(control.url + path + (queries[path] ?? ''), {
        method,
        ...(body === undefined || method === 'GET'
          ? {}
          : { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } }),
      });
      expect(response.status).toBe(200);
      expect(response.headers.get('content-type')).toBe('application/json; charset=utf-8');
      const told = await response.json();
      expect(answer.parse(told)).toEqual(told);
    },
  );

  test.each(routes)('$method $path is answered to no other method', async ({ path }) => {
    const taken = new Set(routes.filter((each) => each.path === path).map(({ method }) => method));
    for (const method of ['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS']) {
      if (taken.has(method as 'GET')) continue;
      const response = await fetch(control.url + path, { method });
      expect(response.status).toBe(405);
      expect(response.headers.get('allow')).toBe([...taken].join(', '));
      expectError(await response.text(), 'CONTROL_METHOD');
    }
  });
});

test('the clock is told in words and numbers, and health has it, too', async () => {
  await post('/clock/set', '{"to":"2030-01-07T09:00Z"}');
  const clock = await (await fetch(`${control.url}/clock`)).json();
  expect(clock).toEqual({ kind: 'manual', now: '2030-01-07T09:00:00.000Z', ms: monday, factor: 0 });
  const health = await (await fetch(`${control.url}/health`)).json();
  expect(health).toMatchObject({ status: 'up', address: server.address, clock });
  const [vendor] = server.vendors;
  expect((health as { vendors: unknown[] }).vendors).toEqual([vendor]);
});

describe('a request that is wrong gets an error of one shape', () => {
  const advance = '/clock/advance';
  test.each([
    ['no JSON', advance, '{"by":', 400, 'CONTROL_REQUEST'],
    ['no object', advance, '["1h"]', 400, 'CONTROL_REQUEST'],
    ['null', advance, 'null', 400, 'CONTROL_REQUEST'],
    ['nothing', advance, '', 400, 'CONTROL_REQUEST'],
    ['a field that is not there', advance, '{}', 400, 'CONTROL_REQUEST'],
    ['a field of another type', advance, '{"by":3600}', 400, 'CONTROL_REQUEST'],
    ['a field nobody knows', advance, '{"by":"1h","than":"x"}', 400, 'CONTROL_REQUEST'],
    ['a poisoned prototype', advance, '{"by":"1h","__proto__":{"x":1}}', 400, 'CONTROL_REQUEST'],
    ['deep nesting', advance, '['.repeat(100_000), 400, 'CONTROL_REQUEST'],
    ['a duration that is none', advance, '{"by":"1 hour"}', 400, 'USAGE'],
    ['a time that is none', '/clock/set', '{"to":"noon"}', 400, 'USAGE'],
    ['a path that is none', '/clocks', '{}', 404, 'CONTROL_ROUTE'],
    ['a path with another spelling', '/Clock/advance', '{}', 404, 'CONTROL_ROUTE'],
  ])('%s', async (_what, path, body, status, code) => {
    const before = server.clock.now();
    const response = await post(path, body);
    expect(response.status).toBe(status);
    expectError(await response.text(), code);
    expect(server.clock.now()).toBe(before);
  });

  test('a body of another kind', async () => {
    for (const type of ['text/plain', 'application/x-www-form-urlencoded', 'text/json', 'x']) {
      const response = await post(advance, '{"by":"1h"}', type);
      expect(response.status).toBe(415);
      expectError(await response.text(), 'CONTROL_MEDIA');
    }
  });

  test('a body beyond 1 MiB, whether it says so first or not', async () => {
    const huge = JSON.stringify({ by: 'x'.repeat(limits.httpBodyBytesMax) });
    const told = await post(advance, huge);
    expect(told.status).toBe(413);
    expectError(await told.text(), 'CONTROL_TOO_LARGE');
    const chunk = `10000\r\n${'x'.repeat(0x10000)}\r\n`;
    const answer = await rawRequest(
      control.url,
      `POST ${advance} HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n` +
        `Transfer-Encoding: chunked\r\nConnection: close\r\n\r\n${chunk.repeat(17)}0\r\n\r\n`,
    );
    expect(answer.status).toBe(413);
  });

  test.each([
    ['garbage', '\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n', 400, 'CONTROL_REQUEST'],
    [
      'a method that is none',
      'BREW /clock HTTP/1.1\r\nHost: localhost\r\n\r\n',
      400,
      'CONTROL_REQUEST',
    ],
    [
      'a version that is none',
      'GET /clock HTTP/9.9\r\nHost: localhost\r\n\r\n',
      400,
      'CONTROL_REQUEST',
    ],
    [
      'headers beyond 16 KiB',
      `GET /clock HTTP/1.1\r\nHost: localhost\r\nX: ${'x'.repeat(20_000)}\r\n\r\n`,
      413,
      'CONTROL_TOO_LARGE',
    ],
    [
      'two lengths',
      'POST /reset HTTP/1.1\r\nHost: localhost\r\nContent-Length: 0\r\nContent-Length: 5\r\n\r\n',
      400,
      'CONTROL_REQUEST',
    ],
    [
      'a broken escape in the path',
      'GET /clock%zz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n',
      400,
      'CONTROL_REQUEST',
    ],
  ])('%s', async (_what, request, status, code) => {
    const answer = await rawRequest(control.url, request);
    expect(answer.status).toBe(status);
    expectError(answer.body, code);
  });
});

describe('who is let in', () => {
  const ask = async (headers: string): Promise<{ status: number; body: string }> => {
    const request = `GET /clock HTTP/1.1\r\n${headers}Connection: close\r\n\r\n`;
    return rawRequest(control.url, request);
  };

  test.each(['localhost', 'LOCALHOST:1', '127.0.0.1', '127.9.9.9:80', '[::1]', '[::1]:8080'])(
    'Host: %s is this machine by its own name',
    async (host) => {
      expect((await ask(`Host: ${host}\r\n`)).status).toBe(200);
    },
  );

  test.each([
    'evil.example',
    'evil.example:8080',
    'localhost.evil.example',
    '127.0.0.1.evil.example',
    'localhost@evil.example',
    '10.0.0.1',
    '0.0.0.0',
    '[::2]',
    '2130706433',
    '',
    'a b',
  ])('Host: "%s" is not', async (host) => {
    const { status, body } = await ask(`Host: ${host}\r\n`);
    expect(status).toBe(403);
    expectError(body, 'CONTROL_FORBIDDEN');
  });

  test('a request without Host is not let in', async () => {
    for (const version of ['1.0', '1.1']) {
      const text = `GET /clock HTTP/${version}\r\nConnection: close\r\n\r\n`;
      const { status, body } = await rawRequest(control.url, text);
      expect(status).toBe(403);
      expectError(body, 'CONTROL_FORBIDDEN');
    }
  });

  test.each([
    'http://evil.example',
    'null',
    'https://localhost:8080',
    'http://localhost',
    'http://localhost:8081',
    'http://localhost:8080.evil.example',
    'file://',
  ])('a page of the origin %s is not let in', async (origin) => {
    const { status, body } = await ask(`Host: localhost:8080\r\nOrigin: ${origin}\r\n`);
    expect(status).toBe(403);
    expectError(body, 'CONTROL_FORBIDDEN');
  });

  test('a page of the server itself is let in', async () => {
    const headers = 'Host: localhost:8080\r\nOrigin: http://localhost:8080\r\n';
    expect((await ask(headers)).status).toBe(200);
  });

  test('nobody else is told that pages may ask', async () => {
    const response = await fetch(`${control.url}/clock`);
    expect(response.headers.get('access-control-allow-origin')).toBeNull();
  });
});

describe('slow and many clients', () => {
  test('a request that does not come whole in time is given up', async () => {
    const host = '127.0.0.1';
    const bounds = { headersMs: 40, requestMs: 80 };
    const hasty = await startControlPlane(server, { host, port: 0 }, bounds);
    const parts = [
      '',
      'GET /clock HTTP/1.1\r\nHost: local',
      'POST /clock/advance HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n' +
        'Content-Length: 100\r\n\r\n{"by":',
    ];
    for (const part of parts) {
      const connection = await RawConnection.open(hasty.url);
      connection.send(part);
      const answer = await connection.closed;
      if (answer === '') continue;
      expect(parseAnswer(answer).status).toBe(408);
      expectError(parseAnswer(answer).body, 'CONTROL_TOO_SLOW');
    }
    await hasty.close();
  });

  test('1,000 connections that say nothing, or half of something, keep nobody out', async () => {
    const connections = await Promise.all(
      Array.from({ length: 1_000 }, async (_, index) => {
        const connection = await RawConnection.open(control.url);
        if (index % 2 === 1) connection.send('POST /clock/advance HTTP/1.1\r\nHost: localhost\r\n');
        return connection;
      }),
    );
    expect((await fetch(`${control.url}/health`)).status).toBe(200);
    const open = new Set(connections.filter(({ socket }) => !socket.destroyed));
    for (const connection of open) void connection.closed.then(() => open.delete(connection));
    while (open.size > limits.httpConnectionsMax) {
      await Promise.race([...open].map(({ closed }) => closed));
    }
    for (const { socket } of connections) socket.destroy();
    expect((await fetch(`${control.url}/health`)).status).toBe(200);
  });

  test('requests that are being answered are not cut off by newcomers', async () => {
    const host = '127.0.0.1';
    const narrow = await startControlPlane(server, { host, port: 0 }, { connectionsMax: 2 });
    let end!: () => void;
    const held = server.clock.inTurn(
      () =>
        new Promise<void>((done) => {
          end = done;
        }),
    );
    const asking = await Promise.all([0, 1].map(() => RawConnection.open(narrow.url)));
    const request =
      'POST /clock/advance HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n' +
      'Content-Length: 11\r\nConnection: close\r\n\r\n{"by":"1h"}';
    for (const connection of asking) connection.send(request);
    // Both are whole by then: this connection came behind them and is told nothing.
    for (let turns = 0; turns < 20; turns++) await new Promise((done) => setImmediate(done));
    const newcomer = await RawConnection.open(narrow.url);
    newcomer.send('GET /clock HTTP/1.1\r\nHost: localhost\r\n\r\n');
    expect(parseAnswer(await newcomer.closed)).toMatchObject({
      status: 503,
      body: expect.stringContaining('CONTROL_BUSY'),
    });
    // Those that say nothing are no more than a few.
    const silent = await Promise.all(
      Array.from({ length: 9 }, () => RawConnection.open(narrow.url)),
    );
    await Promise.all(silent.slice(0, 5).map(({ closed }) => closed));
    end();
    await held;
    const answers = await Promise.all(asking.map(({ closed }) => closed));
    expect(answers.map((answer) => parseAnswer(answer).status)).toEqual([200, 200]);
    await narrow.close();
  });

  test('a reset comes through while every connection and request waits for the clock, and ends their waiting', async () => {
    const host = '127.0.0.1';
    const narrow = await startControlPlane(server, { host, port: 0 }, { connectionsMax: 4 });
    let end!: () => void;
    const held = server.clock.inTurn((aborted) => {
      return new Promise<void>((done) => {
        end = done;
        aborted.addEventListener('abort', () => done());
      });
    });
    const asking = await Promise.all(
      Array.from({ length: 4 }, () => RawConnection.open(narrow.url)),
    );
    const request =
      'POST /clock/advance HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n' +
      'Content-Length: 15\r\n\r\n{"by":"36500d"}';
    for (const connection of asking)
      connection.send(
        request.repeat(49) + request.replace('\r\n\r\n', '\r\nConnection: close\r\n\r\n'),
      );
    for (let turns = 0; turns < 50; turns++) await new Promise((done) => setImmediate(done));
    const reset = await fetch(`${narrow.url}/reset`, { method: 'POST' });
    expect(reset.status).toBe(200);
    for (const { closed } of asking) {
      const answers = await closed;
      const statuses = [...answers.matchAll(/HTTP\/1\.1 (\d+)/g)].map(([, status]) => status);
      expect(new Set(statuses)).toEqual(new Set(['409']));
      expect(statuses).toHaveLength(50);
      expect(answers).toContain('CLOCK_RESET');
    }
    end();
    await held;
    await narrow.close();
  });

  test('of 2,000 requests on one connection at once 200 are answered, then it is told to wait and closed', async () => {
    const connection = await RawConnection.open(control.url);
    const one =
      'POST /clock/advance HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n' +
      'Content-Length: 11\r\n\r\n{"by":"1s"}';
    const last = 'GET /clock HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n';
    const before = server.clock.now();
    connection.send(one.repeat(2_000) + last);
    const all = await connection.closed;
    const statuses = [...all.matchAll(/HTTP\/1\.1 (\d+)/g)].map(([, status]) => status);
    expect(statuses).toEqual([
      ...Array.from({ length: limits.httpRequestsMax }, () => '200'),
      '503',
    ]);
    expect(server.clock.now()).toBe(before + limits.httpRequestsMax * 1_000);
  });
});

test('a defect is told to the operator, not to who asked', async () => {
  const told: unknown[] = [];
  const broken = {
    journal: server.journal,
    notice: (what: string, { error }: { error?: unknown }) => told.push([what, String(error)]),
    get clock(): never {
      throw new Error('secret /home/ann');
    },
  } as unknown as LicenseServer;
  const plane = await startControlPlane(broken, { host: '127.0.0.1', port: 0 });
  const response = await fetch(`${plane.url}/clock`);
  expect(response.status).toBe(500);
  const text = await response.text();
  expectError(text, 'CONTROL_DEFECT');
  expect(text).not.toContain('secret');
  expect(told).toEqual([['defect in the control plane', 'Error: secret /home/ann']]);
  await plane.close();
});

test('closing ends every connection, idle ones too', async () => {
  const plane = await startControlPlane(server, { host: '::1', port: 0 });
  expect(plane.url).toMatch(/^http:\/\/\[::1\]:\d+$/);
  const connection = await RawConnection.open(plane.url);
  connection.send('GET /clock HTTP/1.1\r\nHost: localhost\r\n\r\n');
  await connection.until((text) => text.includes('"manual"'));
  await plane.close();
  await connection.closed;
  await expect(fetch(`${plane.url}/clock`)).rejects.toThrow();
});

test('who waits for the end of a server hears of it, with its last events', async () => {
  const own = await startServer({ licenses, port: 0 });
  const plane = await startControlPlane(own, { host: '127.0.0.1', port: 0 });
  const connection = await RawConnection.open(plane.url);
  const { host } = new URL(plane.url);
  const body = '{"from":1}';
  const json = `Content-Type: application/json\r\nContent-Length: ${body.length}`;
  // In one piece: when the first is answered, the second is under way.
  connection.send(
    `GET /health HTTP/1.1\r\nHost: ${host}\r\n\r\n` +
      `POST /stopped HTTP/1.1\r\nHost: ${host}\r\n${json}\r\n\r\n${body}`,
  );
  await connection.until((text) => text.includes('"status":"up"'));
  await Promise.all([own.stop(), plane.close()]);
  expect(await connection.closed).toContain('{"signal":15,"journal":[],"stirs":');
});
