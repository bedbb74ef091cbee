import { KnownError } from '../base/errors.ts';
import type { ClientEvent } from './client-answers.ts';
import { type ClientContext, clientContext } from './context.ts';
import { notOurs } from './greeting.ts';
import { type GivenIdentity, localIdentity } from './identity.ts';
import { LicenseClient } from './license-client.ts';
import { type Endpoint, isTriad, parseLicensePath } from './license-path.ts';
import { ManagerLine } from './manager-line.ts';
import { daemonNames } from './public-commands.ts';
import { isRefused, mostRelevant, type Refused } from './refused.ts';
import { unreachableServer } from './unreachable-server.ts';

export interface ConnectClientOptions extends GivenIdentity {
  /** `port@host`, `@host`, or a triad `p@h1,p@h2,p@h3`. */
  readonly server: string;
  /** The vendor daemon; without one, those of the manager's that may have a feature are asked in their order. */
  readonly vendor?: string;
  /** On a triad: told when the member that serves is lost, and what becomes of what was held there. */
  readonly onEvent?: (event: ClientEvent) => void;
  /** Clock, timeouts and log of your own; the rest has defaults. */
  readonly context?: Partial<ClientContext>;
}

/**
 * Connects to a license server of ours and stays connected: what is checked out is held until it is
 * checked in, or the client is closed.
 *
 * ```ts
 * const client = await connectClient({ server: '27000@localhost', user: 'ann', host: 'ws1' });
 * const solve = await client.checkout('solve', { version: '12.1' });
 * if (solve.ok) await client.checkin(solve);
 * else console.log(solve.refusal.major); // -4 when all are in use
 * client.close();
 * ```
 * @throws KnownError USAGE for a server text that is none; NET_UNREACHABLE or NET_TIMEOUT when no
 * manager answers there, its FlexNet code in `details.refusal`.
 */
export async function connectClient(options: ConnectClientOptions): Promise<LicenseClient> {
  const { server, vendor, onEvent } = options;
  // Of a variable that is not set, in JavaScript: the type does not keep it out there.
  if (typeof server !== 'string') {
    throw new KnownError('USAGE', `server: expected port@host, got ${typeof server}`);
  }
  const context = clientContext({
    identity: localIdentity(process.env, options),
    ...options.context,
  });
  const [element, more] = parseLicensePath(server, {
    origin: 'server',
    platform: process.platform,
  });
  if (element?.kind !== 'servers' || more) {
    throw new KnownError('USAGE', `server: expected port@host, got "${server}"`);
  }
  const refusals: Refused[] = [];
  const endpoints = element.addresses.flatMap(({ host: name, ports }) =>
    ports.map((port) => ({ host: name, port })),
  );
  for (const endpoint of endpoints) {
    const vendors = await vendorsOf(endpoint, vendor, context);
    if (!isRefused(vendors)) {
      const members = isTriad(element.addresses) ? endpoints : [endpoint];
      return new LicenseClient({ answering: endpoint, members, vendors, context, onEvent });
    }
    refusals.push(vendors);
  }
  throw unreachableServer(server, mostRelevant(refusals as [Refused, ...Refused[]]));
}

/** Asks the manager at `endpoint` for its daemons; a vendor that was named is taken at its word. */
async function vendorsOf(endpoint: Endpoint, vendor: string | undefined, context: ClientContext) {
  const line = await ManagerLine.at(endpoint, context);
  if (isRefused(line)) return line;
  const foreign = notOurs(line.greeted);
  const vendors =
    foreign ?? (vendor === undefined ? await daemonNames(line.greeted, context) : [vendor]);
  line.close();
  return vendors;
}
