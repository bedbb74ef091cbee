import { parseBorrowEnd } from './borrow-ends.ts';
import type { CheckoutRequest } from './checkout-request.ts';
import { inCheckoutSpan } from './checkout-span.ts';
import type {
  BorrowOptions,
  CheckoutOptions,
  ClientBorrow,
  ClientCheckout,
  ClientEvent,
  ClientRefusal,
} from './client-answers.ts';
import { asClientRefusal } from './client-refusals.ts';
import { ClientServer } from './client-server.ts';
import type { ClientContext } from './context.ts';
import { type Endpoint, endpointText } from './license-path.ts';
import { isRefused, mostRelevant, type Refused, refused, saysUnknown } from './refused.ts';
import {
  neverOut,
  type SeatEvent,
  SeatSession,
  type Takeover,
  type Waiting,
} from './seat-session.ts';
import { servingDaemons } from './serving-daemons.ts';
import type { Granted } from './session-answers.ts';

/** Features whose daemons are remembered. */
const SERVING_MAX = 10_000;

export interface LicenseClientOptions {
  /** The manager that has answered. */
  readonly answering: Endpoint;
  /** It and, on a triad, the others, in their order. */
  readonly members: readonly Endpoint[];
  readonly vendors: readonly string[];
  readonly context: ClientContext;
  readonly onEvent?: ((event: ClientEvent) => void) | undefined;
}

/** A connected client; `connectClient` makes one. */
export class LicenseClient {
  readonly #server: ClientServer;
  readonly #vendors: readonly string[];
  readonly #context: ClientContext;
  /** Sessions by vendor, opened when first asked; a lost one is opened anew. */
  readonly #sessions = new Map<string, SeatSession>();
  /** Those on their way: checkouts at the same time share one. */
  readonly #opening = new Map<string, Promise<SeatSession | Refused>>();
  /** The daemons that have a feature, by its name. */
  readonly #serving = new Map<string, readonly string[]>();
  readonly #onEvent: (event: ClientEvent) => void;
  #closed = false;

  constructor({ answering, members, vendors, context, onEvent = () => {} }: LicenseClientOptions) {
    this.#server = new ClientServer(answering, members, context);
    this.#vendors = vendors;
    this.#context = context;
    this.#onEvent = onEvent;
  }

  /** `27000@host`: the manager that answered, of a triad the last that did. */
  get server(): string {
    return endpointText(this.#server.answering);
  }

  /** The manager's vendor daemons that may be asked, in its order. */
  get vendors(): readonly string[] {
    return this.#vendors;
  }

  /**
   * Asks for licenses of a feature. A refusal is a value; of several daemons', the most telling
   * one. With `whenInUse` it queues at the first daemon where all are in use.
   * @throws KnownError USAGE for a request that cannot be put into a message.
   */
  async checkout(
    feature: string,
    options: CheckoutOptions = {},
  ): Promise<ClientCheckout | ClientRefusal> {
    const request = requestOf(feature, options);
    const checkout = () => this.#checkout(request, options);
    return inCheckoutSpan(request, this.#server.answering, checkout);
  }

  async #checkout(
    request: CheckoutRequest,
    { whenInUse }: CheckoutOptions,
  ): Promise<ClientCheckout | ClientRefusal> {
    const outcome = await this.#ask(
      request.feature,
      (session): Promise<Granted | Refused | Waiting> => {
        if (whenInUse === 'queue') return session.enqueue(request);
        return session.checkout(request, whenInUse === 'wait' ? 'block' : undefined);
      },
    );
    if (isRefused(outcome)) return asClientRefusal(outcome);
    const { vendor, answer } = outcome;
    if (!('place' in answer)) return granted(request, vendor, answer);
    const { place, granted: turn, leave } = answer;
    return {
      ...asClientRefusal(refused('daemon', { major: -35, minor: 4 })),
      queued: {
        ...place,
        granted: turn.then((last) =>
          isRefused(last) ? asClientRefusal(last) : granted(request, vendor, last),
        ),
        leave: async () => {
          const no = await leave();
          return no && asClientRefusal(no);
        },
      },
    };
  }

  /**
   * Takes licenses along: they stay out until their end, or until `returnBorrow` where the vendor allows that.
   * Nothing is kept on this machine.
   * @throws KnownError USAGE for a request that cannot be put into a message, or an end that is none.
   */
  async borrow(feature: string, options: BorrowOptions): Promise<ClientBorrow | ClientRefusal> {
    const request = requestOf(feature, options);
    const end = parseBorrowEnd(options.until, 'until');
    const outcome = await this.#ask(feature, (session) => session.borrow(request, end));
    if (isRefused(outcome)) return asClientRefusal(outcome);
    const { vendor, answer } = outcome;
    const { until, secondsLeft } = answer;
    return { ...granted(request, vendor, answer), until, secondsLeft };
  }

  /** Gives borrowed licenses back before their end; undefined when the daemon has taken them. */
  async returnBorrow(feature: string): Promise<ClientRefusal | undefined> {
    const outcome = await this.#ask(feature, async (session) => {
      return (await session.returnBorrow(feature)) ?? { ok: true };
    });
    return isRefused(outcome) ? asClientRefusal(outcome) : undefined;
  }

  /** Asks one daemon after the other that may have a feature, until one says yes. */
  async #ask<Answer extends object>(
    feature: string,
    question: (session: SeatSession) => Promise<Answer | Refused>,
  ): Promise<{ readonly vendor: string; readonly answer: Answer } | Refused> {
    const refusals: Refused[] = [];
    for (const vendor of await this.#daemonsToAsk(feature)) {
      const session = await this.#session(vendor);
      const answer = isRefused(session) ? session : await question(session);
      if (!isRefused(answer)) return { vendor, answer };
      refusals.push(answer);
    }
    const none = refused('manager', { major: -97, minor: 121 });
    const [first = none, ...others] = refusals;
    const reported = mostRelevant([first, ...others]);
    // A daemon that no longer has it: the license files are not what they were.
    if (saysUnknown(reported)) this.#serving.delete(feature);
    return reported;
  }

  /** The daemons that have the feature by the license text, which is asked for once a feature. */
  async #daemonsToAsk(feature: string): Promise<readonly string[]> {
    if (this.#vendors.length < 2) return this.#vendors;
    const known = this.#serving.get(feature);
    if (known) return known;
    const line = await this.#server.manager();
    if (isRefused(line)) return this.#vendors;
    const serving = await servingDaemons(line, feature, this.#context);
    line.close();
    if (isRefused(serving)) return this.#vendors;
    if (serving.known) {
      if (this.#serving.size >= SERVING_MAX) this.#serving.clear();
      this.#serving.set(feature, serving.vendors);
    }
    return serving.vendors;
  }

  /** Gives licenses back; undefined when the daemon has taken them. */
  async checkin(held: ClientCheckout): Promise<ClientRefusal | undefined> {
    const session = this.#sessions.get(held.vendor);
    const no = session ? await session.checkin(held.handle) : neverOut;
    return no && asClientRefusal(no);
  }

  /** Says that the application is not in use: from here on the daemons' TIMEOUT runs. */
  idle(): Promise<ClientRefusal | undefined> {
    return this.#toAll((session) => session.idle());
  }

  /**
   * Says that the application is in use again, and checks out what TIMEOUT has taken meanwhile: a refusal when that
   * was not to be had. Source: vendors' notes on TIMEOUT.
   */
  active(): Promise<ClientRefusal | undefined> {
    return this.#toAll((session) => session.active());
  }

  /** Asks every daemon that was spoken to for a sign of life; undefined when all give it. */
  heartbeat(): Promise<ClientRefusal | undefined> {
    return this.#toAll((session) => session.heartbeat());
  }

  async #toAll(
    question: (session: SeatSession) => Promise<Refused | undefined>,
  ): Promise<ClientRefusal | undefined> {
    for (const session of this.#sessions.values()) {
      const no = await question(session);
      if (no) return asClientRefusal(no);
    }
    return undefined;
  }

  /** Disconnects; the daemons free what is still out. */
  close(): void {
    this.#closed = true;
    for (const session of this.#sessions.values()) session.close();
    this.#sessions.clear();
  }

  #session(vendor: string): Promise<SeatSession | Refused> {
    const known = this.#sessions.get(vendor);
    if (known?.live) return Promise.resolve(known);
    const onItsWay = this.#opening.get(vendor);
    if (onItsWay) return onItsWay;
    const opening = this.#openSession(vendor).finally(() => this.#opening.delete(vendor));
    this.#opening.set(vendor, opening);
    return opening;
  }

  async #openSession(vendor: string): Promise<SeatSession | Refused> {
    if (this.#closed) return refused('client', { major: -16, minor: 287 });
    const opened = await this.#server.session(vendor);
    if (isRefused(opened)) return opened;
    const session = new SeatSession(opened, this.#takeover(vendor));
    if (this.#closed) session.close();
    else this.#sessions.set(vendor, session);
    return session;
  }

  #takeover(vendor: string): Takeover | undefined {
    if (!this.#server.isTriad) return undefined;
    return {
      clock: this.#context.clock,
      reopen: () => this.#server.session(vendor),
      onEvent: (event) => this.#onEvent(eventOf(event, vendor, this.server)),
    };
  }
}

function eventOf(event: SeatEvent, vendor: string, server: string): ClientEvent {
  if (event.kind === 'regained') return { kind: event.kind, vendor, server };
  return { kind: event.kind, vendor, refusal: asClientRefusal(event.why) };
}

function requestOf(feature: string, options: CheckoutOptions): CheckoutRequest {
  const { count = 1, version = '0.0', data = '' } = options;
  return { feature, count, version, data };
}

function granted({ feature, count }: CheckoutRequest, vendor: string, answer: Granted) {
  const { handle, poolVersion } = answer;
  return { ok: true, feature, count, handle, vendor, poolVersion } as const;
}
