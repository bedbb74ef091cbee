import type { Refusal } from '../base/refusal.ts';
import { ownMark, ownSuffix } from '../wire/announcement.ts';
import { readText } from '../wire/text.ts';
import { Connection, type Received } from './connection.ts';
import { CLIENT_VERSION } from './identity.ts';
import type { ServerAddress } from './license-path.ts';
import type { Endpoint } from './manager-link.ts';
import { type AskOptions, isRefusal } from './status-source.ts';

/** A conversation with a license manager or a vendor daemon whose greeting has come. */
export interface Session {
  readonly connection: Connection;
  /** Where it answered. */
  readonly address: Endpoint;
  /** It is one of ours: it answered the mark in our hello, so our own messages work. */
  readonly own: boolean;
  /** The host its greeting names. */
  readonly greetedHost: string;
  /** The daemon its greeting names; public commands say it back. */
  readonly daemon: string;
  readonly versionMajor: number;
  readonly versionMinor: number;
}

/**
 * Connects to a license manager and greets it, at the first of its ports that answers; when none does, the
 * first one's refusal stands for all.
 */
export async function openManager(
  { host, ports }: ServerAddress,
  options: AskOptions,
): Promise<Session | Refusal> {
  let first: Refusal | undefined;
  for (const port of ports) {
    const session = await openSession({ host, port }, '', options);
    if (!isRefusal(session)) return session;
    first ??= session;
    // A name that does not resolve will not do so for the next port.
    if (session.major === -96) break;
  }
  return first ?? { major: -15, minor: 570 };
}

/**
 * A manager that answered, as the way to its vendor daemons. In single-port mode the connection that asks for
 * a daemon becomes that daemon's; the next question then goes over a new one.
 */
export class ManagerLine {
  readonly #options: AskOptions;
  #session: Session;
  #handedOver = false;

  constructor(session: Session, options: AskOptions) {
    this.#session = session;
    this.#options = options;
  }

  /** A conversation with the manager itself. */
  async manager(): Promise<Session | Refusal> {
    if (!this.#handedOver) return this.#session;
    const session = await openSession(this.#session.address, '', this.#options);
    if (isRefusal(session)) return session;
    this.#session = session;
    this.#handedOver = false;
    return session;
  }

  /** Greets the vendor daemon, wherever it is; the caller closes that connection. */
  async daemon(vendor: string): Promise<Session | Refusal> {
    const manager = await this.manager();
    if (isRefusal(manager)) return manager;
    const { connection, address } = manager;
    const answer = await sayHello(connection, vendor, this.#options);
    if (answer.kind === 'greeting') {
      this.#handedOver = true;
      return sessionOf(connection, address, answer);
    }
    const endpoint = redirectedTo(answer);
    if (isRefusal(endpoint)) return endpoint;
    const daemon = await openSession(endpoint, vendor, this.#options);
    // lmutil's minor for a daemon it cannot reach is 578. Source: public outputs, (-15,578:10049).
    return isRefusal(daemon) && daemon.minor === 570 ? { ...daemon, minor: 578 } : daemon;
  }

  close(): void {
    this.#session.connection.close();
  }
}

function redirectedTo(answer: Received): Endpoint | Refusal {
  if (answer.kind === 'redirect') return { host: answer.value.host, port: answer.value.port };
  return answer.kind === 'legacyText' ? legacyAddress(answer.value) : refusalOf(answer);
}

async function openSession(
  address: Endpoint,
  vendor: string,
  options: AskOptions,
): Promise<Session | Refusal> {
  const { connectTimeoutMs, answerTimeoutMs } = options;
  if (address.port < 1 || address.port > 65_535) return { major: -15, minor: 570 };
  const connection = await Connection.open({ ...address, connectTimeoutMs, answerTimeoutMs });
  if (isRefusal(connection)) return connection;
  const greeting = await sayHello(connection, vendor, options);
  if (greeting.kind === 'greeting') return sessionOf(connection, address, greeting);
  connection.close();
  return refusalOf(greeting);
}

function sayHello(
  connection: Connection,
  vendor: string,
  { caller }: AskOptions,
): Promise<Received> {
  return connection.ask('hello', {
    versionMajor: CLIENT_VERSION.major,
    versionMinor: CLIENT_VERSION.minor,
    lead: undefined,
    user: caller.user,
    host: caller.host,
    vendor,
    display: caller.display,
    mark: ownMark,
    pid: `${caller.pid}`,
    platform: caller.platform,
    trail: undefined,
  });
}

function sessionOf(
  connection: Connection,
  address: Endpoint,
  { value }: Extract<Received, { kind: 'greeting' }>,
): Session {
  const { suffix, host, daemon, versionMajor, versionMinor } = value;
  // A server of ours with other messages is asked as any other server is.
  const own = suffix === ownSuffix;
  return { connection, address, own, greetedHost: host, daemon, versionMajor, versionMinor };
}

/** Why an answer is not the one that was due: the peer's own refusal, or that it makes no sense. */
export function refusalOf(received: Received): Refusal {
  return received.kind === 'refused' ? received.refusal : { major: -12, minor: 5 };
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

/** Text from `start` to the next NUL. */
export function untilNul(bytes: Buffer, start: number): string {
  const end = bytes.indexOf(0, start);
  return readText(bytes, start, end < 0 ? bytes.length : end);
}

/** A decimal of the public messages; what is none counts as 0. */
export function wholeNumber(text: string): number {
  return /^\d{1,10}$/.test(text) ? Number(text) : 0;
}
