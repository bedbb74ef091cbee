import type { Cancel, Clock } from '../base/clock.ts';
import type { Refusal } from '../base/refusal.ts';
import { parseBorrowEnd } from '../client/borrow-ends.ts';
import { clientContext } from '../client/context.ts';
import { mostRelevant, refused } from '../client/refused.ts';
import { RETRY_DELAYS_MS } from '../client/retries.ts';
import { lossReasons, refusalOfLoss } from '../client/seat-losses.ts';
import type { CheckoutCommand } from '../domain/ledger/commands.ts';
import type { LedgerEvent } from '../domain/ledger/events.ts';
import type { Client } from '../domain/ledger/model.ts';
import { borrowEnd } from '../domain/license/borrow-end.ts';
import { renderShortError } from '../text/error-message.ts';
import { clientNameOf, FIRST_PID } from './client-names.ts';
import type { LedgerDaemon } from './ledger-daemon.ts';
import type { LedgerServer } from './ledger-server.ts';
import type { CheckoutOutcome, Holder, StandCheckout, StandHolding } from './stand.ts';
import { StepRefused } from './step-row.ts';

/** One checkout of a client, and what it has out by it. */
interface Holding {
  readonly request: StandCheckout;
  state: StandHolding['state'];
  daemon: LedgerDaemon;
  session: number;
  /** Of the seats, or under which it waits. */
  handle: number;
  borrowed: boolean;
  /** Tries since it was lost. */
  attempts: number;
  cancelRetry: Cancel;
}

/** What a ledger said to a request. */
type Asked =
  | { readonly kind: 'granted' | 'queued'; readonly at: Place; readonly version: string }
  | { readonly kind: 'denied'; readonly refusal: Refusal };

type Place = Pick<Holding, 'daemon' | 'session' | 'handle'>;

export interface LedgerClientsOptions {
  readonly clock: Clock;
  readonly server: LedgerServer;
  readonly tell: (client: string, text: string) => void;
}

/** The clients of a scenario without sockets: what they would ask a server for, asked of its ledgers. */
export class LedgerClients {
  readonly #options: LedgerClientsOptions;
  readonly #holdings: Holding[] = [];
  readonly #pids = new Map<string, number>();
  /** What clients do about what they hear, once the ledger is done with what they hear of. */
  readonly #later: (() => void)[] = [];
  #session = 0;

  constructor(options: LedgerClientsOptions) {
    this.#options = options;
  }

  get holdings(): readonly StandHolding[] {
    const server = this.#options.server.name;
    return this.#holdings.map(({ request, state }) => ({
      client: clientNameOf(request),
      feature: request.feature,
      state,
      ...(state === 'held' ? { server } : {}),
    }));
  }

  checkout(request: StandCheckout): CheckoutOutcome {
    const asked = this.#ask(request);
    const client = clientNameOf(request);
    if (asked.kind === 'denied') {
      const { refusal } = asked;
      return { client, kind: 'denied', refusal, text: errorText(refusal) };
    }
    const { kind, version, at } = asked;
    const state = kind === 'granted' ? 'held' : 'waiting';
    const borrowed = request.borrow !== undefined;
    const own = { request, state, borrowed, attempts: 0, cancelRetry: () => {} } as const;
    this.#holdings.push({ ...own, ...at });
    if (kind === 'queued') return { client, kind, ahead: aheadOf(at) };
    const server = this.#options.server.name;
    return { client, kind, vendor: at.daemon.name, version, server };
  }

  /** Along the daemons that may have the feature, until one grants or has it wait. */
  #ask(request: StandCheckout): Asked {
    const { server, clock } = this.#options;
    const refusals: Refusal[] = [];
    for (const daemon of server.candidates(request.feature, request.vendor)) {
      const command = this.#command(request);
      const last = daemon.apply(command, clock.now()).at(-1)!;
      const { session } = command;
      if (last.kind === 'seatTaken' || last.kind === 'borrowConfirmed') {
        const { handle, pool } = last;
        const { version } = pool.definition;
        return { kind: 'granted', at: { daemon, session, handle }, version };
      }
      if (last.kind === 'checkoutQueued') {
        return { kind: 'queued', at: { daemon, session, handle: last.handle }, version: '' };
      }
      if ('refusal' in last && last.refusal) refusals.push(last.refusal);
    }
    const [first = { major: -97, minor: 121 }, ...others] = refusals;
    const said = [refused('daemon', first), ...others.map((no) => refused('daemon', no))] as const;
    return { kind: 'denied', refusal: mostRelevant(said).refusal };
  }

  #command(request: StandCheckout): CheckoutCommand {
    const { feature, count, version, data, wait, borrow } = request;
    return {
      kind: 'checkout',
      session: ++this.#session,
      client: this.#client(request),
      ...{ feature, count, version, data },
      ...(wait ? { queue: 'block' as const } : {}),
      ...(borrow === undefined ? {} : { borrowUntil: this.#until(borrow) }),
    };
  }

  #until(text: string): number {
    const end = parseBorrowEnd(text, 'borrow');
    const { clock } = this.#options;
    const until = end.kind === 'after' ? clock.now() + end.seconds * 1000 : borrowEnd(end.text);
    if (until === undefined) throw new StepRefused('an end of a borrow', text);
    return until;
  }

  #client(request: StandCheckout): Client {
    const { user, host, display = '/dev/pts/1', project = '', remoteDesktop, node } = request;
    const name = clientNameOf(request);
    const pid = this.#pids.get(name) ?? FIRST_PID + this.#pids.size;
    this.#pids.set(name, pid);
    return {
      ...{ user, host, display, project, pid, platform: 'x64_lsb', hostids: [] },
      address: '127.0.0.1',
      ...(remoteDesktop === undefined ? {} : { remoteDesktop }),
      ...(node === undefined ? {} : { node }),
    };
  }

  /** What becomes of what clients hold or wait for. */
  event(daemon: LedgerDaemon, event: LedgerEvent): void {
    if (!('session' in event && 'handle' in event)) return;
    const { ticket } = event as { readonly ticket?: number };
    const holding = this.#holdings.find((each) => {
      const isIts = each.daemon === daemon && each.session === event.session;
      return isIts && each.handle === (ticket ?? event.handle);
    });
    if (holding === undefined) return;
    if (event.kind === 'seatTaken' && ticket !== undefined) {
      holding.state = 'held';
      holding.handle = event.handle;
      this.#tell(holding, `is granted what it waited for by ${this.#options.server.name}`);
    } else if (event.kind === 'checkoutDequeued' && event.refusal) {
      holding.state = 'refused';
      this.#tell(holding, `is refused what it waited for: ${errorText(event.refusal)}`);
    } else if (event.kind === 'seatReturned' && Object.hasOwn(lossReasons, event.reason)) {
      const reason = lossReasons[event.reason as keyof typeof lossReasons];
      this.#later.push(() => this.#lost(holding, reason));
    }
  }

  /** Who was idle asks again when in use; the others with the next heartbeat. As `HeldCheckout` does. */
  #lost(holding: Holding, reason: number): void {
    holding.state = 'lost';
    this.#tell(holding, `has lost it: ${errorText(refusalOfLoss(reason).refusal)}`);
    this.#leave(holding);
    if (reason === lossReasons.inactive) return;
    holding.attempts = 0;
    this.#retryIn(holding, clientContext().heartbeatIntervalMs);
  }

  #retryIn(holding: Holding, ms: number): void {
    const { clock } = this.#options;
    holding.cancelRetry = clock.schedule(clock.now() + ms, () => this.#tryAgain(holding));
  }

  #tryAgain(holding: Holding): void {
    const asked = this.#ask(holding.request);
    if (asked.kind === 'denied') {
      const delayMs = RETRY_DELAYS_MS[holding.attempts++];
      if (delayMs !== undefined) return this.#retryIn(holding, delayMs);
      return this.#tell(holding, `gives up: ${errorText(asked.refusal)}`);
    }
    Object.assign(holding, asked.at);
    holding.state = asked.kind === 'granted' ? 'held' : 'waiting';
    if (asked.kind === 'granted') {
      this.#tell(holding, `has it again, from ${this.#options.server.name}`);
    }
  }

  /** Does what clients do at once about what they heard; true when there was something. */
  react(): boolean {
    const all = this.#later.splice(0);
    for (const task of all) task();
    return all.length > 0;
  }

  checkin(who: Holder): number {
    const chosen = this.#take(who);
    for (const holding of chosen) {
      const { state, borrowed, daemon, session, handle, request } = holding;
      const now = this.#options.clock.now();
      if (borrowed) {
        const { feature } = request;
        const borrower = { user: request.user, host: request.host };
        daemon.apply({ kind: 'returnBorrow', session, feature, borrower }, now);
      } else if (state === 'held') daemon.apply({ kind: 'checkin', session, handle }, now);
      this.#leave(holding);
    }
    return chosen.length;
  }

  kill(who: Holder): number {
    const chosen = this.#take(who);
    for (const holding of chosen) this.#leave(holding);
    return chosen.length;
  }

  #leave({ daemon, session }: Holding): void {
    daemon.apply({ kind: 'disconnect', session }, this.#options.clock.now());
  }

  use(client: string, inUse: boolean): number {
    const now = this.#options.clock.now();
    const chosen = this.#holdings.filter(({ request, state, borrowed }) => {
      return state === 'held' && !borrowed && clientNameOf(request) === client;
    });
    for (const { daemon, session } of chosen) {
      if (inUse && !daemon.ledger.quiet.has(session)) continue;
      const activity = inUse ? 'active' : 'idle';
      daemon.apply({ kind: 'activity', session, activity, since: now }, now);
    }
    return chosen.length;
  }

  #take({ client, feature }: Holder): readonly Holding[] {
    const chosen = this.#holdings.filter(({ request }) => {
      const isFeature = feature === undefined || request.feature === feature;
      return isFeature && (client === undefined || clientNameOf(request) === client);
    });
    for (const each of chosen) {
      each.cancelRetry();
      this.#holdings.splice(this.#holdings.indexOf(each), 1);
    }
    return chosen;
  }

  #tell({ request }: Holding, text: string): void {
    this.#options.tell(clientNameOf(request), `${request.feature}: ${text}`);
  }
}

/** Requests before it, in the shortest of the lines it stands in. */
function aheadOf({ daemon, handle }: Place): number {
  const lines = daemon.ledger.queue.get(handle)?.pools ?? [];
  return Math.min(...lines.map(({ waiting }) => waiting!.all.size - 1));
}

function errorText(refusal: Refusal): string {
  return renderShortError(refusal, { systemText: 'none' });
}
