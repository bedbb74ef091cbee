import { tmpdir } from 'node:os';
import type { EpochMs } from '../base/clock.ts';
import { plainEvent } from '../daemon/journal.ts';
import { FollowingClock } from './following-clock.ts';
import { LedgerClients } from './ledger-clients.ts';
import { LedgerServer } from './ledger-server.ts';
import type { StandOptions } from './socket-stand.ts';
import type {
  CheckoutOutcome,
  Holder,
  Stand,
  StandCheckout,
  StandEvent,
  StandHolding,
  StandOutput,
} from './stand.ts';
import { StepRefused } from './step-row.ts';

/** Things that may fall due at one moment, one after another. */
const AT_ONCE_MAX = 10_000;

/** Clients and the ledgers of one server, with neither sockets nor daemons between them. */
export class LedgerStand implements Stand {
  readonly events: StandEvent[] = [];
  /** No program is run, so that nothing is written. */
  readonly folder = tmpdir();
  readonly servers: readonly LedgerServer[];
  readonly #server: LedgerServer;
  readonly #clock: FollowingClock;
  readonly #clients: LedgerClients;

  constructor({ servers, start, tell }: StandOptions) {
    this.#clock = new FollowingClock(start);
    this.#server = new LedgerServer(servers[0]!, {
      now: () => this.now(),
      onEvent: (daemon, event) => {
        const { name: vendor } = daemon;
        this.events.push({ server: this.#server.name, vendor, event: plainEvent(event) });
        this.#clients.event(daemon, event);
      },
    });
    this.servers = [this.#server];
    this.#clients = new LedgerClients({ clock: this.#clock, server: this.#server, tell });
  }

  start(): Promise<void> {
    return this.#server.start();
  }

  now(): EpochMs {
    return this.#clock.now();
  }

  async moveTo(at: EpochMs): Promise<void> {
    for (let next = this.#nextMoment(); next < at; next = this.#nextMoment()) this.#stepTo(next);
    this.#stepTo(at);
  }

  #nextMoment(): EpochMs {
    const all = [this.#clock.next, ...this.#server.daemons.map(({ next }) => next)];
    const known = all.filter((at) => at !== undefined && at > this.now());
    return Math.min(Infinity, ...(known as number[]));
  }

  #stepTo(at: EpochMs): void {
    this.#clock.show(at);
    this.#lapse();
    for (const _ of this.#clock.due()) this.#lapse();
  }

  /** What falls due now, and what follows from it at once. */
  #lapse(): void {
    const now = this.now();
    for (let times = 0; times < AT_ONCE_MAX; times++) {
      const due = this.#server.daemons.find(({ next = Infinity }) => next <= now);
      due?.apply({ kind: 'timePassed' }, now);
      if (!this.#clients.react() && due === undefined) return;
    }
  }

  async settled(): Promise<void> {
    this.#lapse();
  }

  async checkout(request: StandCheckout): Promise<CheckoutOutcome> {
    return this.#clients.checkout(request);
  }

  async checkin(who: Holder): Promise<number> {
    return this.#clients.checkin(who);
  }

  killClient(who: Holder): number {
    return this.#clients.kill(who);
  }

  async use(client: string, inUse: boolean): Promise<number> {
    return this.#clients.use(client, inUse);
  }

  holdings(): readonly StandHolding[] {
    return this.#clients.holdings;
  }

  async lmutil(): Promise<StandOutput> {
    throw new StepRefused('a server that tools can ask', 'a ledger alone (--mode ledger)');
  }

  environment(): Readonly<Record<string, string>> {
    return {};
  }

  async explain(): Promise<readonly string[]> {
    return [];
  }

  normalized(text: string): string {
    return text;
  }

  async stop(): Promise<void> {}
}
