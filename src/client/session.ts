import type { Cancel } from '../base/clock.ts';
import type { Refusal } from '../base/refusal.ts';
import { OWN_VERSION, TELL_WALK } from '../wire/messages/index.ts';
import { type BorrowEnd, borrowFields } from './borrow-ends.ts';
import { type CheckoutRequest, checkRequest } from './checkout-request.ts';
import { noClientLog } from './client-log.ts';
import type { Connection } from './connection.ts';
import { type ClientContext, unixTime } from './context.ts';
import { type Greeted, notOurs } from './greeting.ts';
import { identifyFields } from './identity.ts';
import { type Endpoint, endpointText } from './license-path.ts';
import type { ManagerLine } from './manager-line.ts';
import { networkRefusal, PendingAnswers, type QueuePlace } from './pending-answers.ts';
import type { Received } from './received.ts';
import { isRefused, type Refused, reasonText, refused } from './refused.ts';
import { type Granted, grantIn, type Lent, loanIn, refusalUnless } from './session-answers.ts';
import {
  type QueueWish,
  queueFlags,
  type RequestFields,
  type RequestKind,
  type RequestValue,
} from './session-requests.ts';
import { checkoutWords } from './session-words.ts';

/** Bit 0 of a heartbeat: the application is in use, so the daemon's TIMEOUT does not run. */
const HEARTBEAT_IN_USE = 1;
/** What a connection that is gone answers. */
const GONE: Refusal = { major: -16, minor: 287 };
/** What a client that has left the queue hears of its request. */
const LEFT: Refusal = { major: -35, minor: 3 };

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
  readonly #answers: PendingAnswers;
  #inUse = true;
  #onSeatLost: (handle: number, reason: number) => void = () => {};
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
    this.#answers = new PendingAnswers(context.answerTimeoutMs);
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
    const at = endpointText(greeted.endpoint);
    context.log.step('daemon', `${at}: ${no ? reasonText(no) : `${vendor} answers`}`);
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

  /** Called when the daemon takes seats back without being asked, with their handle and one of `lossReasons`. */
  onSeatLost(listener: (handle: number, reason: number) => void): void {
    this.#onSeatLost = listener;
  }

  /**
   * Asks for seats. With a wish to queue it resolves when they are there, however long that takes.
   * @throws KnownError USAGE when the request cannot be put into a message.
   */
  checkout(request: CheckoutRequest, queue?: QueueWish): Promise<Granted | Refused> {
    return new Promise((resolve) => this.askSeats(request, queue, resolve));
  }

  /**
   * The same by callback, for who asks so often that promises cost too much.
   * @throws KnownError USAGE when the request cannot be put into a message.
   */
  askSeats(
    request: CheckoutRequest,
    queue: QueueWish | undefined,
    done: (answer: Granted | Refused) => void,
  ): void {
    checkRequest(request);
    const { feature, count, version, data } = request;
    const mode = queue === undefined ? 0 : queueFlags[queue.mode];
    const flags = mode | (this.#context.log.open ? TELL_WALK : 0);
    const queued = queue && ((place: QueuePlace): void => this.#waits(feature, place, queue));
    const answered = (received: Received): void => {
      const answer = grantIn(received);
      if (this.#isLogged) {
        this.#context.log.step('checkout', checkoutWords(request, answer, this));
      }
      done(answer);
    };
    const tag = this.#tagFor(answered, queued);
    if (tag === undefined) return;
    this.#send('checkout', { ownVersion: OWN_VERSION, tag, flags, count, feature, version, data });
  }

  #waits(feature: string, place: QueuePlace, { queued }: QueueWish): void {
    const line = `waits under handle ${place.handle}, ${place.ahead} before it`;
    this.#context.log.step('checkout', `${feature} of ${this.vendor}: ${line}`);
    queued(place);
  }

  /** Words that nobody reads cost a load generator a tenth of its time. */
  get #isLogged(): boolean {
    return this.#context.log !== noClientLog;
  }

  /** Gives back what `handle` names; undefined when the daemon has taken it. */
  checkin(handle: number): Promise<Refused | undefined> {
    return new Promise((resolve) => this.giveBack(handle, resolve));
  }

  /** The same by callback. */
  giveBack(handle: number, done: (no: Refused | undefined) => void): void {
    const tag = this.#tagFor((received) => {
      const no = refusalUnless('accepted', received);
      if (this.#isLogged) {
        const said = no ? reasonText(no) : 'done';
        this.#context.log.step('checkin', `handle ${handle} to ${this.vendor}: ${said}`);
      }
      done(no);
    });
    if (tag !== undefined) this.#send('checkin', { ownVersion: OWN_VERSION, tag, handle });
  }

  /** Waits no longer; undefined when the daemon knows. */
  async leaveQueue(handle: number): Promise<Refused | undefined> {
    const no = refusalUnless('accepted', await this.#ask('leaveQueue', { handle }));
    if (!no) this.#answers.leave(handle, LEFT);
    return no;
  }

  /**
   * Asks for seats to keep beyond the session.
   * @throws KnownError USAGE when the request cannot be put into a message.
   */
  async borrow(request: CheckoutRequest, end: BorrowEnd): Promise<Lent | Refused> {
    checkRequest(request);
    const { feature, count, version, data } = request;
    const fields = { ...borrowFields(end), count, feature, version, data };
    const received = await this.#ask('borrow', fields);
    const answer = loanIn(received);
    const said = answer.ok ? `lent for ${answer.secondsLeft} s` : reasonText(answer);
    this.#context.log.step('borrow', `${feature} v${version}, ${count} of ${this.vendor}: ${said}`);
    return answer;
  }

  /** Gives back what this user has borrowed of a feature on this host; undefined when the daemon has taken it. */
  async returnBorrow(feature: string): Promise<Refused | undefined> {
    const no = refusalUnless('accepted', await this.#ask('returnBorrow', { feature }));
    const said = no ? reasonText(no) : 'done';
    this.#context.log.step('borrow', `${feature} back to ${this.vendor}: ${said}`);
    return no;
  }

  /** Says whether the application is in use: from here on with every heartbeat, and at once if it is news. */
  async use(inUse: boolean): Promise<Refused | undefined> {
    if (this.#inUse === inUse) return undefined;
    this.#inUse = inUse;
    return this.heartbeat();
  }

  /** Asks for a sign of life; undefined when there is one. The session sends these by itself. */
  async heartbeat(): Promise<Refused | undefined> {
    const received = await this.#ask('heartbeat', { flags: this.#inUse ? HEARTBEAT_IN_USE : 0 });
    const no = refusalUnless('heartbeatAnswer', received);
    this.#context.log.step('heartbeat', `${this.vendor}: ${no ? reasonText(no) : 'alive'}`);
    return no;
  }

  /** Ends the conversation; the daemon frees what is still out. `onLost` is not called any more. */
  close(): void {
    this.#onLost = undefined;
    this.#end(refused('client', GONE));
  }

  async #identify(): Promise<Refused | undefined> {
    const fields = identifyFields(this.#context.identity, unixTime(this.#context));
    return refusalUnless('accepted', await this.#ask('identify', fields));
  }

  #ask<K extends RequestKind>(kind: K, fields: RequestFields<K>): Promise<Received> {
    return new Promise((resolve) => {
      const tag = this.#tagFor(resolve);
      if (tag !== undefined) this.#send(kind, { ownVersion: OWN_VERSION, tag, ...fields } as never);
    });
  }

  /** The tag of a request that is to be sent; `done` is told the answer that repeats it, or why none can come. */
  #tagFor(
    done: (received: Received) => void,
    queued?: (place: QueuePlace) => void,
  ): number | undefined {
    if (this.live) return this.#answers.await(done, queued);
    const gone = networkRefusal(this.#lost?.refusal ?? GONE);
    queueMicrotask(() => done(gone));
    return undefined;
  }

  #send<K extends RequestKind>(kind: K, value: RequestValue<K>): void {
    this.#connection.send(kind, value, unixTime(this.#context));
  }

  #receive(received: Received): void {
    if (received.kind === 'walk') return this.#tellWalk(received.value.lines);
    if (this.#answers.receive(received)) return;
    if (received.kind === 'seatLost') {
      const { handle, reason } = received.value;
      this.#context.log.step('lost', `handle ${handle} of ${this.vendor}, for reason ${reason}`);
      this.#onSeatLost(handle, reason);
    } else if (received.kind === 'granted') {
      // The answer to a checkout that was given up: nobody would ever check it in.
      void this.checkin(received.value.handle);
    }
  }

  #tellWalk(lines: readonly string[]): void {
    for (const line of lines) this.#context.log.step('serial', line);
  }

  #scheduleHeartbeat(): void {
    const { clock, heartbeatIntervalMs, assumesHeartbeats } = this.#context;
    if (assumesHeartbeats) return;
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
    this.#answers.end(why.refusal);
    this.#connection.close();
  }
}
