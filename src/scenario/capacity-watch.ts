import type { PoolSnapshot } from '../domain/ledger/snapshot.ts';
import type { Miss } from './expectation-row.ts';
import type { ScenarioServer, Stand } from './stand.ts';

/** What holds in every scenario, asked for or not: no license is granted beyond those there are. */
export class CapacityWatch {
  readonly #stand: Stand;
  #seen = 0;

  constructor(stand: Stand) {
    this.#stand = stand;
  }

  /** Looks at the pools of which seats went out since the last look. */
  async miss(): Promise<Miss | undefined> {
    const { events, servers } = this.#stand;
    const taken = events.slice(this.#seen).flatMap(({ server, event }) => {
      return event.kind === 'seatTaken' && event.added > 0 ? [{ server, event }] : [];
    });
    this.#seen = events.length;
    for (const server of servers) {
      const own = taken.filter((each) => each.server === server.name);
      const pools = own.length > 0 && server.up ? await poolsOf(server) : [];
      for (const { event } of own) {
        const pool = pools.find(({ id, counted }) => id === event.pool && counted);
        // A line that ended since may leave more out than there are: FlexNet takes nothing away.
        if (pool === undefined || pool.used <= pool.capacity || pool.phase !== 'valid') continue;
        const expected = `always at most ${pool.capacity} of ${event.feature} out, as licensed`;
        return { expected, got: `${pool.used}` };
      }
    }
    return undefined;
  }
}

async function poolsOf(server: ScenarioServer): Promise<readonly PoolSnapshot[]> {
  const ledgers = await server.snapshots();
  return ledgers.flatMap(({ features }) => features).flatMap(({ pools }) => pools);
}
