import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { KnownError } from '../../src/base/errors.ts';
import { limits } from '../../src/base/limits.ts';
import { Access } from '../../src/control/access.ts';
import { askControl, controlUrl } from '../../src/control/control-client.ts';
import { type ControlPlane, startControlPlane } from '../../src/control/control-plane.ts';
import { plainRoutes } from '../../src/control/plain-routes.ts';
import { Rates } from '../../src/control/rates.ts';
import { mayDo, type Role, roles } from '../../src/control/roles.ts';
import { roleOf } from '../../src/control/route.ts';
import { routes } from '../../src/control/routes.ts';
import { parseTokens, readTokens } from '../../src/control/tokens.ts';
import { type LicenseServer, startServer } from '../../src/daemon/server.ts';
import { rawRequest } from './raw-http.ts';

const secrets: Readonly<Record<Exclude<Role, 'anyone'>, string>> = {
  viewer: 'viewer-0123456789',
  operator: 'operator-0123456789',
  admin: 'admin-0123456789%/?',
};
const tokenText = Object.entries(secrets)
  .map(([role, token]) => `${role} ${role}-name ${token}  # its only use\n`)
  .join('\n');

let folder: string;
let server: LicenseServer;
let control: ControlPlane;
let audit: string;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'access-'));
  audit = join(folder, 'audit.log');
  writeFileSync(audit, 'kept\n');
  const text =
    'SERVER this_host ANY\nVENDOR acmed\nINCREMENT solve acmed 2.0 permanent 2 SIGN=00\n';
  server = await startServer({ licenses: [{ name: 'inline.lic', text }], port: 0 });
  const tokens = parseTokens(tokenText, 'tokens');
  control = await startControlPlane(server, { host: '0.0.0.0', port: 0 }, { tokens, audit });
});

afterAll(async () => {
  await control.close();
  await server.stop();
  rmSync(folder, { recursive: true });
});

/** The port, at an address that answers. */
function at(path: string): string {
  return control.url.replace('0.0.0.0', '127.0.0.1') + path;
}

function ask(path: string, { method = 'GET', token = '', body = '' } = {}): Promise<Response> {
  const authorization = token === '' ? {} : { authorization: `Bearer ${token}` };
  const headers = { ...authorization, ...(body && { 'content-type': 'application/json' }) };
  return fetch(at(path), { method, headers, ...(body && { body }) });
}

describe('each route', () => {
  const all = [
    ...routes.map((row) => ({ method: row.method, path: row.path, role: roleOf(row) })),
    ...plainRoutes.map(({ path, role }) => ({ method: 'GET' as const, path, role })),
  ];

  test.each(all)(
    '$method $path is for a role of at least $role',
    async ({ method, path, role }) => {
      for (const own of roles.filter((each) => !mayDo(each, role))) {
        const token = own === 'anyone' ? '' : secrets[own];
        const response = await ask(path, { method, token });
        expect(response.status, own).toBe(own === 'anyone' ? 401 : 403);
        const { error } = (await response.json()) as { error: { code: string } };
        expect(error.code).toBe(own === 'anyone' ? 'CONTROL_TOKEN' : 'CONTROL_ROLE');
        const challenge = response.headers.get('www-authenticate');
        expect(challenge).toBe(own === 'anyone' ? 'Bearer' : null);
      }
    },
  );

  test('that reads is no change, that changes is one for an operator at least', () => {
    const open = all.filter(({ role }) => role === 'anyone').map(({ path }) => path);
    expect(open).not.toContain('/users');
    const looseChanges = all.filter(({ method, role }) => method !== 'GET' && role === 'anyone');
    expect(looseChanges).toEqual([]);
    const read = all.filter(({ method, role }) => method !== 'GET' && role === 'viewer');
    expect(read.map(({ path }) => path)).toEqual(['/explain']);
  });
});

test('a token opens what its role may do, whatever name the server is asked by', async () => {
  expect((await ask('/health')).status).toBe(200);
  expect((await ask('/features', { token: secrets.viewer })).status).toBe(200);
  const body = '{"feature":"solve"}';
  const checkout = { method: 'POST', token: secrets.operator, body };
  expect((await ask('/checkout', checkout)).status).toBe(200);
  const { port } = new URL(control.url);
  const head = `GET /users HTTP/1.1\r\nHost: fauxlm.example:${port}\r\nConnection: close\r\n`;
  const withToken = `${head}Authorization: Bearer ${secrets.viewer}\r\n\r\n`;
  expect((await rawRequest(at('/'), withToken)).status).toBe(200);
  const elsewhere = `${head}Origin: http://evil.example\r\nAuthorization: Bearer ${secrets.viewer}\r\n\r\n`;
  expect((await rawRequest(at('/'), elsewhere)).status).toBe(403);
});

test('programs of ours show the token of FAUXLM_HTTP_TOKEN, and tell it to nobody', async () => {
  const env = { FAUXLM_HTTP: at(''), FAUXLM_HTTP_TOKEN: secrets.admin };
  expect(await askControl(controlUrl(undefined, env), 'GET', '/clock')).toMatchObject({
    kind: 'real',
  });
  const refused = askControl(controlUrl(at(''), {}), 'GET', '/clock');
  await expect(refused).rejects.toMatchObject({ code: 'CONTROL_TOKEN', exit: 3 });
  const nobody = controlUrl('http://127.0.0.1:1', env);
  const error = (await askControl(nobody, 'GET', '/clock').catch((cause) => cause)) as KnownError;
  expect(error.code).toBe('NET_UNREACHABLE');
  expect(JSON.stringify([error.message, error.details])).not.toContain('admin-0123');
});

test('every change is in the audit log before it is made, with who made it and its outcome', async () => {
  const before = readFileSync(audit, 'utf8').split('\n').length;
  await ask('/users', { token: secrets.admin });
  await ask('/faults', { method: 'POST', token: secrets.operator, body: '{"fault":"nonsense"}' });
  await ask('/reread', { method: 'POST', token: secrets.admin, body: '{}' });
  await ask('/reread', { method: 'POST', token: secrets.viewer, body: '{}' });
  const text = readFileSync(audit, 'utf8');
  expect(text.startsWith('kept\n')).toBe(true);
  for (const secret of Object.values(secrets)) expect(text).not.toContain(secret);
  const entries = text
    .trim()
    .split('\n')
    .slice(before - 1)
    .map((line) => JSON.parse(line));
  const [fault, failed, reread, done] = entries;
  expect(entries).toHaveLength(4);
  expect(fault).toMatchObject({
    by: 'operator-name',
    role: 'operator',
    address: expect.stringContaining('127.0.0.1'),
    ask: 'POST /faults',
    body: { fault: 'nonsense' },
  });
  expect(failed).toMatchObject({ change: fault.change, status: 400 });
  expect(reread).toMatchObject({ by: 'admin-name', ask: 'POST /reread', body: {} });
  expect(done).toMatchObject({ change: reread.change, status: 200 });
});

test('what cannot be written down is not done', async () => {
  const tokens = parseTokens(tokenText, 'tokens');
  const address = { host: '127.0.0.1', port: 0 };
  const missing = startControlPlane(server, address, { tokens, audit: join(folder, 'no', 'log') });
  await expect(missing).rejects.toMatchObject({ code: 'FILE_UNREADABLE' });
  // The kernel's own full disk.
  const full = await startControlPlane(server, address, { tokens, audit: '/dev/full' });
  const response = await fetch(`${full.url}/checkout`, {
    method: 'POST',
    headers: { authorization: `Bearer ${secrets.operator}`, 'content-type': 'application/json' },
    body: '{"feature":"solve"}',
  });
  const { count } = server.journal;
  expect(response.status).toBe(503);
  expect(await response.text()).toContain('CONTROL_AUDIT');
  expect(server.journal.count).toBe(count);
  await full.close();
});

test('an address that others reach needs tokens', async () => {
  const open = startControlPlane(server, { host: '0.0.0.0', port: 0 });
  await expect(open).rejects.toMatchObject({ code: 'USAGE', exit: 2 });
});

describe('a file of tokens', () => {
  test.each([
    ['', 'tokens: expected ROLE NAME TOKEN on a line, got no token'],
    ['# none\n\n', 'tokens: expected ROLE NAME TOKEN on a line, got no token'],
    ['viewer bob', 'tokens:1: expected ROLE NAME TOKEN, got 2 words'],
    [
      `\nowner bob ${secrets.admin}`,
      'tokens:2: expected a role of viewer, operator, admin, got another word',
    ],
    ['viewer bob short', 'tokens:1: expected a token of 16 to 512 characters of ASCII, got 5'],
    [
      `viewer bob ${'x'.repeat(513)}`,
      'tokens:1: expected a token of 16 to 512 characters of ASCII, got 513',
    ],
    [
      `viewer b|b ${secrets.admin}`,
      'tokens:1: expected a name of up to 64 letters, digits and . _ @ -, got another',
    ],
    [
      `viewer a ${secrets.viewer}\nadmin a ${secrets.admin}`,
      'tokens:2: expected a name of its own, got a twice',
    ],
  ])('%j is refused without telling it', (text, message) => {
    expect(() => parseTokens(text, 'tokens')).toThrow(message);
  });

  test('that is not there is told by its path', () => {
    expect(() => readTokens(join(folder, 'gone'))).toThrow(
      /gone: expected a file of tokens, got ENOENT/,
    );
  });

  test('has so many at most', () => {
    const lines = Array.from({ length: limits.httpTokensMax + 1 }, (_, at) => {
      return `viewer v${at} 0123456789abcdef${at}`;
    });
    expect(() => parseTokens(lines.join('\n'), 'tokens')).toThrow('expected at most 1000 tokens');
  });
});

describe('rates', () => {
  test('give so many at once, then so many a second', () => {
    const rates = new Rates({ perSecond: 2, atOnce: 3 });
    for (let time = 0; time < 3; time++) {
      expect(rates.wait('a', 0)).toBe(0);
      rates.count('a', 0);
    }
    expect(rates.wait('a', 0)).toBe(1);
    expect(rates.wait('b', 0)).toBe(0);
    expect(rates.wait('a', 499)).toBe(1);
    expect(rates.wait('a', 500)).toBe(0);
    rates.count('a', 500);
    expect(rates.wait('a', 500)).toBe(1);
    expect(rates.wait('a', 60_000)).toBe(0);
  });

  test('forget who was counted longest ago when there are too many', () => {
    const rates = new Rates({ perSecond: 0.1, atOnce: 1 });
    for (let at = 0; at <= limits.httpRatedMax; at++) rates.count(`a${at}`, at);
    expect(rates.wait('a0', 0)).toBe(0);
    expect(rates.wait('a1', 1)).toBe(10);
  });

  const approach = { host: 'x', origin: undefined, role: 'viewer' } as const;

  test('bound wrong tokens of one address, this machine included, and no right ones', () => {
    const access = new Access({ tokens: parseTokens(tokenText, 'tokens'), isOpen: true });
    const wrong = { ...approach, address: '127.0.0.1', authorization: 'Bearer nobody-0123456789' };
    for (let time = 0; time < limits.httpWrongTokens.atOnce; time++) {
      expect(() => access.admit(wrong)).toThrow('expected Bearer and a token of this server');
    }
    expect(() => access.admit(wrong)).toThrow('expected fewer wrong tokens');
    const right = { ...wrong, address: '192.0.2.1', authorization: `bearer ${secrets.viewer}` };
    expect(access.admit(right)).toEqual({ name: 'viewer-name', role: 'viewer' });
  });

  test('bound requests of other machines, not those of this one', () => {
    const access = new Access({ tokens: parseTokens(tokenText, 'tokens'), isOpen: true });
    const authorization = `Bearer ${secrets.viewer}`;
    const ask = (address: string) => access.admit({ ...approach, address, authorization });
    const { atOnce } = limits.httpRate;
    for (let time = 0; time < 2 * atOnce; time++) ask('::ffff:127.0.0.1');
    expect(() => {
      for (let time = 0; time < 2 * atOnce; time++) ask('192.0.2.1');
    }).toThrow('expected fewer requests of one address');
    expect(ask('192.0.2.2')).toMatchObject({ role: 'viewer' });
  });
});
