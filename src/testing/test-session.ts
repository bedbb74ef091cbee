import { connectClient } from '../client/client.ts';
import type { LicenseClient } from '../client/license-client.ts';
import { ownAddress, ownContext } from '../control/own-server.ts';
import { newSessionPid } from '../control/test-sessions.ts';
import type { LicenseServer } from '../daemon/server.ts';
import type { TestServerSession } from './license-server.ts';

/** Begins a session on a server of this process. */
export function beginSession(server: LicenseServer): TestServerSession {
  const pid = newSessionPid(server);
  const clients = new Set<LicenseClient>();
  const faults = new Set<string>();
  let firstEvent = server.journal.count + 1;
  let era = server.journal.era;
  /** After a reset of the server nothing of the session is there, and events begin at 1. */
  const heedReset = (): void => {
    if (era === server.journal.era) return;
    era = server.journal.era;
    firstEvent = 1;
    faults.clear();
  };
  const reset = async (): Promise<void> => {
    heedReset();
    for (const client of clients) client.close();
    clients.clear();
    for (const { id } of await server.faults.list()) {
      if (faults.has(id)) await server.faults.clear(id);
    }
    faults.clear();
    await server.traffic.settled();
    firstEvent = server.journal.count + 1;
  };
  return {
    connect: async ({ vendor, ...as } = {}) => {
      const client = await connectClient({
        server: ownAddress(server),
        context: ownContext(server, as, pid),
        ...(vendor === undefined ? {} : { vendor }),
      });
      clients.add(client);
      return client;
    },
    addFault: async (fault) => {
      heedReset();
      const listed = await server.faults.add(fault);
      faults.add(listed.id);
      return listed;
    },
    journal: () => {
      heedReset();
      return server.journal.entries(firstEvent).filter(({ event }) => {
        return 'client' in event && event.client.pid === pid;
      });
    },
    reset,
    [Symbol.asyncDispose]: reset,
  };
}
