import { KnownError } from '../base/errors.ts';
import { refusalText } from '../base/flexnet-errors.ts';
import type { Refusal } from '../base/refusal.ts';
import { renderShortError } from '../text/error-message.ts';
import { type ClientContext, clientContext } from './context.ts';
import { notOurs } from './greeting.ts';
import { type GivenIdentity, localIdentity } from './identity.ts';
import { type Endpoint, endpointText, parseLicensePath } from './license-path.ts';
import { ManagerLine } from './manager-line.ts';
import { daemonNames } from './public-commands.ts';
import { isRefused, mostRelevant, type Refused, refused, saysUnknown } from './refused.ts';
import { servingDaemons } from './serving-daemons.ts';
import { LicenseSession } from './session.ts';

export interface ConnectClientOptions extends GivenIdentity {
  /** `port@host`, `@host`, or a triad `p@h1,p@h2,p@h3`. */
  readonly server: string;
  /** The vendor daemon; without one, those of the manager's that may have a feature are asked in their order. */
  readonly vendor?: string;
  /** Clock, timeouts and log of your own; the rest has defaults. */
  readonly context?: Partial<ClientContext>;
}

export interface CheckoutOptions {
  /** Licenses to take; 1 unless given. */
  readonly count?: number;
  /** The version that must be licensed; `0.0`, which every license has, unless given. */
  readonly version?: string;
  /** The vendor's checkout data (DUP_GROUP V). */
  readonly data?: string;
}

/** Licenses held: give the whole of it to `checkin`. */
export interface ClientCheckout {
  readonly ok: true;
  readonly feature: string;
  readonly count: number;
  /** Names the checkout to its vendor daemon, as lmstat shows it. */
  readonly handle: number;
  readonly vendor: string;
  /** The version of the pool that granted. */
  readonly poolVersion: string;
}

/** A no. `refusal.major` is the FlexNet code, such as -4; `text` says it in words. */
export interface ClientRefusal {
  readonly ok: false;
  readonly refusal: Refusal;
  readonly text: string;
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
  readonly #sessions = new Map<string, LicenseSession>();
  /** Those on their way: checkouts at the same time share one. */
  readonly #opening = new Map<string, Promise<LicenseSession | Refused>>();
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
   * one.
   * @throws KnownError USAGE for a request that cannot be put into a message.
   */
  async checkout(
    feature: string,
    options: CheckoutOptions = {},
  ): Promise<ClientCheckout | ClientRefusal> {
    const { count = 1, version = '0.0', data = '' } = options;
    const refusals: Refused[] = [];
    for (const vendor of await this.#daemonsToAsk(feature)) {
      const session = await this.#session(vendor);
      const answer = isRefused(session)
        ? session
        : await session.checkout({ feature, count, version, data });
      if (answer.ok) {
        const { handle, poolVersion } = answer;
        return { ok: true, feature, count, handle, vendor, poolVersion };
      }
      refusals.push(answer);
    }
    const none = refused('manager', { major: -97, minor: 121 });
    const [first = none, ...others] = refusals;
    const reported = mostRelevant([first, ...others]);
    // A daemon that no longer has it: the license files are not what they were.
    if (saysUnknown(reported)) this.#serving.delete(feature);
    return asClientRefusal(reported);
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
    const never = refused('client', { major: -41, minor: 1 });
    const no = session ? await session.checkin(held.handle) : never;
    return no && asClientRefusal(no);
  }

  /** Asks every daemon that was spoken to for a sign of life; undefined when all give it. */
  async heartbeat(): Promise<ClientRefusal | undefined> {
    for (const session of this.#sessions.values()) {
      const no = await session.heartbeat();
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

  #session(vendor: string): Promise<LicenseSession | Refused> {
    const known = this.#sessions.get(vendor);
    if (known?.live) return Promise.resolve(known);
    const onItsWay = this.#opening.get(vendor);
    if (onItsWay) return onItsWay;
    const opening = this.#openSession(vendor).finally(() => this.#opening.delete(vendor));
    this.#opening.set(vendor, opening);
    return opening;
  }

  async #openSession(vendor: string): Promise<LicenseSession | Refused> {
    if (this.#closed) return refused('client', { major: -16, minor: 287 });
    const line = await ManagerLine.at(this.#endpoint, this.#context);
    if (isRefused(line)) return line;
    const session = await LicenseSession.open(vendor, line, this.#context);
    line.close();
    if (isRefused(session)) return session;
    if (this.#closed) session.close();
    else this.#sessions.set(vendor, session);
    return session;
  }
}

function asClientRefusal({ refusal, explanation }: Refused): ClientRefusal {
  const text = explanation?.join(' ') || refusalText(refusal);
  return { ok: false, refusal, text };
}
