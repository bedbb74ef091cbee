import { audit } from '../../../src/domain/ledger/audit.ts';
import type { Command } from '../../../src/domain/ledger/commands.ts';
import type { LedgerEvent } from '../../../src/domain/ledger/events.ts';
import { decide, type Ledger, record } from '../../../src/domain/ledger/ledger.ts';
import { snapshot } from '../../../src/domain/ledger/snapshot.ts';
import { makeCheckout, makeClient, makeLedger, makePoolDefinition, monday } from '../../make.ts';

/** The vendor daemon of a member while it runs, on a ledger of its own: the very one that servers have. */
export class SimulatedDaemon {
  static readonly licensed = 3;
  readonly #ledger: Ledger;

  /** `spare`: seats more than are licensed, for who wants to see that it is noticed. */
  constructor(now: number, spare = 0) {
    const pool = makePoolDefinition({ count: SimulatedDaemon.licensed + spare });
    this.#ledger = makeLedger([pool], {}, monday + now);
  }

  /** Whether the client, on a connection of its own, has a seat now. */
  checkout(client: number, session: number, now: number): boolean {
    const who = makeClient({ user: `user${client}`, pid: 1_000 + client });
    const last = this.#perform(makeCheckout({ session, client: who }), now).at(-1);
    return last?.kind === 'seatTaken';
  }

  disconnect(session: number, now: number): void {
    this.#perform({ kind: 'disconnect', session }, now);
  }

  #perform(command: Command, now: number): readonly LedgerEvent[] {
    const events = decide(this.#ledger, command, monday + now);
    for (const event of events) record(this.#ledger, event);
    return events;
  }

  /** Users who have a seat, once a seat. */
  get holders(): readonly string[] {
    const pools = snapshot(this.#ledger).features.flatMap((feature) => feature.pools);
    return pools.flatMap(({ checkouts }) => checkouts.map(({ user }) => user));
  }

  /** What the ledger's own audit has against it. */
  get faults(): readonly string[] {
    return audit(this.#ledger);
  }
}
