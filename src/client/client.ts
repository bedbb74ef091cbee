import { KnownError } from '../base/errors.ts';
import { renderShortError } from '../text/error-message.ts';
import { parseBorrowEnd } from './borrow-ends.ts';
import type { CheckoutRequest } from './checkout-request.ts';
import type {
  BorrowOptions,
  CheckoutOptions,
  ClientBorrow,
  ClientCheckout,
  ClientRefusal,
} from './client-answers.ts';
import { asClientRefusal } from './client-refusals.ts';
import { type ClientContext, clientContext } from './context.ts';
import { notOurs } from './greeting.ts';
import { type GivenIdentity, localIdentity } from './identity.ts';
import { type Endpoint, endpointText, parseLicensePath } from './license-path.ts';
import { ManagerLine } from './manager-line.ts';
import { daemonNames } from './public-commands.ts';
import { isRefused, mostRelevant, type Refused, refused, saysUnknown } from './refused.ts';
import { neverOut, SeatSession, type Waiting } from './seat-session.ts';
import { servingDaemons } from './serving-daemons.ts';
import { LicenseSession } from './session.ts';
import type { Granted } from './session-answers.ts';

export interface ConnectClientOptions extends GivenIdentity {
  /** `port@host`, `@host`, or a triad `p@h1,p@h2,p@h3`. */
  readonly server: string;
  /** The vendor daemon; without one, those of the manager's that may have a feature are asked in their order. */
  readonly vendor?: string;
  /** Clock, timeouts and log of your own; the rest has defaults. */
  readonly context?: Partial<ClientContext>;
}

/**
 * Connects to a license server of ours and stays connected: what is checked out is held until it is
 * checked in, or the client is closed.
 *
 * ```ts
 * const client = await connectClient({ server: '27000@localhost', user: 'ann', host: 'ws1' });
 * const solve = await client.checkout('solve', { version: '12.1' });
 * if (solve.ok) await client.checkin(solve);
 * else console.log(solve.refusal.major); // -4 when all are in use
 * client.close();
 * ```
 * @throws KnownError USAGE for a server text that is none; NET_UNREACHABLE or NET_TIMEOUT when no
 * manager answers there, its FlexNet code in `details.refusal`.
 */
export async function connectClient(options: ConnectClientOptions): Promise<LicenseClient> {
  const { server, vendor, user, host, display, remoteDesktop, node } = options;
  const given = {
    ...(user === undefined ? {} : { user }),
    ...(host === undefined ? {} : { host }),
    ...(display === undefined ? {} : { display }),
    ...(remoteDesktop === undefined ? {} : { remoteDesktop }),
    ...(node === undefined ? {} : { node }),
  };
  const context = clientContext({
    identity: localIdentity(process.env, given),
    ...options.context,
  });
  const [element, more] = parseLicensePath(server, {
    origin: 'server',
    platform: process.platform,
  });
  if (element?.kind !== 'servers' || more) {
    throw new KnownError('USAGE', `server: expected port@host, got "${server}"`);
  }
  const refusals: Refused[] = [];
  for (const { host: name, ports } of element.addresses) {
    for (const port of ports) {
      const endpoint = { host: name, port };
      const vendors = await vendorsOf(endpoint, vendor, context);
      if (!isRefused(vendors)) return new LicenseClient(endpoint, vendors, context);
      refusals.push(vendors);
    }
  }
  throw unreachableServer(server, refusals as [Refused, ...Refused[]]);
}

/** Asks the manager at `endpoint` for its daemons; a vendor that was named is taken at its word. */
async function vendorsOf(endpoint: Endpoint, vendor: string | undefined, context: ClientContext) {
  const line = await ManagerLine.at(endpoint, context);
  if (isRefused(line)) return line;
  const foreign = notOurs(line.greeted);
  const vendors =
    foreign ?? (vendor === undefined ? await daemonNames(line.greeted, context) : [vendor]);
  line.close();
  return vendors;
}

function unreachableServer(server: string, refusals: readonly [Refused, ...Refused[]]): KnownError {
  const { refusal, explanation = [] } = mostRelevant(refusals);
  const got = [renderShortError(refusal), ...explanation].join(' ');
  const code = refusal.major === -52 ? 'NET_TIMEOUT' : 'NET_UNREACHABLE';
  return new KnownError(code, `${server}: expected a license manager, got: ${got}`, { refusal });
}

/** Features whose daemons are remembered. */
const SERVING_MAX = 10_000;

/** A connected client; `connectClient` makes one. */
export class LicenseClient {
  readonly #endpoint: Endpoint;
  readonly #vendors: readonly string[];
  readonly #context: ClientContext;
  /** Sessions by vendor, opened when first asked; a lost one is opened anew. */
  readonly #sessions = new Map<string, SeatSession>();
  /** Those on their way: checkouts at the same time share one. */
  readonly #opening = new Map<string, Promise<SeatSession | Refused>>();
  /** The daemons that have a feature, by its name. */
  readonly #serving = new Map<string, readonly string[]>();
  #closed = false;

  constructor(endpoint: Endpoint, vendors: readonly string[], context: ClientContext) {
    this.#endpoint = endpoint;
    this.#vendors = vendors;
    this.#context = context;
  }

  /** `27000@host`: the manager that answered. */
  get server(): string {
    return endpointText(this.#endpoint);
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
    const { whenInUse } = options;
    const request = requestOf(feature, options);
    const outcome = await this.#ask(feature, (session): Promise<Granted | Refused | Waiting> => {
      if (whenInUse === 'queue') return session.enqueue(request);
      return session.checkout(request, whenInUse === 'wait' ? 'block' : undefined);
    });
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
    const line = await ManagerLine.at(this.#endpoint, this.#context);
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
    const line = await ManagerLine.at(this.#endpoint, this.#context);
    if (isRefused(line)) return line;
    const opened = await LicenseSession.open(vendor, line, this.#context);
    line.close();
    if (isRefused(opened)) return opened;
    const session = new SeatSession(opened);
    if (this.#closed) session.close();
    else this.#sessions.set(vendor, session);
    return session;
  }
}

function requestOf(feature: string, options: CheckoutOptions): CheckoutRequest {
  const { count = 1, version = '0.0', data = '' } = options;
  return { feature, count, version, data };
}

function granted({ feature, count }: CheckoutRequest, vendor: string, answer: Granted) {
  const { handle, poolVersion } = answer;
  return { ok: true, feature, count, handle, vendor, poolVersion } as const;
}
