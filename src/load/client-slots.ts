import type { RunRecord } from '../report/run-record.ts';
import { SlotSessions } from './slot-sessions.ts';
import type { LoadClient, LoadTarget } from './target.ts';

/** A connection, and the sessions over it; without client once it is gone. */
export interface ClientSlot {
  client: LoadClient | undefined;
  readonly sessions: SlotSessions;
  /** Held by its user beyond any session. */
  readonly isShared: boolean;
}

type Taker = (slot: ClientSlot | undefined, code: number) => void;

/** The slot of a user whose connection is held, and who waits for it to stand. */
interface UserSlot extends ClientSlot {
  waiting: Taker[] | undefined;
}

/** Connections made at the same time before a run: more only wait in the server's backlog. */
const WARM_UP_MAX = 64;

/** The connections of one generator. */
export class ClientSlots {
  readonly #target: LoadTarget;
  readonly #record: RunRecord;
  readonly #now: () => number;
  readonly #shared = new Map<number, UserSlot>();
  readonly #all = new Set<ClientSlot>();
  #isClosed = false;

  constructor(target: LoadTarget, record: RunRecord, now: () => number) {
    this.#target = target;
    this.#record = record;
    this.#now = now;
  }

  /** Connects these users before the run begins; `done` is told the code of the first that could not, or 0. */
  warmUp(users: readonly number[], done: (code: number) => void): void {
    let next = 0;
    let open = 0;
    let firstCode = 0;
    const more = (): void => {
      while (open < WARM_UP_MAX && next < users.length && firstCode === 0 && !this.#isClosed) {
        open++;
        this.shared(users[next++]!, (slot, code) => {
          open--;
          if (slot === undefined && firstCode === 0) firstCode = code || -15;
          if (open === 0 && (next >= users.length || firstCode !== 0)) done(firstCode);
          // Not at once: a target that answers at once would deepen the stack with every user.
          else if (open < WARM_UP_MAX / 2) queueMicrotask(more);
        });
      }
    };
    if (users.length === 0) done(0);
    else more();
  }

  /** The user's own connection, if there is one. */
  standing(user: number): ClientSlot | undefined {
    const slot = this.#shared.get(user);
    return slot?.client === undefined ? undefined : slot;
  }

  /** The user's own connection, made when there is none. */
  shared(user: number, done: Taker): void {
    const slot = this.#slotOf(user);
    if (slot.client !== undefined) return done(slot, 0);
    if (slot.waiting !== undefined) {
      slot.waiting.push(done);
      return;
    }
    slot.waiting = [done];
    this.#connect(user, slot, (code) => {
      const takers = slot.waiting ?? [];
      slot.waiting = undefined;
      for (const taker of takers) taker(slot.client === undefined ? undefined : slot, code);
    });
  }

  /** A connection for one session. */
  fresh(user: number, done: Taker): void {
    const slot: ClientSlot = { client: undefined, sessions: new SlotSessions(), isShared: false };
    this.#connect(user, slot, (code) => done(slot.client === undefined ? undefined : slot, code));
  }

  /** Ends a connection of our own accord; nobody is told. */
  close(slot: ClientSlot): void {
    slot.client?.close();
    slot.client = undefined;
    this.#all.delete(slot);
  }

  /** Ends all connections at once, as a network that breaks does: their sessions are told. */
  breakAll(): void {
    for (const slot of [...this.#all]) {
      slot.client?.close();
      this.#lost(slot);
    }
  }

  /** The run is over: what still connects is closed as it comes. */
  closeAll(): void {
    this.#isClosed = true;
    for (const slot of [...this.#all]) this.close(slot);
  }

  #slotOf(user: number): UserSlot {
    let slot = this.#shared.get(user);
    if (slot === undefined) {
      const sessions = new SlotSessions();
      slot = { client: undefined, sessions, isShared: true, waiting: undefined };
      this.#shared.set(user, slot);
    }
    return slot;
  }

  #connect(user: number, slot: ClientSlot, done: (code: number) => void): void {
    const { counters, timings } = this.#record;
    const beganMs = this.#now();
    this.#target.connect(user, (client, code) => {
      if (client === undefined) {
        counters.connectErrors++;
        return done(code);
      }
      if (this.#isClosed) {
        client.close();
        return done(-16);
      }
      counters.connects++;
      timings.connect.recordMs(this.#now() - beganMs);
      slot.client = client;
      this.#all.add(slot);
      client.onLost = () => this.#lost(slot);
      client.onSeatLost = (seat) => {
        slot.sessions.all().some((session) => session.seatLost(seat));
      };
      done(0);
    });
  }

  #lost(slot: ClientSlot): void {
    slot.client = undefined;
    this.#all.delete(slot);
    this.#record.counters.drops++;
    for (const session of slot.sessions.all()) session.connectionLost();
  }
}
