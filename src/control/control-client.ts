import { type IncomingMessage, request } from 'node:http';
import { type ErrorCode, errorCodes, KnownError } from '../base/errors.ts';
import { usualHttpPort } from './http-address.ts';
import type { Route } from './route.ts';

/** An answer of the control plane is a few kilobytes; more is not one. */
const ANSWER_BYTES_MAX = 1024 * 1024;

/**
 * The address of the control plane to ask: as given, else FAUXLM_HTTP, else http://127.0.0.1:8080. Its password is the
 * token to show, that of FAUXLM_HTTP_TOKEN.
 * @throws KnownError USAGE for what is no http address
 */
export function controlUrl(given: string | undefined, env: NodeJS.ProcessEnv): URL {
  const text = given ?? (env['FAUXLM_HTTP'] || `127.0.0.1:${usualHttpPort}`);
  const whole = /^[a-z][a-z0-9+.-]*:\/\//i.test(text) ? text : `http://${text}`;
  const url = URL.canParse(whole) ? new URL(whole) : undefined;
  if (url?.protocol === 'http:') {
    url.username = '';
    url.password = encodeURIComponent(env['FAUXLM_HTTP_TOKEN'] ?? '');
    return url;
  }
  const got = text.length > 60 ? `${text.slice(0, 57)}...` : text;
  throw new KnownError('USAGE', `--http: expected http://HOST:PORT, got "${got}"`);
}

/**
 * Asks a control plane and gives its answer. A move of the clock is answered when it is done: there is no time-out
 * on that. (By node:http, since fetch refuses some ports.)
 * @throws KnownError as the server says it; NET_UNREACHABLE when nobody listens, or somebody else
 */
export async function askControl(
  base: URL,
  method: Route['method'],
  path: string,
  body?: unknown,
  bytesMax = ANSWER_BYTES_MAX,
): Promise<unknown> {
  const response = await reach(new URL(path, base), method, body);
  const answer = parsed(base, response, await readText(base, response, bytesMax));
  if (response.statusCode === 200) return answer;
  const { error } = (answer ?? {}) as { readonly error?: { code?: unknown; message?: unknown } };
  const { code, message } = error ?? {};
  if (typeof code !== 'string' || !Object.hasOwn(errorCodes, code)) throw stranger(base, response);
  throw new KnownError(code as ErrorCode, String(message));
}

function reach(url: URL, method: string, body: unknown): Promise<IncomingMessage> {
  const text = body === undefined ? '' : JSON.stringify(body);
  // node:http tells no length of what it deletes.
  const length = { 'content-length': Buffer.byteLength(text) };
  const headers = {
    ...(body === undefined ? {} : { 'content-type': 'application/json', ...length }),
    ...tokenHeader(url),
  };
  return new Promise((resolve, reject) => {
    const asked = request(url, { method, headers }, resolve);
    asked.on('error', (cause: NodeJS.ErrnoException) => {
      const got = `${cause.code ?? cause.message}; is the server started with --http?`;
      const message = `${url.origin}: expected the control plane of a fauxlm server, got ${got}`;
      reject(new KnownError('NET_UNREACHABLE', message, { url: url.href }, { cause }));
    });
    asked.end(text);
  });
}

/** The token goes into a header of its own, and into no message. */
function tokenHeader(url: URL): { authorization?: string } {
  const token = decodeURIComponent(url.password);
  url.password = '';
  return token === '' ? {} : { authorization: `Bearer ${token}` };
}

/** The same of what is no JSON, such as `/metrics`. */
export async function readControl(base: URL, path: string, bytesMax: number): Promise<string> {
  const response = await reach(new URL(path, base), 'GET', undefined);
  const text = await readText(base, response, bytesMax);
  if (response.statusCode === 200) return text;
  throw stranger(base, response);
}

function parsed(base: URL, response: IncomingMessage, text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw stranger(base, response);
  }
}

async function readText(base: URL, response: IncomingMessage, bytesMax: number): Promise<string> {
  let bytes = 0;
  const parts: Buffer[] = [];
  try {
    for await (const part of response as AsyncIterable<Buffer>) {
      bytes += part.length;
      if (bytes > bytesMax) break;
      parts.push(part);
    }
    if (bytes <= bytesMax) return Buffer.concat(parts).toString('utf8');
  } catch {
    // Cut off: nobody we know.
  }
  throw stranger(base, response);
}

function stranger({ origin }: URL, { statusCode }: IncomingMessage): KnownError {
  const got = `an answer of another kind, of status ${statusCode}`;
  const text = `${origin}: expected the control plane of a fauxlm server, got ${got}`;
  return new KnownError('NET_UNREACHABLE', text);
}
