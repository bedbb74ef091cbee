import { KnownError } from '../base/errors.ts';
import type { ControlPlane } from '../control/control-plane.ts';
import { clientEnvironment } from '../daemon/client-environment.ts';
import type { LicenseServer } from '../daemon/server.ts';
import { type LedgerSnapshot, snapshot } from '../domain/ledger/snapshot.ts';
import type { TestLicenseServer } from './license-server.ts';
import { beginSession } from './test-session.ts';

/** What a test sees of a server. */
export function asTestServer(
  server: LicenseServer,
  control: ControlPlane | undefined,
): TestLicenseServer {
  const { clock } = server;
  // Whoever stops it, by lmdown too.
  void server.stopped.then(() => control?.close());
  const stop = async (): Promise<void> => {
    await server.stop();
    await control?.close();
  };
  return {
    address: server.address,
    port: server.port,
    http: control?.url,
    clock: {
      now: () => clock.now(),
      advance: (by) => clock.advance(by),
      set: (to) => clock.set(to),
    },
    faults: {
      add: (fault) => server.faults.add(fault),
      list: () => server.faults.list(),
      clear: (id) => server.faults.clear(id),
    },
    get vendors() {
      return server.vendors;
    },
    env: clientEnvironment(server),
    journal: (from) => server.journal.entries(from),
    listen: (listener) => server.journal.listen(listener),
    snapshot: (vendor) => snapshotOf(server, vendor),
    reread: () => server.reread(),
    reset: () => server.reset(),
    session: () => beginSession(server),
    killVendor: (name) => server.killVendor(name),
    stop,
    [Symbol.asyncDispose]: stop,
  };
}

function snapshotOf(server: LicenseServer, vendor: string): LedgerSnapshot {
  const daemon = server.daemon(vendor);
  if (daemon) return snapshot(daemon.ledger);
  const known = server.vendors.map(({ name }) => name).join(', ');
  throw new KnownError('USAGE', `expected a vendor daemon that is up of ${known}, got ${vendor}`);
}
