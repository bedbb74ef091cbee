import type { Miss } from './expectation-row.ts';
import type { Stand } from './stand.ts';

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
      const features = own.length > 0 && server.up ? await server.features() : [];
      const pools = features.flatMap((feature) => feature.pools);
      for (const { event } of own) {
        // A line that ended since may leave more out than there are: FlexNet takes nothing away.
        const { capacity = Infinity, used = 0 } = pools.find(({ id }) => id === event.pool) ?? {};
        if (used <= capacity) continue;
        const expected = `always at most ${capacity} of ${event.feature} out, as licensed`;
        return { expected, got: `${used}` };
      }
    }
    return undefined;
  }
}
