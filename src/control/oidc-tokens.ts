import { createRemoteJWKSet, customFetch, errors, type JWTPayload, jwtVerify } from 'jose';
import { KnownError } from '../base/errors.ts';
import { limits } from '../base/limits.ts';
import { checkIssuerUrl, type OidcSetting } from './oidc-setting.ts';
import { mayDo, type Role } from './roles.ts';
import { type Caller, noToken, type TokenReader } from './tokens.ts';

/** Signatures by keys that only the issuer has: never HS256, never none. */
const ALGORITHMS = ['RS256', 'PS256', 'ES256', 'EdDSA'];
/** Between the clocks of issuer, client and server. */
const SKEW_SECONDS = 60;
const FETCH_MS = 5_000;
/** Keys are asked for again when a token names another, but not more often. */
const KEYS_COOLDOWN_MS = 30_000;
const KEYS_AGE_MS = 10 * 60_000;
/** An issuer that did not answer is left alone for so long. */
const RETRY_MS = 5_000;
const NAME_CHARACTERS_MAX = 64;

type Keys = ReturnType<typeof createRemoteJWKSet>;

/**
 * Bearer tokens of an OpenID Connect issuer: JSON Web Tokens that it has signed for this server, by the keys that it
 * publishes. Source: OpenID Connect Discovery 1.0, section 4; RFC 7519; RFC 9068.
 */
export class OidcTokens implements TokenReader {
  readonly #setting: OidcSetting;
  #keys: Promise<Keys> | undefined;

  constructor(setting: OidcSetting) {
    this.#setting = setting;
  }

  /**
   * Whose token it is; undefined when it is no JSON Web Token. Who has none of the roles is `anyone`.
   * @throws KnownError CONTROL_TOKEN saying why it is not taken; CONTROL_OIDC when the issuer's keys cannot be had
   */
  async callerOf(token: string): Promise<Caller | undefined> {
    if (!/^[\w-]+\.[\w-]+\.[\w-]+$/.test(token)) return undefined;
    const { issuer, audience } = this.#setting;
    const keys = await this.#keysOf();
    try {
      const { payload } = await jwtVerify(token, keys, {
        issuer,
        audience,
        algorithms: ALGORITHMS,
        clockTolerance: SKEW_SECONDS,
        requiredClaims: ['sub', 'exp'],
      });
      return { name: nameOf(payload), role: this.#roleOf(payload) };
    } catch (error) {
      if (error instanceof KnownError) throw error;
      throw noToken(reasonOf(error));
    }
  }

  #keysOf(): Promise<Keys> {
    this.#keys ??= this.#discover().catch((error: unknown) => {
      setTimeout(() => {
        this.#keys = undefined;
      }, RETRY_MS).unref();
      throw error;
    });
    return this.#keys;
  }

  /** Asks the issuer where its keys are. */
  async #discover(): Promise<Keys> {
    const { issuer } = this.#setting;
    const url = `${issuer.replace(/\/$/, '')}/.well-known/openid-configuration`;
    const text = await fetchText(url);
    const { issuer: named, jwks_uri: place } = parsed(text, url);
    if (named !== issuer) throw unusable(url, `issuer ${issuer}`, `${named}`.slice(0, 200));
    if (typeof place !== 'string') throw unusable(url, 'jwks_uri', 'none');
    checkIssuerUrl(place, url);
    return createRemoteJWKSet(new URL(place), {
      cooldownDuration: KEYS_COOLDOWN_MS,
      cacheMaxAge: KEYS_AGE_MS,
      timeoutDuration: FETCH_MS,
      [customFetch]: async (from) => {
        const keys = await fetchText(from);
        parsed(keys, from);
        return new Response(keys);
      },
    });
  }

  /** The one that allows most of those whose claims the token has. */
  #roleOf(payload: JWTPayload): Role {
    let found: Role = 'anyone';
    for (const { role, claim, value } of this.#setting.roles) {
      if (mayDo(role, found) && valuesOf(payload, claim).includes(value)) found = role;
    }
    return found;
  }
}

/** What a claim has: a list, or words with blanks between them as `scope`, or one text. */
function valuesOf(payload: JWTPayload, claim: string): readonly unknown[] {
  const value = Object.hasOwn(payload, claim)
    ? payload[claim]
    : claim.split('.').reduce<unknown>(partOf, payload);
  if (Array.isArray(value)) return value;
  return typeof value === 'string' ? [value, ...value.split(' ')] : [];
}

function partOf(value: unknown, name: string): unknown {
  if (typeof value !== 'object' || value === null || !Object.hasOwn(value, name)) return undefined;
  return (value as Readonly<Record<string, unknown>>)[name];
}

/** For the audit log. */
function nameOf({ sub = '' }: JWTPayload): string {
  return `oidc:${sub.replaceAll(/[^\x21-\x7e]/g, '?').slice(0, NAME_CHARACTERS_MAX)}`;
}

function reasonOf(error: unknown): string {
  if (error instanceof errors.JWTExpired) return 'one that has expired';
  if (error instanceof errors.JWTClaimValidationFailed) return `one with another ${error.claim}`;
  if (error instanceof errors.JWKSNoMatchingKey) return 'one of a key that its issuer has not';
  if (error instanceof errors.JOSEAlgNotAllowed)
    return `one not signed by ${ALGORITHMS.join(', ')}`;
  if (error instanceof errors.JWSSignatureVerificationFailed) return 'one with a wrong signature';
  return 'a broken one';
}

/** At most so much, in so much time, and from nowhere else. @throws KnownError CONTROL_OIDC */
async function fetchText(url: string): Promise<string> {
  try {
    const response = await fetch(url, {
      redirect: 'error',
      signal: AbortSignal.timeout(FETCH_MS),
      headers: { accept: 'application/json' },
    });
    if (response.status !== 200) throw unusable(url, 'status 200', `${response.status}`);
    let text = '';
    const decoder = new TextDecoder();
    for await (const chunk of response.body ?? []) {
      text += decoder.decode(chunk, { stream: true });
      if (text.length > limits.oidcCharactersMax) {
        throw unusable(url, `at most ${limits.oidcCharactersMax} characters`, 'more');
      }
    }
    return text;
  } catch (cause) {
    if (cause instanceof KnownError) throw cause;
    const { cause: deeper, message } = cause as Error;
    const got = deeper instanceof Error ? deeper.message : message;
    throw unusable(url, 'an answer', got);
  }
}

function parsed(text: string, url: string): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === 'object' && value !== null) return value as Record<string, unknown>;
  } catch {}
  throw unusable(url, 'a JSON object', 'something else');
}

function unusable(url: string, expected: string, got: string): KnownError {
  return new KnownError('CONTROL_OIDC', `${url}: expected ${expected}, got ${got}`);
}
