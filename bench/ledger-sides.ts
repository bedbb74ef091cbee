import { Rng } from '../src/base/rng.ts';
import { createLedger, decide, type Ledger, record } from '../src/domain/ledger/ledger.ts';
import type { Client } from '../src/domain/ledger/model.ts';
import type { PoolDefinition } from '../src/domain/license/pool-definition.ts';

/** The three that do the ledger bench's work: the ledger itself, and two counters in a Map. */

const now = Date.UTC(2030, 0, 7, 9);
const VERSION = '2030.0';
const CLIENTS = 100;
/** The list of features asked for is as long as a power of two, and starts over. */
const ASKED_MASK = 0xffff;

/** What is asked, in which order: the same for all sides. */
export class Work {
  readonly seats: number;
  readonly pairs: number;
  readonly names: readonly string[];
  /** The feature of each request to come, by its number modulo the list's length. */
  readonly asked: readonly string[];

  constructor(seats: number, features: number, pairs: number) {
    this.seats = seats;
    this.pairs = pairs;
    this.names = Array.from({ length: features }, (_, index) => `feature_${index}`);
    const rng = new Rng(`ledger bench ${seats} ${features}`);
    this.asked = Array.from({ length: ASKED_MASK + 1 }, () => rng.pick(this.names));
  }
}

/** Gives the oldest seat back and takes a new one, again and again. */
export interface Side {
  round(): void;
  /** Adds what it has counted. */
  tell(hash: Hash): void;
}

/** The ledger that daemons serve. */
export class LedgerSide implements Side {
  readonly #work: Work;
  readonly #ledger: Ledger;
  readonly #clients: readonly Client[];
  /** Handles out, oldest at `#next`. */
  readonly #out: number[];
  #next = 0;
  #asked = 0;

  constructor(work: Work) {
    this.#work = work;
    this.#ledger = createLedger(work.names.map(definitionOf), { vendor: 'acmed' }, now);
    this.#clients = Array.from({ length: CLIENTS }, (_, index) => clientOf(index));
    this.#out = Array.from({ length: work.seats }, (_, seat) => this.#take(seat));
  }

  round(): void {
    for (let pair = 0; pair < this.#work.pairs; pair++) {
      const slot = this.#next;
      this.#next = slot + 1 === this.#work.seats ? 0 : slot + 1;
      this.#give(slot, this.#out[slot]!);
      this.#out[slot] = this.#take(slot);
    }
  }

  tell(hash: Hash): void {
    hash.add(this.#out[0]!);
    for (const pool of this.#ledger.pools.values()) hash.add(pool.used);
  }

  /** One session a seat, as of applications that hold one license each. */
  #take(session: number): number {
    const feature = this.#work.asked[this.#asked++ & ASKED_MASK]!;
    const client = this.#clients[session % CLIENTS]!;
    const request = {
      kind: 'checkout',
      session,
      client,
      feature,
      version: VERSION,
      count: 1,
      data: '',
    } as const;
    let handle = -1;
    for (const event of decide(this.#ledger, request, now)) {
      record(this.#ledger, event);
      if (event.kind === 'seatTaken') handle = event.handle;
    }
    return handle;
  }

  #give(session: number, handle: number): void {
    for (const event of decide(this.#ledger, { kind: 'checkin', session, handle }, now)) {
      record(this.#ledger, event);
    }
  }
}

/** Counts only: whoever gives a seat back says of which feature. */
export class CounterSide implements Side {
  readonly #work: Work;
  readonly #used = new Map<string, number>();
  readonly #out: string[];
  #next = 0;
  #asked = 0;

  constructor(work: Work) {
    this.#work = work;
    this.#out = Array.from({ length: work.seats }, () => this.#take());
  }

  round(): void {
    for (let pair = 0; pair < this.#work.pairs; pair++) {
      const slot = this.#next;
      this.#next = slot + 1 === this.#work.seats ? 0 : slot + 1;
      const name = this.#out[slot]!;
      this.#used.set(name, this.#used.get(name)! - 1);
      this.#out[slot] = this.#take();
    }
  }

  tell(hash: Hash): void {
    for (const name of this.#work.names) hash.add(this.#used.get(name) ?? 0);
  }

  #take(): string {
    const name = this.#work.asked[this.#asked++ & ASKED_MASK]!;
    const used = this.#used.get(name) ?? 0;
    if (used < this.#work.seats) this.#used.set(name, used + 1);
    return name;
  }
}

/** A counter that also knows what is out: the feature of each handle, in a second Map, and nothing else. */
export class KeeperSide implements Side {
  readonly #work: Work;
  readonly #used = new Map<string, number>();
  readonly #held = new Map<number, string>();
  readonly #out: number[];
  #handle = 0;
  #next = 0;
  #asked = 0;

  constructor(work: Work) {
    this.#work = work;
    this.#out = Array.from({ length: work.seats }, () => this.#take());
  }

  round(): void {
    for (let pair = 0; pair < this.#work.pairs; pair++) {
      const slot = this.#next;
      this.#next = slot + 1 === this.#work.seats ? 0 : slot + 1;
      this.#give(this.#out[slot]!);
      this.#out[slot] = this.#take();
    }
  }

  tell(hash: Hash): void {
    hash.add(this.#held.size);
    for (const name of this.#work.names) hash.add(this.#used.get(name) ?? 0);
  }

  #take(): number {
    const name = this.#work.asked[this.#asked++ & ASKED_MASK]!;
    const used = this.#used.get(name) ?? 0;
    if (used >= this.#work.seats) return -1;
    this.#used.set(name, used + 1);
    this.#held.set(this.#handle, name);
    return this.#handle++;
  }

  #give(handle: number): void {
    const name = this.#held.get(handle)!;
    this.#held.delete(handle);
    this.#used.set(name, this.#used.get(name)! - 1);
  }
}

/** As many seats as can ever be asked of one feature, so that every request is granted. */
function definitionOf(feature: string): PoolDefinition {
  const base = { feature, vendor: 'acmed', version: VERSION } as const;
  return {
    ...base,
    id: feature,
    counted: true,
    dupGroup: { kind: 'none' },
    lines: [
      {
        kind: 'feature',
        keyword: 'INCREMENT',
        name: feature,
        vendor: base.vendor,
        version: VERSION,
        expiry: { kind: 'permanent', text: 'permanent' },
        count: 100_000,
        attributes: {},
        usable: true,
        ...{ at: { line: 1, column: 1 }, start: 0, end: 0, line: 1, lineCount: 1 },
      },
    ],
  };
}

function clientOf(index: number): Client {
  return {
    ...{ user: `user${index}`, host: `host${index}`, display: ':0', platform: 'x64_lsb' },
    ...{ pid: index, project: '', address: '127.0.0.1', hostids: [] },
  };
}

/** Of what a run has counted: the same for the same size, or the work was not. */
export class Hash {
  #state = 0x811c9dc5;

  add(value: number): void {
    this.#state = Math.imul(this.#state ^ value, 0x01000193) >>> 0;
  }

  get text(): string {
    return this.#state.toString(16).padStart(8, '0');
  }
}
