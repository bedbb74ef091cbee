import { ManualClock } from '../src/base/clock.ts';
import { DeadlineHeap } from '../src/base/deadline-heap.ts';
import { Rng } from '../src/base/rng.ts';
import { startServer } from '../src/daemon/server.ts';
import { alternate, type BenchRow, type BenchSize } from './harness.ts';

/**
 * 30 days of deadlines on a manual clock against draining as many entries from a plain heap. Once each deadline is
 * an appointment of its own; once a host keeps them and has one timer, set anew for each, as a vendor daemon does;
 * once they are seats that linger in a server, each decided, recorded and put into the journal.
 */
const sizes = {
  small: { deadlines: 1_000, rounds: 3 },
  full: { deadlines: 100_000, rounds: 9 },
} as const;

const DAYS_30_MS = 30 * 24 * 3_600_000;
const ATMOST = 5;
const start = Date.UTC(2030, 0, 7, 9);

export async function run(size: BenchSize): Promise<readonly BenchRow[]> {
  const { deadlines, rounds } = sizes[size];
  const rng = new Rng(`clock bench ${deadlines}`);
  const times = Array.from({ length: deadlines }, () => start + rng.below(DAYS_30_MS));
  const rows: BenchRow[] = [];
  for (const [what, work] of [
    ['appointments', appointments],
    ['deadlines, one timer', oneTimer],
  ] as const) {
    let hash = '';
    const { ratio, a, b } = await alternate(
      rounds,
      async () => {
        const { seconds, order } = work(times);
        hash = order;
        return seconds;
      },
      async () => plainHeap(times),
    );
    rows.push({
      name: `30 days of ${deadlines} ${what}`,
      ratio: ratio.median,
      bar: { atMost: ATMOST },
      detail: `ours ${ms(a.median)}, plain heap ${ms(b.median)}`,
      hash,
    });
  }
  rows.push(await serverRow(times, rounds));
  return rows;
}

/** The floor of the ratio is the plain heap's work on the same times. */
async function serverRow(times: readonly number[], rounds: number): Promise<BenchRow> {
  let hash = '';
  const ours = async (): Promise<number> => {
    const { seconds, order } = await lingeringSeats(times);
    hash = order;
    return seconds;
  };
  const { ratio, a, b } = await alternate(rounds, ours, async () => plainHeap(times));
  return {
    name: `30 days of ${times.length} lingering seats in a server`,
    ratio: ratio.median,
    detail: `ours ${ms(a.median)}, plain heap ${ms(b.median)}`,
    hash,
  };
}

/** Seats that as many people left over 30 days come back over the next 30. */
async function lingeringSeats(times: readonly number[]): Promise<Drained> {
  const text = `SERVER this_host ANY\nVENDOR acmed\nINCREMENT solve acmed 1.0 permanent ${times.length} LINGER=${DAYS_30_MS / 1_000} SIGN=00\n`;
  const clock = new ManualClock(start);
  const licenses = [{ name: 'bench.lic', text }];
  // Taken, left, back.
  const journalEventsMax = 4 * times.length;
  const server = await startServer({ licenses, port: 0, clock, journalEventsMax });
  const daemon = server.daemon('acmed')!;
  for (const [index, at] of times.toSorted((a, b) => a - b).entries()) {
    clock.set(at);
    const session = index + 1;
    const client = { ...person, user: `user${index}` };
    const checkout = { kind: 'checkout', session, client, feature: 'solve' } as const;
    daemon.apply({ ...checkout, version: '1.0', count: 1, data: '' });
    daemon.apply({ kind: 'disconnect', session });
  }
  clock.set(start + DAYS_30_MS);
  const before = process.cpuUsage();
  await server.clock.advance('30d');
  await server.clock.advance('1m');
  const { user, system } = process.cpuUsage(before);
  const order = new Order();
  let back = 0;
  for (const { event } of server.journal.entries()) {
    if (event.kind !== 'seatReturned' || event.at < start + DAYS_30_MS) continue;
    back++;
    order.add(event.at);
  }
  await server.stop();
  if (back !== times.length) throw new Error(`${back} of ${times.length} seats came back`);
  return { seconds: (user + system) / 1e6, order: order.text };
}

const person = {
  ...{ host: 'ws1', display: ':0', platform: 'x64_lsb', pid: 1, project: '' },
  ...{ address: '127.0.0.1', hostids: [] },
};

function appointments(times: readonly number[]): Drained {
  const clock = new ManualClock(start);
  const order = new Order();
  for (const at of times) clock.schedule(at, () => order.add(clock.now()));
  return { seconds: timed(() => clock.advance(DAYS_30_MS)), order: order.text };
}

function oneTimer(times: readonly number[]): Drained {
  const clock = new ManualClock(start);
  const order = new Order();
  const deadlines = new DeadlineHeap<number>();
  for (const at of times) deadlines.add(at, at);
  const arm = (): void => {
    const { first } = deadlines;
    if (first !== undefined) clock.schedule(first.at, lapse);
  };
  const lapse = (): void => {
    for (const deadline of deadlines.due(clock.now())) {
      order.add(deadline.at);
      deadlines.remove(deadline);
    }
    arm();
  };
  arm();
  return { seconds: timed(() => clock.advance(DAYS_30_MS)), order: order.text };
}

interface Drained {
  readonly seconds: number;
  readonly order: string;
}

/** The floor: a binary heap as a textbook has it, filled before the clock starts, and drained. */
function plainHeap(times: readonly number[]): number {
  const heap = new PlainHeap();
  for (const at of times) heap.push({ at });
  const order = new Order();
  return timed(() => {
    for (let next = heap.pop(); next !== undefined; next = heap.pop()) order.add(next.at);
  });
}

class PlainHeap {
  readonly #entries: { readonly at: number }[] = [];

  push(entry: { readonly at: number }): void {
    const entries = this.#entries;
    let slot = entries.push(entry) - 1;
    while (slot > 0) {
      const above = (slot - 1) >> 1;
      if (entries[above]!.at <= entry.at) break;
      entries[slot] = entries[above]!;
      slot = above;
    }
    entries[slot] = entry;
  }

  pop(): { readonly at: number } | undefined {
    const entries = this.#entries;
    const first = entries[0];
    const last = entries.pop();
    if (last === undefined || entries.length === 0) return first;
    let slot = 0;
    for (;;) {
      let below = 2 * slot + 1;
      if (below >= entries.length) break;
      if (below + 1 < entries.length && entries[below + 1]!.at < entries[below]!.at) below++;
      if (entries[below]!.at >= last.at) break;
      entries[slot] = entries[below]!;
      slot = below;
    }
    entries[slot] = last;
    return first;
  }
}

/** A number that only the same times in the same order give. */
class Order {
  #state = 0x811c9dc5;

  add(at: number): void {
    this.#state = Math.imul(this.#state ^ (at - start), 0x01000193) >>> 0;
  }

  get text(): string {
    return this.#state.toString(16).padStart(8, '0');
  }
}

/** Seconds of this process's own CPU: a busy machine must not count. */
function timed(task: () => void): number {
  const before = process.cpuUsage();
  task();
  const { user, system } = process.cpuUsage(before);
  return Math.max(user + system, 1) / 1e6;
}

function ms(seconds: number): string {
  return `${(seconds * 1_000).toFixed(1)} ms`;
}
