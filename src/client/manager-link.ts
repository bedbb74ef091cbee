import { renderShortError } from '../text/error-message.ts';
import type { MessageValue } from '../wire/message.ts';
import type { hello } from '../wire/messages/index.ts';
import { OWN_VERSION } from '../wire/messages/index.ts';
import { readText } from '../wire/text.ts';
import { Connection, type Received } from './connection.ts';
import type { ClientContext } from './context.ts';
import { CLIENT_VERSION } from './identity.ts';
import { addressText } from './license-path.ts';
import {
  foreignServer,
  isRefused,
  type Refused,
  type Refuser,
  refused,
  senseless,
} from './refused.ts';

/** One host and one port. */
export interface Endpoint {
  readonly host: string;
  readonly port: number;
}

/** `27000@host` */
export function endpointText({ host, port }: Endpoint): string {
  return addressText({ host, ports: [port] });
}

/** A server whose greeting has this in the high byte of its suffix speaks our messages. */
const OWN_SUFFIX = 0xfa;
/** `T`, NUL and our name: what tells a server that it may greet us so. */
const OWN_MARK = Uint8Array.of(...Buffer.from('T\0fauxlm', 'latin1'), OWN_VERSION);
/** Vendor daemons a manager may name. */
const DAEMONS_MAX = 1_000;

/** A connection to a license manager that has greeted us as one of ours. */
export class ManagerLink {
  readonly endpoint: Endpoint;
  readonly #connection: Connection;
  readonly #context: ClientContext;
  /** The greeting's second name; commands send it back. */
  readonly #daemon: string;
  #handedOver = false;

  private constructor(
    endpoint: Endpoint,
    connection: Connection,
    context: ClientContext,
    daemon: string,
  ) {
    this.endpoint = endpoint;
    this.#connection = connection;
    this.#context = context;
    this.#daemon = daemon;
  }

  /** Connects and says hello. */
  static async open(endpoint: Endpoint, context: ClientContext): Promise<ManagerLink | Refused> {
    const where = endpointText(endpoint);
    const connection = await connectTo(endpoint, context, 'client');
    if (isRefused(connection)) {
      context.log.step('connect', `${where}: ${reasonText(connection)}`);
      return connection;
    }
    context.log.step('connect', `${where}: connected from ${connection.localAddress}`);
    connection.send('hello', helloOf(context, ''));
    const greeted = greetingOf(await connection.next(), where, 'manager');
    if (isRefused(greeted)) {
      context.log.step('hello', `${where}: ${reasonText(greeted)}`);
      connection.close();
      return greeted;
    }
    const { host, versionMajor, versionMinor, daemon } = greeted;
    const answered = `${host} answers, FlexNet ${versionMajor}.${versionMinor}`;
    context.log.step('hello', `${where}: ${answered}`);
    return new ManagerLink(endpoint, connection, context, daemon);
  }

  /**
   * The connection became a vendor daemon's (single-port), or broke: the manager cannot be asked
   * further.
   */
  get spent(): boolean {
    return this.#handedOver || this.#connection.ended;
  }

  /** The manager's vendor daemons, in its order. */
  async daemons(): Promise<readonly string[] | Refused> {
    const { user, host, display } = this.#context.identity;
    const daemon = this.#daemon;
    const asked = { lead: undefined, user, host, daemon, display, command: 'dlist' };
    const received = await this.#connection.ask('command', asked, this.#unixTime());
    const found = daemonsOf(received);
    const answer = isRefused(found) ? reasonText(found) : found.join(' ') || 'none';
    this.#context.log.step('daemons', `${endpointText(this.endpoint)}: ${answer}`);
    return found;
  }

  /**
   * A connection to the vendor daemon, which has greeted us: on the port the manager redirects to,
   * or this connection itself when the manager serves everything on a single port.
   */
  async daemon(vendor: string): Promise<{ connection: Connection; endpoint: Endpoint } | Refused> {
    const { log } = this.#context;
    const where = endpointText(this.endpoint);
    const received = await this.#connection.ask('hello', helloOf(this.#context, vendor));
    if (received.kind === 'redirect') {
      const endpoint = redirectedTo(received.value, this.endpoint);
      if (isRefused(endpoint)) {
        log.step('redirect', `${where}: ${vendor}: ${reasonText(endpoint)}`);
        return endpoint;
      }
      log.step('redirect', `${where}: ${vendor} is at ${endpointText(endpoint)}`);
      return this.#follow(endpoint, vendor);
    }
    const greeted = greetingOf(received, where, 'manager');
    if (isRefused(greeted)) {
      log.step('redirect', `${where}: ${vendor}: ${reasonText(greeted)}`);
      return greeted;
    }
    this.#handedOver = true;
    log.step('redirect', `${where}: ${vendor} is on this connection`);
    return { connection: this.#connection, endpoint: this.endpoint };
  }

  async #follow(endpoint: Endpoint, vendor: string) {
    const { log } = this.#context;
    const where = endpointText(endpoint);
    const connection = await connectTo(endpoint, this.#context, 'client');
    if (isRefused(connection)) {
      log.step('daemon', `${where}: ${reasonText(connection)}`);
      return connection;
    }
    connection.send('hello', helloOf(this.#context, vendor));
    const greeted = greetingOf(await connection.next(), where, 'daemon');
    if (!isRefused(greeted)) return { connection, endpoint };
    log.step('daemon', `${where}: ${reasonText(greeted)}`);
    connection.close();
    return greeted;
  }

  close(): void {
    if (!this.#handedOver) this.#connection.close();
  }

  #unixTime(): number {
    return unixTime(this.#context);
  }
}

/** Seconds since 1970, as messages carry them. */
export function unixTime({ clock }: ClientContext): number {
  return Math.floor(clock.now() / 1_000);
}

/** A refusal's numbers and words for one line of the client debug log. */
export function reasonText({ refusal, explanation }: Refused): string {
  const { major, minor, sys, sysText } = refusal;
  const system = sys === undefined ? '' : `:${sys}`;
  const words = [sysText, ...(explanation ?? [])].filter(Boolean).join('; ');
  return `refused (${major},${minor}${system})${words === '' ? '' : ` ${words}`}`;
}

async function connectTo(endpoint: Endpoint, context: ClientContext, by: Refuser) {
  const { connectTimeoutMs, answerTimeoutMs } = context;
  const opened = await Connection.open({ ...endpoint, connectTimeoutMs, answerTimeoutMs });
  return opened instanceof Connection ? opened : refused(by, opened);
}

function helloOf({ identity }: ClientContext, vendor: string): MessageValue<typeof hello> {
  const { user, host, display, platform, pid } = identity;
  return {
    lead: undefined,
    user,
    host,
    vendor,
    display,
    mark: OWN_MARK,
    pid: `${pid}`,
    platform,
    versionMajor: CLIENT_VERSION.major,
    versionMinor: CLIENT_VERSION.minor,
    trail: undefined,
  };
}

/** The greeting in what came; a refusal when it is no greeting, or not one of ours. */
function greetingOf(received: Received, where: string, by: Refuser) {
  if (received.kind === 'refused') return refusedBy(received, by);
  const isForeign =
    received.kind === 'greeting'
      ? received.value.suffix >>> 8 !== OWN_SUFFIX
      : received.kind === 'legacyText';
  if (isForeign) return foreignServer(where);
  if (received.kind === 'greeting') return received.value;
  return senseless('client', `${where}: expected a greeting, got ${received.kind}`);
}

/** A refusal that came, or the network's: whose it is shows in whether words came with it. */
export function refusedBy(received: Received & { kind: 'refused' }, by: Refuser): Refused {
  const { refusal, text } = received;
  if (text === undefined) return refused('client', refusal);
  // Words that only repeat the code would be told twice.
  return refused(by, refusal, text === renderShortError(refusal) ? '' : text);
}

function daemonsOf(received: Received): readonly string[] | Refused {
  if (received.kind === 'refused') return refusedBy(received, 'manager');
  if (received.kind !== 'textAnswer') {
    return senseless('client', `expected the list of vendor daemons, got ${received.kind}`);
  }
  const { text } = received.value;
  const end = text.indexOf(0);
  const words = readText(text, 0, end < 0 ? text.length : end).split(/[\s\0]+/);
  return [...new Set(words)].filter((word) => word !== '').slice(0, DAEMONS_MAX);
}

/** Where a redirect leads. An empty host, which no server should send, is the manager's own. */
function redirectedTo(
  { host, port }: { readonly host: string; readonly port: number },
  manager: Endpoint,
): Endpoint | Refused {
  if (port < 1 || port > 65_535) {
    return senseless('manager', `expected a redirect to a port from 1 to 65535, got ${port}`);
  }
  return { host: host === '' ? manager.host : host, port };
}
