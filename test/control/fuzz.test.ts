import { afterAll, beforeAll, expect, test } from 'vitest';
import { Rng } from '../../src/base/rng.ts';
import { startLicenseServer, type TestLicenseServer } from '../../src/testing/license-server.ts';
import { mutated } from '../documents/mutations.ts';
import { caseTotalOf, FuzzCases } from '../fuzz-cases.ts';
import { RawConnection } from './raw-http.ts';

const cases = new FuzzCases(caseTotalOf(300));
const seed = process.env['FAUXLM_SEED'] ?? 'http';
const timeout = 120_000 + cases.total * 100;

function request(line: string, body = '', more = ''): string {
  const json = 'Content-Type: application/json\r\n';
  const length = body === '' ? '' : `${json}Content-Length: ${body.length}\r\n`;
  return `${line} HTTP/1.1\r\nHost: localhost\r\n${length}${more}Connection: close\r\n\r\n${body}`;
}

/** What clients ask, and requests that servers of HTTP have been led astray by. */
const corpus = [
  ...['/health', '/clock', '/faults', '/ledgers', '/nobody'].map((path) => request(`GET ${path}`)),
  request('POST /clock/advance', '{"by":"1s"}'),
  request('POST /clock/set', '{"to":"+1s"}'),
  request('POST /clock/step', '{"to":1894006800000,"from":1}'),
  request('POST /faults', '{"fault":"slow","latency":"1ms","user":"nobody"}'),
  request('DELETE /faults', '{"id":"f1"}'),
  request('POST /reset', '{}'),
  request('POST /reread', '{}'),
  request('POST /clients/silence', '{"user":"ann","host":"ws1"}'),
  request('POST /faults', '', 'Transfer-Encoding: chunked\r\nContent-Type: application/json\r\n'),
  request('GET /health', '', 'Content-Length: 4\r\nTransfer-Encoding: chunked\r\n'),
  'GET http://evil.example/clock HTTP/1.1\r\nHost: evil.example\r\nOrigin: http://evil.example\r\n\r\n',
  'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n',
];

const splinters = [
  ...[
    '\r\n',
    '\n',
    '\r',
    '\0',
    ' ',
    '\t',
    ':',
    '/',
    '//',
    '/../',
    '%2e%2e/',
    '%00',
    '%',
    '?a=1&a=2',
    '#',
  ],
  ...['HTTP/1.0', 'HTTP/9.9', 'Host: a\r\n', 'Expect: 100-continue\r\n', 'Upgrade: websocket\r\n'],
  ...[
    'Transfer-Encoding: chunked\r\n',
    '5\r\nhello\r\n0\r\n\r\n',
    'ffffffffffffffff\r\n',
    'Content-Length: -1\r\n',
  ],
  ...[
    '{',
    '}',
    '[',
    '"',
    '\\u0000',
    '1e309',
    'null',
    '{"__proto__":{"a":1}}',
    '"by":"9999999d"',
    '"id":[]',
  ],
  ...['{"fault":'.repeat(50), 'x'.repeat(20_000), 'OPTIONS', 'CONNECT', '\xff\xfe', 'é'],
];

let server: TestLicenseServer;
beforeAll(async () => {
  server = await startLicenseServer({
    licenses: {
      name: 'a.lic',
      text: 'SERVER this_host ANY\nVENDOR acmed\nINCREMENT solve acmed 1.0 permanent 2 SIGN=00\n',
    },
    clock: 'manual@2030-01-07T09:00',
    http: '127.0.0.1:0',
  });
});
afterAll(() => server.stop());

/** Sends it, says that nothing more comes, and gives all that was answered. */
async function answerTo(text: string): Promise<string> {
  const connection = await RawConnection.open(server.http!);
  connection.send(text);
  connection.socket.end();
  return connection.closed;
}

test('whatever is sent, the answer is HTTP of the documented kind, and the server lives on', {
  timeout,
}, async () => {
  const statuses = new Set<number>();
  for (const at of cases) {
    const where = `FAUXLM_SEED=${seed}, request ${at}`;
    const text = mutated({ corpus, splinters, lengthMax: 30_000 }, new Rng(`${seed}-${at}`));
    const answer = await answerTo(text);
    if (answer === '') continue;
    expect(answer, where).toMatch(/^HTTP\/1\.1 [1-5]\d\d /);
    const status = Number(answer.slice(9, 12));
    statuses.add(status);
    expect(status, `${where}: ${answer}`).not.toBe(500);
    expect(answer, where).not.toMatch(/node_modules|\.[jt]s:\d+/);
  }
  expect((await fetch(`${server.http}/health`)).status).toBe(200);
  // Some were still good, and some of each kind of bad.
  for (const status of [200, 400, 403, 404]) expect([...statuses]).toContain(status);
});
