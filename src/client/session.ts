import type { Cancel } from '../base/clock.ts';
import { KnownError } from '../base/errors.ts';
import { limits } from '../base/limits.ts';
import type { Refusal } from '../base/refusal.ts';
import type { MessageValue } from '../wire/message.ts';
import type { messages } from '../wire/messages/index.ts';
import { OWN_VERSION, TELL_WALK } from '../wire/messages/index.ts';
import type { Connection } from './connection.ts';
import { type ClientContext, unixTime } from './context.ts';
import { type Greeted, notOurs } from './greeting.ts';
import { CLIENT_VERSION } from './identity.ts';
import { type Endpoint, endpointText } from './license-path.ts';
import type { ManagerLine } from './manager-line.ts';
import type { Received } from './received.ts';
import { isRefused, type Refused, reasonText, refused, refusedBy, senseless } from './refused.ts';

/** What to check out. */
export interface CheckoutRequest {
  readonly feature: string;
  readonly count: number;
  /** A decimal number such as `2024.1`. */
  readonly version: string;
  /** The vendor's checkout data, for DUP_GROUP V; '' for none. */
  readonly data: string;
}

/** Seats that are ours while the session lives. */
export interface Granted {
  readonly ok: true;
  /** Names the checkout to its vendor daemon. */
  readonly handle: number;
  /** The version of the pool that granted. */
  readonly poolVersion: string;
}

/** Bit 0 of a heartbeat: the application is in use, so the daemon's TIMEOUT does not run. */
const HEARTBEAT_IN_USE = 1;
/** What a connection that is gone answers. */
const GONE: Refusal = { major: -16, minor: 287 };
/** Requests of one session that may wait for their answers at a time. */
const WAITING_MAX = 10_000;

type RequestKind = 'identify' | 'checkout' | 'checkin' | 'heartbeat';
type RequestFields<K extends RequestKind> = Omit<
  MessageValue<(typeof messages)[K]>,
  'ownVersion' | 'tag'
>;

/**
 * A conversation with one vendor daemon: checkouts, check-ins, heartbeats, several in flight if
 * need be. What the daemon granted is held while the connection stands. Nothing here throws for
 * what a peer does.
 */
export class LicenseSession {
  readonly vendor: string;
  /** The manager that was asked, and the daemon it led to. */
  readonly server: Endpoint;
  readonly daemon: Endpoint;
  readonly #connection: Connection;
  readonly #context: ClientContext;
  readonly #waiting = new Map<number, (received: Received) => void>();
  #tag = 0;
  #stopHeartbeats: Cancel = () => {};
  #onLost: ((why: Refused) => void) | undefined;
  #lost: Refused | undefined;

  private constructor(
    vendor: string,
    server: Endpoint,
    { endpoint, connection }: Greeted,
    context: ClientContext,
  ) {
    this.vendor = vendor;
    this.server = server;
    this.daemon = endpoint;
    this.#connection = connection;
    this.#context = context;
    this.#connection.onMessage((received) => this.#receive(received));
    this.#connection.onClose((why) => this.#lose(refused('client', why)));
  }

  /** Has the manager lead us to the vendor's daemon and tells that who we are. */
  static async open(
    vendor: string,
    line: ManagerLine,
    context: ClientContext,
  ): Promise<LicenseSession | Refused> {
    const greeted = await line.daemon(vendor);
    if (isRefused(greeted)) return greeted;
    const foreign = notOurs(greeted);
    if (foreign) {
      greeted.connection.close();
      return foreign;
    }
    const session = new LicenseSession(vendor, line.endpoint, greeted, context);
    const no = await session.#identify();
    const said = no ? reasonText(no) : `${vendor} answers`;
    context.log.step('daemon', `${endpointText(greeted.endpoint)}: ${said}`);
    if (no) {
      session.close();
      return no;
    }
    session.#scheduleHeartbeat();
    return session;
  }

  /** False once the connection is gone: nothing granted here is held any more. */
  get live(): boolean {
    return this.#lost === undefined && !this.#connection.ended;
  }

  /**
   * Called once if the connection ends, or the daemon no longer knows us; at once if it has. Not
   * after `close`.
   */
  onLost(listener: (why: Refused) => void): void {
    if (this.#lost) listener(this.#lost);
    else this.#onLost = listener;
  }

  /**
   * Asks for seats.
   * @throws KnownError USAGE when the request cannot be put into a message.
   */
  async checkout(request: CheckoutRequest): Promise<Granted | Refused> {
    checkRequest(request);
    const { feature, count, version, data } = request;
    const flags = this.#context.log.open ? TELL_WALK : 0;
    const received = await this.#ask('checkout', { flags, count, feature, version, data });
    const answer = this.#grantIn(received);
    const where = `${this.vendor} at ${endpointText(this.daemon)}`;
    const asked = `${feature} v${version}, ${count}`;
    const said = answer.ok
      ? `granted, handle ${answer.handle}, pool v${answer.poolVersion}`
      : reasonText(answer);
    this.#context.log.step('checkout', `${asked} of ${where}: ${said}`);
    return answer;
  }

  #grantIn(received: Received): Granted | Refused {
    if (received.kind === 'refused') return refusedBy(received, 'daemon');
    if (received.kind !== 'granted') {
      return senseless('client', `expected an answer to a checkout, got ${received.kind}`);
    }
    const { handle, poolVersion } = received.value;
    return { ok: true, handle, poolVersion };
  }

  /** Gives back what `handle` names; undefined when the daemon has taken it. */
  async checkin(handle: number): Promise<Refused | undefined> {
    const no = this.#acceptedIn(await this.#ask('checkin', { handle }));
    const said = no ? reasonText(no) : 'done';
    this.#context.log.step('checkin', `handle ${handle} to ${this.vendor}: ${said}`);
    return no;
  }

  /** Asks for a sign of life; undefined when there is one. The session sends these by itself. */
  async heartbeat(): Promise<Refused | undefined> {
    const received = await this.#ask('heartbeat', { flags: HEARTBEAT_IN_USE });
    const no = this.#answerOf(received, 'heartbeatAnswer');
    this.#context.log.step('heartbeat', `${this.vendor}: ${no ? reasonText(no) : 'alive'}`);
    return no;
  }

  /** Ends the conversation; the daemon frees what is still out. `onLost` is not called any more. */
  close(): void {
    this.#onLost = undefined;
    this.#end(refused('client', GONE));
  }

  async #identify(): Promise<Refused | undefined> {
    const { pid, hostids, remoteDesktop, node, ...texts } = this.#context.identity;
    const fields = {
      ...texts,
      pid,
      hostids,
      clientTime: unixTime(this.#context),
      versionMajor: CLIENT_VERSION.major,
      versionMinor: CLIENT_VERSION.minor,
      traits: [
        ...(remoteDesktop ? [{ name: 'session', value: 'remote' }] : []),
        ...(node === undefined ? [] : [{ name: 'node', value: node }]),
      ],
    };
    return this.#acceptedIn(await this.#ask('identify', fields));
  }

  #acceptedIn(received: Received): Refused | undefined {
    return this.#answerOf(received, 'accepted');
  }

  #answerOf(received: Received, expected: Received['kind']): Refused | undefined {
    if (received.kind === expected) return undefined;
    if (received.kind === 'refused') return refusedBy(received, 'daemon');
    return senseless('client', `expected ${expected}, got ${received.kind}`);
  }

  /** Sends a request under a tag of its own and waits for the answer that repeats it. */
  #ask<K extends RequestKind>(kind: K, fields: RequestFields<K>): Promise<Received> {
    if (!this.live) return Promise.resolve(networkRefusal(this.#lost?.refusal ?? GONE));
    if (this.#waiting.size >= WAITING_MAX) {
      return Promise.resolve(networkRefusal({ major: -52, minor: 2 }));
    }
    this.#tag = (this.#tag % 0xffff_ffff) + 1;
    const tag = this.#tag;
    return new Promise((resolve) => {
      const timer = setTimeout(() => {
        this.#waiting.delete(tag);
        resolve(networkRefusal({ major: -52, minor: 1 }));
      }, this.#context.answerTimeoutMs);
      this.#waiting.set(tag, (received) => {
        clearTimeout(timer);
        resolve(received);
      });
      const value = { ownVersion: OWN_VERSION, tag, ...fields };
      this.#connection.send(kind, value as never, unixTime(this.#context));
    });
  }

  #receive(received: Received): void {
    const tag = tagOf(received);
    if (received.kind === 'walk') return this.#tellWalk(received.value.lines);
    const resolve = tag === undefined ? undefined : this.#waiting.get(tag);
    if (tag !== undefined && resolve) {
      this.#waiting.delete(tag);
      resolve(received);
    } else if (received.kind === 'granted') {
      // The answer to a checkout that was given up: nobody would ever check it in.
      void this.checkin(received.value.handle);
    }
  }

  #tellWalk(lines: readonly string[]): void {
    for (const line of lines) this.#context.log.step('serial', line);
  }

  #scheduleHeartbeat(): void {
    const { clock, heartbeatIntervalMs } = this.#context;
    this.#stopHeartbeats = clock.schedule(clock.now() + heartbeatIntervalMs, () => {
      void this.#beat();
    });
  }

  async #beat(): Promise<void> {
    const no = await this.heartbeat();
    if (no) this.#lose(no);
    else if (this.live) this.#scheduleHeartbeat();
  }

  #lose(why: Refused): void {
    if (this.#lost) return;
    this.#context.log.step(
      'lost',
      `${this.vendor} at ${endpointText(this.daemon)}: ${reasonText(why)}`,
    );
    this.#end(why);
    this.#onLost?.(why);
  }

  #end(why: Refused): void {
    this.#stopHeartbeats();
    this.#lost ??= why;
    for (const resolve of this.#waiting.values()) resolve(networkRefusal(why.refusal));
    this.#waiting.clear();
    this.#connection.close();
  }
}

function networkRefusal(refusal: Refusal): Received {
  return { kind: 'refused', refusal };
}

function tagOf(received: Received): number | undefined {
  if (received.kind === 'refused') return received.tag;
  return 'tag' in received.value ? received.value.tag : undefined;
}

/**
 * What a checkout message can carry. Whether it makes sense is the daemon's business.
 * @throws KnownError USAGE
 */
export function checkRequest({ feature, count, version, data }: CheckoutRequest): void {
  if (feature === '') throw new KnownError('USAGE', 'feature: expected a name, got none');
  for (const [name, text] of Object.entries({ feature, version, data })) {
    if (text.length > limits.fieldCharactersMax) {
      const expected = `at most ${limits.fieldCharactersMax} characters`;
      throw new KnownError('USAGE', `${name}: expected ${expected}, got ${text.length}`);
    }
  }
  if (!/^\d+(\.\d*)?$|^\.\d+$/.test(version)) {
    const text = `version: expected a decimal number such as 2024.1, got "${version}"`;
    throw new KnownError('USAGE', text);
  }
  if (!Number.isInteger(count) || count < 1 || count > 0xffff_ffff) {
    throw new KnownError('USAGE', `count: expected a whole number from 1, got ${count}`);
  }
}
