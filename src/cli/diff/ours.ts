import { type Clock, ManualClock, systemClock } from '../../base/clock.ts';
import { connectClient } from '../../client/client.ts';
import { clientContext } from '../../client/context.ts';
import { localIdentity } from '../../client/identity.ts';
import type { LicenseClient } from '../../client/license-client.ts';
import { clientKey } from '../../comparison/standing.ts';
import { startServer } from '../../daemon/server.ts';
import type { ServerConfig } from '../../daemon/server-config.ts';
import type { ParsedClient, ParsedLmstat } from '../../text/lmstat-parser/parsed.ts';
import { askServer, type StatusText } from './theirs.ts';

/** Who uses what over there is asked for here, up to so many: each is a client of its own. */
export const USERS_MAX = 1_000;

/** What ours shows, and why it did not grant what theirs has out. */
export interface Ours {
  readonly parsed: ParsedLmstat;
  /** Reasons by `refusalKey`. */
  readonly refused: ReadonlyMap<string, string>;
}

/**
 * Serves the files on free ports, has the users of theirs check out what they hold there, those who wait behind them,
 * and reads lmstat. A text of another time is compared with a server at that time.
 * @throws KnownError as `startServer` does for files that cannot be served
 */
export async function readOurs(
  files: Pick<ServerConfig, 'licenses' | 'options' | 'lenient'>,
  theirs: StatusText,
  usage: boolean,
): Promise<Ours> {
  const { writtenAt } = theirs;
  const clock: Clock = writtenAt === undefined ? systemClock : new ManualClock(writtenAt);
  const server = await startServer({ ...files, clock, port: 0, freePorts: true });
  const clients: LicenseClient[] = [];
  try {
    const refused = new Map<string, string>();
    for (const user of usage ? usersOf(theirs.parsed) : []) {
      const client = await connected(server.address, user, clock);
      clients.push(client);
      const why = await hold(client, user);
      if (why !== undefined) refused.set(refusalKey(user.vendor, user.feature, user.key), why);
    }
    return { parsed: await askServer(server.address, () => clock.now()), refused };
  } finally {
    for (const client of clients) client.close();
    await server.stop();
  }
}

export function refusalKey(vendor: string, feature: string, user: string): string {
  return [vendor.toLowerCase(), feature.toLowerCase(), user].join('\n');
}

/** Somebody of theirs who holds licenses, or waits for them. */
export interface OtherUser {
  readonly vendor: string;
  readonly feature: string;
  readonly client: ParsedClient;
  readonly key: string;
  readonly project: string | undefined;
  readonly waits: boolean;
}

/** In the order in which they came: those who wait last. */
export function usersOf({ servers }: ParsedLmstat): readonly OtherUser[] {
  const found: (OtherUser & { readonly start: string })[] = [];
  for (const { name: vendor, features } of servers.flatMap(({ vendors }) => vendors)) {
    for (const { name: feature, pools } of features) {
      const place = { vendor, feature };
      for (const { users, queued } of pools) {
        for (const client of users) {
          const { start = '', project } = client;
          found.push({ ...place, client, key: clientKey(client), project, waits: false, start });
        }
        for (const client of queued) {
          const rest = { project: undefined, waits: true, start: '' };
          found.push({ ...place, client, key: clientKey(client), ...rest });
        }
      }
    }
  }
  return found.sort((a, b) => {
    const byStart = a.start < b.start ? -1 : Number(a.start > b.start);
    return Number(a.waits) - Number(b.waits) || byStart || a.client.handle - b.client.handle;
  });
}

function connected(
  server: string,
  { vendor, client, project = '' }: OtherUser,
  clock: Clock,
): Promise<LicenseClient> {
  const { user, host, display } = client;
  const identity = { ...localIdentity({}, { user, host, display }), project };
  const context = clientContext({ identity, clock, assumesHeartbeats: true });
  return connectClient({ server, vendor, context });
}

/** Undefined when it holds or waits, else why not. */
async function hold(
  client: LicenseClient,
  { feature, client: seat, waits }: OtherUser,
): Promise<string | undefined> {
  const { count, version, checkoutData: data = '' } = seat;
  const answer = await client.checkout(feature, {
    ...{ count, version, data },
    ...(waits ? { whenInUse: 'queue' } : {}),
  });
  return answer.ok || answer.queued ? undefined : answer.text;
}
