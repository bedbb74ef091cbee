import type { Rng } from '../../../src/base/rng.ts';
import type { EventQueue } from './event-queue.ts';

/** What clients reach of the members' machines. */
export interface ClientsWorld {
  /** Of one message. */
  readonly delay: () => number;
  /** Asks the daemon there for a seat, on the connection `session`; `none`: nobody answers. */
  readonly ask: (place: number, client: number, session: number) => 'granted' | 'denied' | 'none';
  /** The connection has ended, as that daemon hears. */
  readonly leave: (place: number, session: number) => void;
}

interface Client {
  readonly index: number;
  seat: { readonly place: number; readonly session: number } | undefined;
  /** Counts what it sets out to do: only the last goes on. */
  intent: number;
}

const CLIENTS = 5;
const MEMBERS = 3;
const RETRY_MS = 1_000;
const HOLD_MS_MAX = 20_000;
const PAUSE_MS_MAX = 5_000;
/** Until a daemon hears that a client is gone. */
const UNHEARD_MS_MAX = 5_000;

/**
 * Clients of a simulated triad, more than there are seats: each looks for the master at once, then each second, holds
 * a seat for a while and comes back for another. What a member's end takes from them they ask for again.
 */
export class SimulatedClients {
  readonly #queue: EventQueue;
  readonly #rng: Rng;
  readonly #world: ClientsWorld;
  readonly #clients: readonly Client[];
  #sessions = 0;
  #stays = false;

  constructor(queue: EventQueue, rng: Rng, world: ClientsWorld) {
    this.#queue = queue;
    this.#rng = rng;
    this.#world = world;
    this.#clients = Array.from({ length: CLIENTS }, (_, index) => {
      return { index, seat: undefined, intent: 0 };
    });
    for (const client of this.#clients) this.#setOut(client, this.#below(PAUSE_MS_MAX));
  }

  #below(bound: number): number {
    return this.#rng.below(bound + 1);
  }

  /** From here on whoever holds a seat keeps it. */
  stay(): void {
    this.#stays = true;
  }

  /** The daemon of a member has ended. */
  lost(place: number): void {
    for (const client of this.#clients) {
      if (client.seat?.place !== place) continue;
      client.seat = undefined;
      this.#setOut(client, this.#world.delay());
    }
  }

  /** A connection breaks, and its client asks anew before the daemon has heard of it. */
  breakOne(): void {
    const client = this.#rng.pick(this.#clients);
    if (client.seat === undefined) return;
    this.#end(client, this.#below(UNHEARD_MS_MAX));
    this.#setOut(client, 0);
  }

  #end(client: Client, heardInMs: number): void {
    const { place, session } = client.seat!;
    client.seat = undefined;
    this.#queue.in(heardInMs, () => this.#world.leave(place, session));
  }

  #setOut(client: Client, inMs: number): void {
    const intent = ++client.intent;
    this.#queue.in(inMs, () => this.#ask(client, intent, 0));
  }

  /** Whose license path begins where: not all meet the same member first. */
  #ask(client: Client, intent: number, tried: number): void {
    const place = (client.index + tried) % MEMBERS;
    this.#queue.in(this.#world.delay(), () => {
      if (client.intent !== intent) return;
      const session = ++this.#sessions;
      const answer = this.#world.ask(place, client.index, session);
      if (answer === 'none' && tried + 1 < MEMBERS) return this.#ask(client, intent, tried + 1);
      if (answer !== 'granted') return this.#setOut(client, RETRY_MS);
      client.seat = { place, session };
      this.#queue.in(this.#below(HOLD_MS_MAX), () => {
        if (client.intent !== intent || client.seat?.session !== session || this.#stays) return;
        this.#end(client, this.#world.delay());
        this.#setOut(client, this.#below(PAUSE_MS_MAX));
      });
    });
  }
}
