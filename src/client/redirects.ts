import { type Endpoint, endpointText } from './license-path.ts';
import { untilNul } from './public-text.ts';
import type { Received } from './received.ts';
import { type Refused, refusedBy, senseless } from './refused.ts';

/** A host name has at most 255. */
const HOST_CHARACTERS_MAX = 255;

/** Where a manager's answer says that a vendor daemon listens; a refusal when it says nothing of the kind. */
export function redirectedTo(received: Received, manager: Endpoint): Endpoint | Refused {
  if (received.kind === 'refused') return refusedBy(received, 'manager');
  const told =
    received.kind === 'redirect'
      ? { host: received.value.host, port: received.value.port }
      : received.kind === 'legacyText'
        ? legacyAddress(received.value)
        : undefined;
  if (told === undefined) {
    const where = endpointText(manager);
    return senseless('client', `${where}: expected a redirect, got ${received.kind}`);
  }
  const { host, port } = told;
  if (port < 1 || port > 65_535) {
    return senseless('manager', `expected a redirect to a port from 1 to 65535, got ${port}`);
  }
  if (host.length > HOST_CHARACTERS_MAX) {
    const got = `${host.length} characters`;
    return senseless('manager', `expected a redirect to a host, got ${got}`);
  }
  // An empty host, which no server should send, is the manager's own.
  return { host: host === '' ? manager.host : host, port };
}

/**
 * Where an old manager's redirect points. It shares its first byte with the old text answer, whose fields
 * cut it elsewhere: host in bytes 2 to 34, port as digits from byte 35. Source: docs/protocol.md.
 */
function legacyAddress(value: { readonly remaining: string; readonly text: Uint8Array }): Endpoint {
  const text = Buffer.from(value.text);
  const whole = value.remaining.length >= LEGACY_SPLIT;
  const host = value.remaining + (whole ? untilNul(text, 0) : '');
  return { host, port: Number.parseInt(untilNul(text, LEGACY_HOST_BYTES - LEGACY_SPLIT), 10) || 0 };
}

/** Bytes of the text answer's first field, and of the redirect's host. */
const LEGACY_SPLIT = 11;
const LEGACY_HOST_BYTES = 33;
