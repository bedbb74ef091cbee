import { pathToFileURL } from 'node:url';
import { Rng } from '../src/base/rng.ts';
import { createLedger, decide, type Ledger, record } from '../src/domain/ledger/ledger.ts';
import type { Client } from '../src/domain/ledger/model.ts';
import type { PoolDefinition } from '../src/domain/license/pool-definition.ts';

/**
 * decide + record against a counter in a Map, doing the same calls on the same feature names:
 * check-in of the oldest seat, checkout of a new one, with a number of seats out all the time. The
 * ratio of one run is the result; the figures per second are this machine's.
 */
export interface LedgerBenchRow {
  readonly seatsOut: number;
  readonly features: number;
  /** decide + record of one checkout or one check-in, a second. */
  readonly ledgerPerSecond: number;
  readonly counterPerSecond: number;
  readonly ratio: number;
}

export interface LedgerBench {
  readonly rows: readonly LedgerBenchRow[];
  /**
   * Of every handle given and every count left: the same for the same size, or the work was not.
   */
  readonly hash: string;
}

const sizes = {
  small: { seatsOut: [10, 200], features: [1, 50], pairs: 1_000, rounds: 3 },
  full: { seatsOut: [10, 1_000, 100_000], features: [1, 5_000], pairs: 200_000, rounds: 9 },
} as const;

const now = Date.UTC(2030, 0, 7, 9);
const VERSION = '2030.0';
const CLIENTS = 100;
/** The list of features asked for is as long as a power of two, and starts over. */
const ASKED_MASK = 0xffff;

export function run(
  size: keyof typeof sizes,
  print: (line: string) => void = console.log,
): LedgerBench {
  const { seatsOut, features, pairs, rounds } = sizes[size];
  const hash = new Hash();
  const rows = seatsOut.flatMap((seats) =>
    features.map((names) => {
      const work = new Work(seats, names, pairs);
      const sides = { ledger: new LedgerSide(work, hash), counter: new CounterSide(work, hash) };
      const seconds = { ledger: [] as number[], counter: [] as number[] };
      for (let round = 0; round < rounds; round++) {
        seconds.ledger.push(timed(() => sides.ledger.round()));
        seconds.counter.push(timed(() => sides.counter.round()));
      }
      return rowOf(work, median(seconds.ledger), median(seconds.counter), print);
    }),
  );
  print(`hash ${hash.text}`);
  return { rows, hash: hash.text };
}

function rowOf(
  { seats, names, pairs }: Work,
  ledgerSeconds: number,
  counterSeconds: number,
  print: (line: string) => void,
): LedgerBenchRow {
  const row = {
    seatsOut: seats,
    features: names.length,
    ledgerPerSecond: Math.round((2 * pairs) / ledgerSeconds),
    counterPerSecond: Math.round((2 * pairs) / counterSeconds),
    ratio: counterSeconds / ledgerSeconds,
  };
  print(
    `seats out ${String(row.seatsOut).padStart(6)}  features ${String(row.features).padStart(4)}` +
      `  ledger ${String(row.ledgerPerSecond).padStart(9)}/s` +
      `  counter ${String(row.counterPerSecond).padStart(9)}/s  ratio ${row.ratio.toFixed(3)}`,
  );
  return row;
}

/** What is asked, in which order: the same for both sides. */
class Work {
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

class LedgerSide {
  readonly #work: Work;
  readonly #hash: Hash;
  readonly #ledger: Ledger;
  readonly #clients: readonly Client[];
  /** Handles out, oldest at `#next`. */
  readonly #out: number[];
  #next = 0;
  #asked = 0;

  constructor(work: Work, hash: Hash) {
    this.#work = work;
    this.#hash = hash;
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
    this.#hash.add(this.#out[0]!);
    for (const pool of this.#ledger.pools.values()) this.#hash.add(pool.used);
  }

  /** One session a seat, as of applications that hold one license each. */
  #take(session: number): number {
    const feature = this.#work.asked[this.#asked++ & ASKED_MASK]!;
    const client = this.#clients[session % CLIENTS]!;
    const kind = 'checkout';
    const request = {
      kind,
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

class CounterSide {
  readonly #work: Work;
  readonly #hash: Hash;
  readonly #used = new Map<string, number>();
  readonly #out: string[];
  #next = 0;
  #asked = 0;

  constructor(work: Work, hash: Hash) {
    this.#work = work;
    this.#hash = hash;
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
    for (const name of this.#work.names) this.#hash.add(this.#used.get(name) ?? 0);
  }

  #take(): string {
    const name = this.#work.asked[this.#asked++ & ASKED_MASK]!;
    const used = this.#used.get(name) ?? 0;
    if (used < this.#work.seats) this.#used.set(name, used + 1);
    return name;
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

class Hash {
  #state = 0x811c9dc5;

  add(value: number): void {
    this.#state = Math.imul(this.#state ^ value, 0x01000193) >>> 0;
  }

  get text(): string {
    return this.#state.toString(16).padStart(8, '0');
  }
}

/**
 * Seconds of this process's own CPU, its collector's threads included: a busy machine must not
 * count.
 */
function timed(task: () => void): number {
  const before = process.cpuUsage();
  task();
  const { user, system } = process.cpuUsage(before);
  return Math.max(user + system, 1) / 1e6;
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[values.length >> 1]!;
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) run('full');
