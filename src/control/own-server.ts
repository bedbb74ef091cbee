import { KnownError } from '../base/errors.ts';
import { refusalText } from '../base/flexnet-errors.ts';
import type { Refusal } from '../base/refusal.ts';
import { type AdminManager, openAdmin } from '../client/administration.ts';
import { type ClientContext, clientContext } from '../client/context.ts';
import { type GivenIdentity, localIdentity } from '../client/identity.ts';
import { type Endpoint, endpointText } from '../client/license-path.ts';
import { isRefusal } from '../client/status-source.ts';
import type { LicenseServer } from '../daemon/server.ts';

const anywhere: Readonly<Record<string, string>> = { '0.0.0.0': '127.0.0.1', '::': '::1' };

/** Where a program on this machine reaches the server. */
export function ownEndpoint({ addresses, port }: LicenseServer): Endpoint {
  const bound = addresses[0] ?? '127.0.0.1';
  return { host: anywhere[bound] ?? bound, port };
}

/** The same as `-c` takes it. */
export function ownAddress(server: LicenseServer): string {
  return endpointText(ownEndpoint(server));
}

/** Who speaks to it for a client of the control plane. */
export function ownContext(
  { clock }: LicenseServer,
  given: GivenIdentity = {},
  pid = process.pid,
): ClientContext {
  return clientContext({
    identity: { ...localIdentity(process.env, given), pid },
    assumesHeartbeats: clock.setting.kind !== 'real',
  });
}

/**
 * Has an administrator's question put to the server as lmutil puts it: the same code answers, with the same rights.
 * @throws KnownError ADMIN_REFUSED for a no, NET_UNREACHABLE when the server does not answer
 */
export async function administer(
  server: LicenseServer,
  question: (manager: AdminManager, context: ClientContext) => Promise<Refusal | undefined>,
): Promise<void> {
  const context = ownContext(server);
  const { host, port } = ownEndpoint(server);
  const manager = await openAdmin({ host, ports: [port] }, context);
  if (isRefusal(manager)) throw new KnownError('NET_UNREACHABLE', refusalWords(manager));
  try {
    const refusal = await question(manager, context);
    if (refusal !== undefined) throw new KnownError('ADMIN_REFUSED', refusalWords(refusal));
  } finally {
    manager.line.close();
  }
}

function refusalWords(refusal: Refusal): string {
  return `expected it to be done, got (${refusal.major},${refusal.minor}) ${refusalText(refusal)}`;
}
