import type { EpochMs } from '../base/clock.ts';
import type { CheckoutCommand } from '../domain/ledger/commands.ts';
import type { LedgerEvent } from '../domain/ledger/events.ts';
import { type Ledger, nextDeadline } from '../domain/ledger/ledger.ts';
import type { Client } from '../domain/ledger/model.ts';
import { perform } from '../domain/ledger/performance.ts';
import type { DemandRows } from './demand/demand.ts';
import { TimeHeap } from './time-heap.ts';

/** Makes a ledger with so many seats of the feature, as it is when nothing is out. */
export type LedgerFactory = (seats: number, now: EpochMs) => Ledger;

export interface ReplayInput {
  readonly demand: DemandRows;
  readonly feature: string;
  readonly clientOf: (id: number) => Client;
}

/** How starts are served that find no seat at the first server. */
export interface ReplayWays {
  /** They wait so long for one in the daemon's queue; undefined: they go away. */
  readonly patienceMs?: number;
  /** Servers of a license search path that share the seats. */
  readonly servers?: number;
}

export interface Replayed {
  readonly seats: number;
  /** 1 for each start of the demand that was refused, or waited in vain. */
  readonly denied: Uint8Array;
  /** Starts that waited and got their seats, and how long they waited together. */
  readonly waited: number;
  readonly waitMs: number;
}

const quiet = (): void => {};

/**
 * Runs a demand through a ledger: each start asks for its seats, and gives them back when its time is over; who is
 * refused goes away. What was out when the log began is out, and nobody's start.
 */
export function replay(
  input: ReplayInput,
  newLedger: LedgerFactory,
  seats: number,
  ways: ReplayWays = {},
): Replayed {
  return new Replay(input, newLedger, seats, ways).run();
}

/** Of `seats`, those of one of several servers: the first ones have one more where they do not come out even. */
function partOf(seats: number, server: number, servers: number): number {
  return Math.floor(seats / servers) + (server < seats % servers ? 1 : 0);
}

class Replay {
  readonly #input: ReplayInput;
  readonly #seats: number;
  readonly #ledgers: readonly Ledger[];
  readonly #patienceMs: number | undefined;
  readonly #denied: Uint8Array;
  /** Rows (from 1) by the end of their time; below 0 by the end of their patience. */
  readonly #ends = new TimeHeap();
  /** Rows that wait, by the handle under which they do. */
  readonly #waiting = new Map<number, number>();
  readonly #ticketOf = new Map<number, number>();
  readonly #serverOf: Uint8Array | undefined;
  readonly #tell: (event: LedgerEvent) => void;
  #waited = 0;
  #waitMs = 0;

  constructor(input: ReplayInput, newLedger: LedgerFactory, seats: number, ways: ReplayWays) {
    const { at } = input.demand;
    const servers = ways.servers ?? 1;
    this.#input = input;
    this.#seats = seats;
    this.#patienceMs = ways.patienceMs;
    this.#ledgers = Array.from({ length: servers }, (_, server) =>
      newLedger(partOf(seats, server, servers), at[0] ?? 0),
    );
    this.#denied = new Uint8Array(at.length);
    this.#serverOf = servers === 1 ? undefined : new Uint8Array(at.length);
    this.#tell = ways.patienceMs === undefined ? quiet : (event) => this.#heard(event);
  }

  run(): Replayed {
    const { at } = this.#input.demand;
    for (let row = 0; row < at.length; row++) {
      this.#passTo(at[row]!);
      this.#ask(row, at[row]!);
    }
    while (this.#waiting.size > 0 && this.#ends.size > 0) this.#passTo(this.#ends.firstAt);
    return {
      ...{ seats: this.#seats, denied: this.#denied },
      ...{ waited: this.#waited, waitMs: this.#waitMs },
    };
  }

  #ask(row: number, now: EpochMs): void {
    const { demand, feature, clientOf } = this.#input;
    const command: CheckoutCommand = {
      kind: 'checkout',
      session: row + 1,
      client: clientOf(demand.client[row]!),
      feature,
      version: '0.0',
      count: demand.count[row]!,
      data: '',
    };
    const waits = this.#patienceMs !== undefined && demand.isInitial[row] === 0;
    const ledgers = this.#ledgers;
    for (let server = 0; server < ledgers.length; server++) {
      const asked =
        waits && ledgers.length === 1 ? { ...command, queue: 'block' as const } : command;
      const events = perform(ledgers[server]!, asked, now, this.#tell);
      const last = events[events.length - 1];
      if (last?.kind === 'seatTaken') {
        this.#ends.push(now + demand.holdMs[row]!, row + 1);
        if (this.#serverOf !== undefined) this.#serverOf[row] = server;
        return;
      }
      if (last?.kind === 'checkoutQueued') return this.#wait(row, last.handle, now);
    }
    if (demand.isInitial[row] === 0) this.#denied[row] = 1;
  }

  #wait(row: number, ticket: number, now: EpochMs): void {
    this.#waiting.set(ticket, row);
    this.#ticketOf.set(row, ticket);
    this.#ends.push(now + this.#patienceMs!, -(row + 1));
  }

  /** Who waited is served. */
  #heard(event: LedgerEvent): void {
    if (event.kind !== 'seatTaken' || event.ticket === undefined) return;
    const row = this.#waiting.get(event.ticket);
    if (row === undefined) return;
    const { at, holdMs } = this.#input.demand;
    this.#waiting.delete(event.ticket);
    this.#ticketOf.delete(row);
    this.#waited++;
    this.#waitMs += event.at - at[row]!;
    this.#ends.push(event.at + holdMs[row]!, row + 1);
  }

  #giveUp(row: number, now: EpochMs): void {
    const handle = this.#ticketOf.get(row);
    if (handle === undefined) return;
    this.#waiting.delete(handle);
    this.#ticketOf.delete(row);
    this.#denied[row] = 1;
    const command = { kind: 'leaveQueue', session: row + 1, handle } as const;
    perform(this.#ledgers[0]!, command, now, this.#tell);
  }

  /** All whose time is over by `now`, in order, and what time does by itself between them. */
  #passTo(now: EpochMs): void {
    const ends = this.#ends;
    while (ends.size > 0 && ends.firstAt <= now) {
      const at = ends.firstAt;
      this.#passTime(at);
      const item = ends.pop();
      if (item < 0) {
        this.#giveUp(-item - 1, at);
        continue;
      }
      const ledger = this.#ledgers[this.#serverOf?.[item - 1] ?? 0]!;
      perform(ledger, { kind: 'disconnect', session: item }, at, this.#tell);
    }
    this.#passTime(now);
  }

  #passTime(now: EpochMs): void {
    for (const ledger of this.#ledgers) {
      for (
        let due = nextDeadline(ledger);
        due !== undefined && due <= now;
        due = nextDeadline(ledger)
      ) {
        perform(ledger, { kind: 'timePassed' }, due, this.#tell);
      }
    }
  }
}
