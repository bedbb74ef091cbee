import type { Cancel, EpochMs } from '../base/clock.ts';
import type { BorrowEnd } from './borrow-ends.ts';
import type { CheckoutRequest } from './checkout-request.ts';
import type { ClientContext } from './context.ts';
import { HeldSeats } from './held-seats.ts';
import type { QueuePlace } from './pending-answers.ts';
import { isRefused, type Refused, refused } from './refused.ts';
import { Retries, TRIAD_RETRY_DELAYS_MS } from './retries.ts';
import type { LicenseSession } from './session.ts';
import type { Granted, Lent } from './session-answers.ts';
import type { QueueMode } from './session-requests.ts';

/** A request that waits in the daemon's queue, and what comes of it. */
export interface Waiting {
  readonly place: QueuePlace;
  readonly granted: Promise<Granted | Refused>;
  leave(): Promise<Refused | undefined>;
}

/** What becomes of what a client holds when the daemon that serves it goes. */
export type SeatEvent =
  | { readonly kind: 'lost'; readonly why: Refused }
  /** All of it is out again. */
  | { readonly kind: 'regained' }
  /** Some of it could not be had again; it is not asked for any more. */
  | { readonly kind: 'gaveUp'; readonly why: Refused };

/** How a session goes on when its daemon is gone: another member of the triad has one. */
export interface Takeover {
  readonly clock: ClientContext['clock'];
  readonly reopen: () => Promise<LicenseSession | Refused>;
  readonly onEvent: (event: SeatEvent) => void;
}

/**
 * A session with what the client has out by it. On a triad (`takeover`) it goes on with the next master's daemon: it
 * looks for that at once, then each second, and checks out there again, in the order in which it once checked out.
 */
export class SeatSession {
  #session: LicenseSession;
  readonly #takeover: Takeover | undefined;
  readonly #seats = new HeldSeats();
  readonly #retries = new Retries();
  #since: EpochMs = 0;
  #cancelRetry: Cancel = () => {};
  /** The attempt to go on that is being made. */
  #attempt: Promise<Refused | undefined> | undefined;
  #isOver = false;

  constructor(session: LicenseSession, takeover?: Takeover) {
    this.#session = session;
    this.#takeover = takeover;
    this.#listen(session);
  }

  #listen(session: LicenseSession): void {
    this.#since = this.#takeover?.clock.now() ?? 0;
    session.onSeatLost((handle, reason) => void this.#seats.lost(handle, reason));
    session.onLost((why) => this.#lost(why));
  }

  /** It holds what it was granted, or is about to have it again. */
  get live(): boolean {
    return !this.#isOver && (this.#takeover !== undefined || this.#session.live);
  }

  #lost(why: Refused): void {
    const { clock, onEvent } = this.#takeover ?? {};
    if (clock === undefined) {
      this.#isOver = true;
      return;
    }
    this.#seats.lostAll();
    this.#retries.lost(this.#since, clock.now());
    onEvent?.({ kind: 'lost', why });
    this.#retry(why);
  }

  #retry(why: Refused): void {
    const { clock, onEvent } = this.#takeover!;
    if (this.#isOver) return;
    this.#cancelRetry();
    const delayMs = this.#retries.next(TRIAD_RETRY_DELAYS_MS);
    if (delayMs !== undefined) {
      this.#cancelRetry = clock.schedule(clock.now() + delayMs, () => {
        void this.#goOn().then((no) => no && this.#retry(no));
      });
      return;
    }
    for (const { handle } of this.#seats.cutOff()) this.#seats.delete(handle);
    this.#isOver = !this.#session.live;
    onEvent({ kind: 'gaveUp', why });
  }

  /** Makes an attempt now, unless one is being made. */
  #goOn(): Promise<Refused | undefined> {
    this.#attempt ??= this.#takeUp().then((no) => {
      this.#attempt = undefined;
      if (no || this.#isOver) return no;
      this.#cancelRetry();
      this.#takeover!.onEvent({ kind: 'regained' });
      return undefined;
    });
    return this.#attempt;
  }

  async #takeUp(): Promise<Refused | undefined> {
    if (!this.#session.live) {
      const opened = await this.#takeover!.reopen();
      if (isRefused(opened)) return opened;
      if (this.#isOver) {
        opened.close();
        return undefined;
      }
      this.#session = opened;
      this.#listen(opened);
    }
    let last: Refused | undefined;
    for (const { handle, request } of this.#seats.cutOff()) {
      last = (await this.#takeAgain(handle, request)) ?? last;
    }
    return last;
  }

  async #takeAgain(handle: number, request: CheckoutRequest): Promise<Refused | undefined> {
    const session = this.#session;
    const answer = await session.checkout(request);
    if (!answer.ok) return answer;
    if (this.#seats.has(handle)) this.#seats.regained(handle, answer.handle);
    // The application has given it back meanwhile.
    else void session.checkin(answer.handle);
    return undefined;
  }

  /** Whoever asks while the daemon is gone looks for the next one at once, behind what is to be had again. */
  async #ready(): Promise<Refused | undefined> {
    if (this.#isOver || this.#session.live || !this.#takeover) return undefined;
    const no = await this.#goOn();
    return this.#session.live ? undefined : no;
  }

  /** Resolves when the seats are there or refused, however long it has to wait for that. */
  async checkout(request: CheckoutRequest, mode?: QueueMode): Promise<Granted | Refused> {
    const no = await this.#ready();
    if (no) return no;
    const wish = mode === undefined ? undefined : { mode, queued: () => {} };
    return this.#take(request, await this.#session.checkout(request, wish));
  }

  /** Resolves at once: granted, refused, or waiting. */
  async enqueue(request: CheckoutRequest): Promise<Granted | Refused | Waiting> {
    const no = await this.#ready();
    if (no) return no;
    const session = this.#session;
    return new Promise((resolve, reject) => {
      const queued = (place: QueuePlace): void => {
        resolve({ place, granted, leave: () => session.leaveQueue(place.handle) });
      };
      const granted = session
        .checkout(request, { mode: 'return', queued })
        .then((answer) => this.#take(request, answer));
      granted.then(resolve, reject);
    });
  }

  #take(request: CheckoutRequest, answer: Granted | Refused): Granted | Refused {
    if (!answer.ok) return answer;
    return { ...answer, handle: this.#seats.granted(answer.handle, request) };
  }

  /** Gives back what was granted under `handle`; undefined when it is back. */
  async checkin(handle: number): Promise<Refused | undefined> {
    const current = this.#seats.current(handle);
    const isKnown = this.#seats.has(handle);
    const isLapsed = isKnown && current === undefined;
    this.#seats.delete(handle);
    // What an earlier master's daemon called so may be another checkout at this one's.
    if (!isKnown && this.#takeover) return neverOut;
    return isLapsed ? undefined : this.#session.checkin(current ?? handle);
  }

  async heartbeat(): Promise<Refused | undefined> {
    return (await this.#ready()) ?? this.#session.heartbeat();
  }

  async idle(): Promise<Refused | undefined> {
    return (await this.#ready()) ?? this.#session.use(false);
  }

  /** Says that the application is in use, and takes again what it lost while it was not. */
  async active(): Promise<Refused | undefined> {
    const no = (await this.#ready()) ?? (await this.#session.use(true));
    if (no) return no;
    for (const { handle, request } of this.#seats.lapsed()) {
      const refusal = await this.#takeAgain(handle, request);
      if (refusal) return refusal;
    }
    return undefined;
  }

  async borrow(request: CheckoutRequest, end: BorrowEnd): Promise<Lent | Refused> {
    return (await this.#ready()) ?? this.#session.borrow(request, end);
  }

  async returnBorrow(feature: string): Promise<Refused | undefined> {
    return (await this.#ready()) ?? this.#session.returnBorrow(feature);
  }

  close(): void {
    this.#isOver = true;
    this.#cancelRetry();
    this.#session.close();
  }
}

/** A check-in of what nobody was asked for. */
export const neverOut: Refused = refused('client', { major: -41, minor: 1 });
