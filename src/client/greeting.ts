import { offeredVersion, ownMark } from '../wire/announcement.ts';
import { OWN_VERSION } from '../wire/messages/own.ts';
import { Connection } from './connection.ts';
import type { Dialogue } from './context.ts';
import { CLIENT_VERSION } from './identity.ts';
import { type Endpoint, endpointText } from './license-path.ts';
import type { Received } from './received.ts';
import { isRefused, type Refused, reasonText, refused, refusedBy, senseless } from './refused.ts';

/** A license manager or a vendor daemon that has greeted us: what all conversations start with. */
export interface Greeted {
  readonly connection: Connection;
  /** Where it answered. */
  readonly endpoint: Endpoint;
  /** The version of our messages it offers; 0 when it is not one of ours. */
  readonly offered: number;
  /** It speaks our own messages, in the version we know. */
  readonly own: boolean;
  /** The host its greeting names. */
  readonly greetedHost: string;
  /** The daemon its greeting names; public commands say it back. */
  readonly daemon: string;
  readonly versionMajor: number;
  readonly versionMinor: number;
}

/**
 * Connects to the manager (`vendor` '') or to a vendor daemon, says hello, and logs it: a manager's connection
 * and greeting as a step each, a daemon's only when it comes to nothing, as telling it who asks is the same step.
 */
export async function openGreeted(
  endpoint: Endpoint,
  vendor: string,
  dialogue: Dialogue,
): Promise<Greeted | Refused> {
  const { connectTimeoutMs, answerTimeoutMs } = dialogue;
  const note = (step: 'connect' | 'hello', text: string): void => {
    dialogue.log.step(vendor === '' ? step : 'daemon', `${endpointText(endpoint)}: ${text}`);
  };
  const connection = await Connection.open({ ...endpoint, connectTimeoutMs, answerTimeoutMs });
  if (!(connection instanceof Connection)) {
    const no = refused('client', connection);
    note('connect', reasonText(no));
    return no;
  }
  if (vendor === '') note('connect', `connected from ${connection.localAddress}`);
  const received = await sayHello(connection, vendor, dialogue);
  const greeted = greetingOf(received, { connection, endpoint, vendor });
  if (isRefused(greeted)) {
    note('hello', reasonText(greeted));
    connection.close();
    return greeted;
  }
  const { greetedHost, versionMajor, versionMinor } = greeted;
  if (vendor === '')
    note('hello', `${greetedHost} answers, FlexNet ${versionMajor}.${versionMinor}`);
  return greeted;
}

/** Says who we are and whom we want; resolves with what comes back. */
export function sayHello(
  connection: Connection,
  vendor: string,
  { identity }: Dialogue,
): Promise<Received> {
  const { user, host, display, platform, pid } = identity;
  return connection.ask('hello', {
    lead: undefined,
    user,
    host,
    vendor,
    display,
    mark: ownMark,
    pid: `${pid}`,
    platform,
    versionMajor: CLIENT_VERSION.major,
    versionMinor: CLIENT_VERSION.minor,
    trail: undefined,
  });
}

/** The greeting in what came over `connection`; a refusal when there is none. */
export function greetingOf(
  received: Received,
  at: { readonly connection: Connection; readonly endpoint: Endpoint; readonly vendor: string },
): Greeted | Refused {
  const { connection, endpoint, vendor } = at;
  if (received.kind === 'refused') return refusedBy(received, vendor === '' ? 'manager' : 'daemon');
  if (received.kind !== 'greeting') {
    const where = endpointText(endpoint);
    return senseless('client', `${where}: expected a greeting, got ${received.kind}`);
  }
  const { suffix, host, daemon, versionMajor, versionMinor } = received.value;
  const offered = offeredVersion(suffix);
  return {
    connection,
    endpoint,
    offered,
    own: offered === OWN_VERSION,
    greetedHost: host,
    daemon,
    versionMajor,
    versionMinor,
  };
}

/** Why nothing can be checked out at a server that does not speak our messages; undefined if it does. */
export function notOurs({ offered, own, endpoint, ...greeted }: Greeted): Refused | undefined {
  if (own) return undefined;
  const where = endpointText(endpoint);
  if (offered > 0) {
    const versions = `version ${offered} of fauxlm's messages, this client version ${OWN_VERSION}`;
    return refused('client', { major: -33, minor: 2 }, `${where} speaks ${versions}; update it.`);
  }
  const { versionMajor, versionMinor } = greeted;
  const explanation =
    `${where} is another maker's license server (FlexNet ${versionMajor}.${versionMinor}). ` +
    'The fauxlm client checks out from fauxlm only: it knows no vendor handshake.';
  return refused('client', { major: -33, minor: 1 }, explanation);
}
