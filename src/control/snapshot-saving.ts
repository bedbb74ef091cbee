import { KnownError } from '../base/errors.ts';
import { limits } from '../base/limits.ts';
import type { LicenseServer } from '../daemon/server.ts';
import type { LedgerSnapshot, PoolSnapshot } from '../domain/ledger/snapshot.ts';
import type { Snapshot } from './snapshot-schema.ts';

/** Licenses of each feature, by which a snapshot and a server are found to belong together. */
export async function featuresOf(server: LicenseServer): Promise<Snapshot['features']> {
  return featuresIn(await server.ledgers.read());
}

function featuresIn(ledgers: readonly LedgerSnapshot[]): Snapshot['features'] {
  return ledgers.flatMap(({ vendor, features }) =>
    features.map(({ name, counted, capacity }) => {
      return { vendor, feature: name, seats: counted ? capacity : 0 };
    }),
  );
}

/** The state of a server as a document. @throws KnownError CONTROL_SNAPSHOT when more is out than one may have */
export async function saveSnapshot(server: LicenseServer): Promise<Snapshot> {
  const ledgers = await server.ledgers.read();
  const pools = ledgers.flatMap(({ features }) => features.flatMap((feature) => feature.pools));
  const seats = pools.flatMap(seatsOf).sort((one, other) => one.since - other.since);
  const lingering = pools.flatMap(({ feature, checkouts }) =>
    checkouts.flatMap(({ stay, user }) => (stay?.kind === 'linger' ? [`${feature} ${user}`] : [])),
  );
  const queue = pools.flatMap(({ vendor, feature, queued }) =>
    queued.map(({ version, count, user, host, display }) => {
      return { vendor, feature, version, count, user, host, display, project: '', data: '' };
    }),
  );
  if (seats.length + queue.length > limits.httpCheckoutsMax) {
    const most = `at most ${limits.httpCheckoutsMax} checkouts and requests that wait`;
    throw new KnownError(
      'CONTROL_SNAPSHOT',
      `expected ${most}, got ${seats.length + queue.length}`,
    );
  }
  const faults = await server.faults.list();
  const { setting } = server.clock;
  return {
    version: 1,
    clock: { kind: setting.kind, ms: server.clock.now() },
    features: featuresIn(ledgers),
    seats,
    queue,
    faults: faults.filter(({ state }) => state !== 'over').map((fault) => fault.text),
    left: lingering.slice(0, 1_000).map((what) => `lingering: ${what}`),
  };
}

function seatsOf({ vendor, feature, checkouts }: PoolSnapshot): Snapshot['seats'] {
  return checkouts.flatMap(({ handle, companion, stay, since, ...checkout }) => {
    // A suite's seats went out just before its component's, and do so again with them.
    const isOfSuite = companion !== undefined && companion > handle;
    if (isOfSuite || stay?.kind === 'linger') return [];
    const { version, count, user, host, display, project, data } = checkout;
    const who = { vendor, feature, version, count, user, host, display, project, data, since };
    return [stay === undefined ? who : { ...who, borrowedUntil: stay.until }];
  });
}
