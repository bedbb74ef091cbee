import { KnownError } from '../base/errors.ts';
import { isLoopback } from './http-address.ts';

/** What a request says of where it comes from. */
export interface RequestOrigin {
  readonly host: string | undefined;
  readonly origin: string | undefined;
}

/** By which names it may be spoken to. With any, tokens protect, which no browser sends by itself. */
export type GuardedFrom = 'thisMachine' | 'anyHost';

/**
 * Lets through who speaks to this machine by its own name: another's may point to 127.0.0.1 (DNS rebinding).
 * @throws KnownError CONTROL_FORBIDDEN
 */
export function guardHost(host: string | undefined, from: GuardedFrom): void {
  const name = hostName(host);
  if (name !== undefined && (from === 'anyHost' || isOwn(name))) return;
  const wanted = from === 'anyHost' ? 'a host name' : 'localhost, 127.0.0.1 or [::1]';
  throw forbidden('Host', wanted, host);
}

/**
 * Lets through no page of another site: a browser here would carry its requests. Whose page is behind a proxy that
 * has TLS asks by `https:`.
 * @throws KnownError CONTROL_FORBIDDEN
 */
export function guardOrigin({ host, origin }: RequestOrigin, from: GuardedFrom): void {
  if (origin === undefined) return;
  const own = `http://${host}`.toLowerCase();
  const given = origin.toLowerCase();
  if (given === own || (from === 'anyHost' && given === own.replace('http:', 'https:'))) return;
  throw forbidden('Origin', `none, or http://${host}`, origin);
}

function isOwn(name: string): boolean {
  return name === 'localhost' || isLoopback(name);
}

/** `localhost` of `localhost:8080`, `::1` of `[::1]:8080`; undefined when it is no host. */
function hostName(host: string | undefined): string | undefined {
  const match = /^(?:\[([0-9a-f:.]{2,45})\]|([^:/[\]\s@]{1,255}))(?::\d{1,5})?$/i.exec(host ?? '');
  return (match?.[1] ?? match?.[2])?.toLowerCase();
}

function forbidden(header: string, expected: string, got: string | undefined): KnownError {
  const told = got === undefined ? 'none' : got.length > 60 ? `${got.slice(0, 57)}...` : got;
  return new KnownError('CONTROL_FORBIDDEN', `${header}: expected ${expected}, got ${told}`);
}
