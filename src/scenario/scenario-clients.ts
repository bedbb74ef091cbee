import { type Clock, systemClock } from '../base/clock.ts';
import { parseBorrowEnd } from '../client/borrow-ends.ts';
import type { SearchedLicense } from '../client/candidates.ts';
import { type Denied, type Grant, requestCheckout } from '../client/checkout.ts';
import { type ClientContext, clientContext } from '../client/context.ts';
import { HeldCheckout, type HeldEvent } from '../client/held-checkout.ts';
import { type PathElement, parseLicensePath } from '../client/license-path.ts';
import type { LicenseSession } from '../client/session.ts';
import type { Traffic } from '../daemon/traffic.ts';
import { renderShortError } from '../text/error-message.ts';
import { Attempts } from './attempts.ts';
import { clientNameOf, FIRST_PID } from './client-names.ts';
import type { CheckoutOutcome, Holder, StandCheckout, StandHolding } from './stand.ts';

export interface ScenarioClientsOptions {
  readonly clock: Clock;
  /** The license path to a server of the scenario, or to all of them. */
  readonly path: (server: string | undefined) => string;
  /** The server of that address, by its name in the scenario. */
  readonly nameOf: (address: string) => string;
  /** What goes on among the clients. */
  readonly traffic: Traffic;
  /** Clients that lost what they had try again only when `retry` is called. */
  readonly held?: boolean;
  /** Told what becomes of what clients hold, beyond what they were answered. */
  readonly tell: (client: string, text: string) => void;
}

/** One checkout of a client. */
interface Holding {
  readonly request: StandCheckout;
  state: StandHolding['state'];
  server?: string;
  held?: HeldCheckout;
  /** While it waits in a queue. */
  session?: LicenseSession;
  borrowed?: boolean;
}

/** The clients of a scenario: real ones, over sockets. */
export class ScenarioClients {
  readonly #options: ScenarioClientsOptions;
  readonly #holdings: Holding[] = [];
  readonly #pids = new Map<string, number>();
  readonly #attempts: Attempts;

  constructor(options: ScenarioClientsOptions) {
    this.#options = options;
    this.#attempts = new Attempts(options.traffic, options.held ?? false);
  }

  get holdings(): readonly StandHolding[] {
    return this.#holdings.map(({ request, state, server }) => ({
      client: clientNameOf(request),
      feature: request.feature,
      state,
      ...(server === undefined ? {} : { server }),
    }));
  }

  /** Asks as an application does: along the license path, until somebody grants. */
  checkout(request: StandCheckout): Promise<CheckoutOutcome> {
    const path = this.#path(request);
    const context = this.#context(request);
    const holding: Holding = { request, state: 'waiting' };
    return new Promise((resolve, reject) => {
      const wanted = wantedOf(request, (ahead, session) => {
        holding.session = session;
        this.#holdings.push(holding);
        resolve({ client: clientNameOf(request), kind: 'queued', ahead });
      });
      const hasWaited = (): boolean => holding.session !== undefined;
      requestCheckout(wanted, path, context).then((answer) => {
        if (hasWaited() && !this.#holdings.includes(holding)) {
          if (answer.ok) answer.held?.session.close();
        } else if (answer.ok) {
          this.#hold(holding, answer, { wanted, path, context, hasWaited: hasWaited() });
        } else if (hasWaited()) this.#refusedLater(holding, answer);
        resolve(this.#outcome(request, answer));
      }, reject);
    });
  }

  #hold(holding: Holding, grant: Grant, { hasWaited, ...search }: Search): void {
    holding.state = 'held';
    const server = this.#serverOf(grant);
    holding.server = server;
    delete holding.session;
    if (!hasWaited) this.#holdings.push(holding);
    else this.#tell(holding, `is granted what it waited for by ${server}`);
    if (grant.borrowed) holding.borrowed = true;
    else if (grant.held) {
      const onEvent = (event: HeldEvent): void => this.#heard(holding, event);
      const inTurn = (attempt: () => Promise<void>): Promise<void> =>
        this.#attempts.take(search.context.identity.pid, attempt);
      holding.held = new HeldCheckout(grant, { ...search, onEvent, inTurn });
    }
  }

  #heard(holding: Holding, event: HeldEvent): void {
    if (event.kind === 'regained') {
      holding.state = 'held';
      holding.server = this.#serverOf(event.grant);
      return this.#tell(holding, `has it again, from ${holding.server}`);
    }
    holding.state = 'lost';
    const why = renderShortError(event.why.refusal, { systemText: 'none' });
    this.#tell(holding, event.kind === 'lost' ? `has lost it: ${why}` : `gives up: ${why}`);
  }

  #refusedLater(holding: Holding, answer: Denied): void {
    holding.state = 'refused';
    delete holding.session;
    const why = renderShortError(answer.reported.refusal, { systemText: 'none' });
    this.#tell(holding, `is refused what it waited for: ${why}`);
  }

  #tell({ request }: Holding, text: string): void {
    this.#options.tell(clientNameOf(request), `${request.feature}: ${text}`);
  }

  #serverOf({ held, borrowed }: Grant): string {
    const { nameOf } = this.#options;
    if (borrowed) return nameOf(borrowed.server);
    return held === undefined ? 'a license file' : nameOf(`${held.session.server.port}`);
  }

  #outcome(request: StandCheckout, answer: Grant | Denied): CheckoutOutcome {
    const client = clientNameOf(request);
    if (answer.ok) {
      const { vendor, poolVersion } = answer;
      const server = this.#serverOf(answer);
      return { client, kind: 'granted', vendor, version: poolVersion, server };
    }
    const { refusal } = answer.reported;
    const text = renderShortError(refusal, { systemText: 'none' });
    return { client, kind: 'denied', refusal, text };
  }

  /** Gives back what the client holds and leaves the queues it waits in; how much that was. */
  async checkin(who: Holder): Promise<number> {
    const chosen = this.#take(who);
    for (const { held, session, borrowed, request } of chosen) {
      if (held) await held.release();
      session?.close();
      if (borrowed) await this.#returnBorrow(request);
    }
    return chosen.length;
  }

  /** Borrowed seats need a conversation of their own to be given back. */
  async #returnBorrow(request: StandCheckout): Promise<void> {
    const { connectClient } = await import('../client/client.ts');
    const { identity, ...context } = this.#context(request);
    const server = this.#options.path(request.server);
    const connected = await connectClient({ server, context: { ...context, identity } });
    await connected.returnBorrow(request.feature);
    connected.close();
  }

  /** Ends connections without a word. */
  kill(who: Holder): number {
    const chosen = this.#take(who);
    for (const { held, session } of chosen) {
      held?.grant?.held?.session.close();
      void held?.release();
      session?.close();
    }
    return chosen.length;
  }

  async use(client: string, inUse: boolean): Promise<number> {
    const sessions = this.#holdings
      .filter(({ request }) => clientNameOf(request) === client)
      .flatMap(({ held }) => held?.grant?.held?.session ?? []);
    for (const session of sessions) await session.use(inUse);
    return sessions.length;
  }

  /** Has those try again who are to. */
  retry(): Promise<void> {
    return this.#attempts.make();
  }

  closeAll(): void {
    this.kill({});
  }

  #take({ client, feature, count }: Holder): readonly Holding[] {
    const found = this.#holdings.filter(({ request }) => {
      const isFeature = feature === undefined || request.feature === feature;
      const isCount = count === undefined || request.count === count;
      return isFeature && isCount && (client === undefined || clientNameOf(request) === client);
    });
    const chosen = count === undefined ? found : found.slice(0, 1);
    for (const each of chosen) this.#holdings.splice(this.#holdings.indexOf(each), 1);
    return chosen;
  }

  #path({ server }: StandCheckout): readonly PathElement[] {
    const { platform } = process;
    return parseLicensePath(this.#options.path(server), { origin: 'the scenario', platform });
  }

  #context(request: StandCheckout): ClientContext {
    const { user, host, display = '/dev/pts/1', project = '' } = request;
    const { remoteDesktop, node, patienceMs } = request;
    const name = clientNameOf(request);
    const pid = this.#pids.get(name) ?? FIRST_PID + this.#pids.size;
    this.#pids.set(name, pid);
    return clientContext({
      clock: this.#options.clock,
      assumesHeartbeats: this.#options.clock !== systemClock,
      ...(patienceMs === undefined
        ? {}
        : { connectTimeoutMs: patienceMs, answerTimeoutMs: patienceMs }),
      log: { step: () => this.#options.traffic.stir() },
      identity: {
        ...{ user, host, display, project, pid, platform: 'x64_lsb', hostids: [] },
        ...(remoteDesktop === undefined ? {} : { remoteDesktop }),
        ...(node === undefined ? {} : { node }),
      },
    });
  }
}

interface Search {
  readonly wanted: SearchedLicense;
  readonly path: readonly PathElement[];
  readonly context: ClientContext;
  readonly hasWaited: boolean;
}

function wantedOf(
  request: StandCheckout,
  waits: (ahead: number, session: LicenseSession) => void,
): SearchedLicense {
  const { feature, count, version, data, vendor, wait, borrow } = request;
  return {
    ...{ feature, count, version, data },
    ...(vendor === undefined ? {} : { vendor }),
    ...(wait ? { wait: ({ ahead }, session) => waits(ahead, session) } : {}),
    ...(borrow === undefined ? {} : { borrow: { end: parseBorrowEnd(borrow, 'borrow') } }),
  };
}
