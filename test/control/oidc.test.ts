import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type CryptoKey, exportJWK, generateKeyPair, type JWK, SignJWT } from 'jose';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { limits } from '../../src/base/limits.ts';
import { type ControlPlane, startControlPlane } from '../../src/control/control-plane.ts';
import { oidcSetting } from '../../src/control/oidc-setting.ts';
import { OidcTokens } from '../../src/control/oidc-tokens.ts';
import { firstOf, parseTokens } from '../../src/control/tokens.ts';
import { type LicenseServer, startServer } from '../../src/daemon/server.ts';
import { run } from '../e2e/processes.ts';

type Signer = CryptoKey | Uint8Array;

/** An OpenID Connect issuer on this machine, which may misbehave. */
class Issuer {
  readonly asked: string[] = [];
  readonly keys: JWK[] = [];
  answer: ((path: string) => { readonly status: number; readonly text: string }) | undefined;
  readonly #server: Server;
  url = '';

  constructor() {
    this.#server = createServer(({ url = '' }, response) => {
      this.asked.push(url);
      const { status, text } = this.answer?.(url) ?? this.#usual(url);
      response.writeHead(status, { location: '/elsewhere' }).end(text);
    });
  }

  async listen(): Promise<void> {
    await new Promise<void>((done) => this.#server.listen(0, '127.0.0.1', done));
    this.url = `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  close(): void {
    this.#server.closeAllConnections();
    this.#server.close();
  }

  #usual(path: string) {
    const isKeys = path === '/keys';
    const told = { issuer: this.url, jwks_uri: `${this.url}/keys` };
    return { status: 200, text: JSON.stringify(isKeys ? { keys: this.keys } : told) };
  }
}

const issuer = new Issuer();
const signers = new Map<string, Signer>();
let server: LicenseServer;
let control: ControlPlane;

const algorithms = ['RS256', 'ES256', 'EdDSA'] as const;

async function newKey(algorithm: string, kid: string = algorithm): Promise<void> {
  const { publicKey, privateKey } = await generateKeyPair(algorithm);
  issuer.keys.push({ ...(await exportJWK(publicKey)), kid, alg: algorithm });
  signers.set(kid, privateKey);
}

const words = {
  'oidc-audience': 'fauxlm',
  'oidc-role': ['viewer=groups:watchers', 'operator=realm.roles:ci', 'admin=https://x/role:boss'],
};

function newReader(): OidcTokens {
  return new OidcTokens(oidcSetting({ ...words, 'oidc-issuer': issuer.url })!);
}

beforeAll(async () => {
  await issuer.listen();
  for (const algorithm of algorithms) await newKey(algorithm);
  const text =
    'SERVER this_host ANY\nVENDOR acmed\nINCREMENT solve acmed 2.0 permanent 2 SIGN=00\n';
  server = await startServer({ licenses: [{ name: 'inline.lic', text }], port: 0 });
  const own = parseTokens('viewer monitor monitor-0123456789', 'tokens');
  const tokens = firstOf([own, newReader()]);
  control = await startControlPlane(server, { host: '127.0.0.1', port: 0 }, { tokens });
});

beforeEach(() => {
  issuer.answer = undefined;
});

afterAll(async () => {
  await control.close();
  await server.stop();
  issuer.close();
});

interface Made {
  readonly kid?: string;
  readonly alg?: string;
  readonly key?: Signer;
  readonly claims?: object;
  readonly aud?: string;
  readonly iss?: string;
  /** Seconds from now. */
  readonly ends?: number | undefined;
}

const ci = { realm: { roles: ['other', 'ci'] } };

function tokenOf(made: Made = {}): Promise<string> {
  const { kid = 'RS256', claims = ci, aud = 'fauxlm', iss = issuer.url, ends = 300 } = made;
  const now = Math.floor(Date.now() / 1_000);
  const { alg = kid, key = signers.get(kid)! } = made;
  return new SignJWT({ sub: 'repo:acme/app', ...claims })
    .setProtectedHeader({ alg, kid })
    .setIssuer(iss)
    .setAudience(aud)
    .setExpirationTime(now + ends)
    .sign(key);
}

async function reset(token: string) {
  const headers = { authorization: `Bearer ${token}` };
  const response = await fetch(`${control.url}/reset`, { method: 'POST', headers });
  const body = (await response.json()) as { error?: { code: string; message: string } };
  return { status: response.status, ...body.error };
}

test.each(algorithms)('a token signed by %s is taken', async (kid) => {
  expect(await reset(await tokenOf({ kid }))).toEqual({ status: 200 });
});

test("a server's own tokens are taken beside those of the issuer", async () => {
  const headers = { authorization: 'Bearer monitor-0123456789' };
  expect((await fetch(`${control.url}/clock`, { headers })).status).toBe(200);
});

describe('who may do what', () => {
  test.each([
    [{ groups: ['watchers'] }, 'viewer'],
    [{ groups: 'some watchers' }, 'viewer'],
    [ci, 'operator'],
    [{ ...ci, 'https://x/role': 'boss' }, 'admin'],
    [{ groups: ['others'] }, 'anyone'],
    [{}, 'anyone'],
    [{ realm: null }, 'anyone'],
    [{ groups: { watchers: true } }, 'anyone'],
  ])('by %j: %s', async (claims, role) => {
    const caller = await newReader().callerOf(await tokenOf({ claims }));
    expect(caller).toEqual({ name: 'oidc:repo:acme/app', role });
  });

  test('a viewer resets nothing, and who has no role sees nothing', async () => {
    const viewer = await reset(await tokenOf({ claims: { groups: ['watchers'] } }));
    expect(viewer).toMatchObject({ status: 403, message: expect.stringContaining('a viewer') });
    const nobody = await reset(await tokenOf({ claims: {} }));
    expect(nobody).toMatchObject({
      status: 403,
      message: expect.stringContaining('without a role'),
    });
  });
});

describe('a token is not taken', () => {
  const wrong: readonly (readonly [string, () => Promise<string>, string])[] = [
    ['that has expired', () => tokenOf({ ends: -120 }), 'expired'],
    ['for somebody else', () => tokenOf({ aud: 'other' }), 'another aud'],
    ['of another issuer', () => tokenOf({ iss: 'https://evil.example' }), 'another iss'],
    ['that begins later', () => tokenOf({ claims: { nbf: Date.now() / 1_000 + 120 } }), 'nbf'],
    ['without a subject', () => tokenOf({ claims: { sub: undefined } }), 'another sub'],
    ['of another key', async () => tokenOf({ key: await otherKey() }), 'wrong signature'],
    ['of a key that is not there', async () => unknownKey(), 'a key that its issuer has not'],
    ['signed by a secret', () => tokenOf({ alg: 'HS256', key: Buffer.alloc(32) }), 'not signed by'],
    ['signed by nobody', async () => `${part({ alg: 'none' })}.${part({ sub: 'x' })}.`, 'another'],
    ['that is none', async () => 'a.b.c', 'a broken one'],
  ];

  test.each(wrong)('%s', async (_name, make, reason) => {
    const answer = await reset(await make());
    expect(answer).toMatchObject({ status: 401, code: 'CONTROL_TOKEN' });
    expect(answer.message).toContain(reason);
  });

  async function otherKey(): Promise<Signer> {
    return (await generateKeyPair('RS256')).privateKey;
  }

  async function unknownKey(): Promise<string> {
    const token = await tokenOf();
    const [, ...rest] = token.split('.');
    return [part({ alg: 'RS256', kid: 'gone' }), ...rest].join('.');
  }

  function part(value: object): string {
    return Buffer.from(JSON.stringify(value)).toString('base64url');
  }
});

test('clocks may differ by a minute', async () => {
  expect(await newReader().callerOf(await tokenOf({ ends: -30 }))).toBeDefined();
});

test('keys are asked for once for many tokens', async () => {
  const reader = newReader();
  issuer.asked.length = 0;
  for (const kid of algorithms) await reader.callerOf(await tokenOf({ kid }));
  expect(issuer.asked).toEqual(['/.well-known/openid-configuration', '/keys']);
});

describe('an issuer that is none', () => {
  test.each([
    ['answers another status', () => ({ status: 500, text: '' }), 'got 500'],
    ['is no JSON', () => ({ status: 200, text: '<html>' }), 'a JSON object'],
    ['is another', () => ({ status: 200, text: '{"issuer":"https://evil.example"}' }), 'evil'],
    ['sends elsewhere', () => ({ status: 302, text: '' }), 'redirect'],
    [
      'has no end',
      () => ({ status: 200, text: 'x'.repeat(limits.oidcCharactersMax + 1) }),
      'at most',
    ],
    [
      'has keys where anybody may change them',
      () => ({
        status: 200,
        text: JSON.stringify({ issuer: issuer.url, jwks_uri: 'http://example.com/keys' }),
      }),
      'expected https://',
    ],
  ])('%s', async (_name, answer, reason) => {
    issuer.answer = answer;
    const token = await tokenOf();
    await expect(newReader().callerOf(token)).rejects.toThrow(reason);
  });

  test('costs whoever asks by it a 503, and nobody else anything', async () => {
    const gone = oidcSetting({ ...words, 'oidc-issuer': 'http://127.0.0.1:1' })!;
    const own = parseTokens('admin ann ann-0123456789abc', 'tokens');
    const tokens = firstOf([own, new OidcTokens(gone)]);
    const other = await startControlPlane(server, { host: '127.0.0.1', port: 0 }, { tokens });
    const ask = (token: string) =>
      fetch(`${other.url}/clock`, { headers: { authorization: `Bearer ${token}` } });
    const response = await ask(await tokenOf());
    expect(response.status).toBe(503);
    expect(await response.json()).toMatchObject({ error: { code: 'CONTROL_OIDC' } });
    expect((await ask('ann-0123456789abc')).status).toBe(200);
    await other.close();
  });
});

test.each([
  [{ 'oidc-issuer': 'https://x' }, '--oidc-audience: expected it'],
  [{ 'oidc-audience': 'a' }, '--oidc-issuer: expected it'],
  [{ ...words, 'oidc-role': [], 'oidc-issuer': 'https://x' }, '--oidc-role: expected'],
  [{ ...words, 'oidc-issuer': 'http://example.com' }, 'expected https://'],
  [{ ...words, 'oidc-issuer': 'x' }, 'expected https://'],
  [{ ...words, 'oidc-issuer': 'https://x', 'oidc-role': ['boss=a:b'] }, 'expected a role of'],
  [{ ...words, 'oidc-issuer': 'https://x', 'oidc-role': ['admin'] }, 'expected ROLE=CLAIM:VALUE'],
])('%j is refused', (flags, text) => {
  expect(() => oidcSetting(flags)).toThrow(text);
});

test.each(algorithms)('the built program has what it needs for %s', async (kid) => {
  const script =
    'fetch(process.env.FAUXLM_HTTP + "/reset", { method: "POST", headers: { authorization: "Bearer " + process.env.TOKEN } }).then((r) => console.log(r.status))';
  const flags = ['--http', '127.0.0.1:0', '--oidc-issuer', issuer.url, '--oidc-audience', 'fauxlm'];
  const roles = ['--oidc-role', 'operator=realm.roles:ci'];
  const command = ['--', process.execPath, '-e', script];
  const ran = await run('fauxlm', ['exec', 'examples/acme.lic', ...flags, ...roles, ...command], {
    env: { TOKEN: await tokenOf({ kid }) },
  });
  expect(ran).toMatchObject({ out: '200\n', err: '', status: 0 });
});
