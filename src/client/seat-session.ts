import type { BorrowEnd } from './borrow-ends.ts';
import type { CheckoutRequest } from './checkout-request.ts';
import { HeldSeats } from './held-seats.ts';
import type { QueuePlace } from './pending-answers.ts';
import { type Refused, refused } from './refused.ts';
import type { LicenseSession, QueueMode } from './session.ts';
import type { Granted, Lent } from './session-answers.ts';

/** A request that waits in the daemon's queue, and what comes of it. */
export interface Waiting {
  readonly place: QueuePlace;
  readonly granted: Promise<Granted | Refused>;
  leave(): Promise<Refused | undefined>;
}

/** A session with what the client has out by it. */
export class SeatSession {
  readonly #session: LicenseSession;
  readonly #seats = new HeldSeats();

  constructor(session: LicenseSession) {
    this.#session = session;
    session.onSeatLost((handle, reason) => void this.#seats.lost(handle, reason));
  }

  get live(): boolean {
    return this.#session.live;
  }

  /** Resolves when the seats are there or refused, however long it has to wait for that. */
  async checkout(request: CheckoutRequest, mode?: QueueMode): Promise<Granted | Refused> {
    const wish = mode === undefined ? undefined : { mode, queued: () => {} };
    return this.#take(request, await this.#session.checkout(request, wish));
  }

  /** Resolves at once: granted, refused, or waiting. */
  enqueue(request: CheckoutRequest): Promise<Granted | Refused | Waiting> {
    return new Promise((resolve, reject) => {
      const queued = (place: QueuePlace): void => {
        resolve({ place, granted, leave: () => this.#session.leaveQueue(place.handle) });
      };
      const granted = this.#session
        .checkout(request, { mode: 'return', queued })
        .then((answer) => this.#take(request, answer));
      granted.then(resolve, reject);
    });
  }

  #take(request: CheckoutRequest, answer: Granted | Refused): Granted | Refused {
    if (answer.ok) this.#seats.granted(answer.handle, request);
    return answer;
  }

  /** Gives back what was granted under `handle`; undefined when it is back. */
  async checkin(handle: number): Promise<Refused | undefined> {
    const current = this.#seats.current(handle);
    const isLapsed = this.#seats.has(handle) && current === undefined;
    this.#seats.delete(handle);
    return isLapsed ? undefined : this.#session.checkin(current ?? handle);
  }

  heartbeat(): Promise<Refused | undefined> {
    return this.#session.heartbeat();
  }

  idle(): Promise<Refused | undefined> {
    return this.#session.use(false);
  }

  /** Says that the application is in use, and takes again what it lost while it was not. */
  async active(): Promise<Refused | undefined> {
    const no = await this.#session.use(true);
    if (no) return no;
    for (const { handle, request } of this.#seats.lapsed()) {
      const answer = await this.#session.checkout(request);
      if (!answer.ok) return answer;
      this.#seats.regained(handle, answer.handle);
    }
    return undefined;
  }

  borrow(request: CheckoutRequest, end: BorrowEnd): Promise<Lent | Refused> {
    return this.#session.borrow(request, end);
  }

  returnBorrow(feature: string): Promise<Refused | undefined> {
    return this.#session.returnBorrow(feature);
  }

  close(): void {
    this.#session.close();
  }
}

/** A check-in of what nobody was asked for. */
export const neverOut: Refused = refused('client', { major: -41, minor: 1 });
