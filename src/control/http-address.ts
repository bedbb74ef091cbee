import { isIP } from 'node:net';
import { KnownError } from '../base/errors.ts';

/** Where a control plane listens, or is found. */
export interface HttpAddress {
  readonly host: string;
  readonly port: number;
}

/** The port of a control plane when nobody names one. */
export const usualHttpPort = 8080;

const forms = '127.0.0.1:8080, [::1]:8080, localhost:8080 or a port';

/**
 * Reads where to listen: HOST:PORT, [IPV6]:PORT or PORT, with or without `http://` before it; port 0 takes a free
 * one. `localhost` is 127.0.0.1.
 * @throws KnownError USAGE for anything else, and for an address that others than this machine reach unless it
 * `hasTokens`: without them, who reaches the control plane rules the server.
 */
export function parseListenAddress(text: string, where: string, hasTokens = false): HttpAddress {
  const address = parseAnyAddress(text, where);
  if (isLoopback(address.host) || hasTokens) return address;
  throw new KnownError(
    'USAGE',
    `${where}: expected an address of this machine alone such as 127.0.0.1:8080, got ${address.host}: ` +
      'other addresses need tokens, --http-tokens FILE or --oidc-issuer URL',
  );
}

/** The same of any address. @throws KnownError USAGE */
export function parseAnyAddress(text: string, where: string): HttpAddress {
  const match = /^(?:http:\/\/)?(?:(?:\[([^\]]{1,64})\]|([^:/[\]\s]{1,255})):)?(\d{1,5})\/?$/i.exec(
    text,
  );
  const port = Number(match?.[3]);
  if (match === null || port > 65_535) {
    const got = text.length > 60 ? `${text.slice(0, 57)}...` : text;
    throw new KnownError('USAGE', `${where}: expected ${forms}, got "${got}"`);
  }
  const named = (match[1] ?? match[2] ?? 'localhost').toLowerCase();
  return { host: named === 'localhost' ? '127.0.0.1' : named, port };
}

/** Whether only this machine reaches it: 127.0.0.0/8, ::1. */
export function isLoopback(host: string): boolean {
  return isIP(host) === 4 ? host.startsWith('127.') : host === '::1';
}

/** `http://127.0.0.1:8080`. */
export function urlOf({ host, port }: HttpAddress): string {
  return `http://${isIP(host) === 6 ? `[${host}]` : host}:${port}`;
}
