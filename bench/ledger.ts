import { type BenchRow, type BenchSize, perSecond, spread } from './harness.ts';
import { CounterSide, Hash, KeeperSide, LedgerSide, type Side, Work } from './ledger-sides.ts';

/**
 * decide + record against a counter in a Map, doing the same calls on the same feature names:
 * check-in of the oldest seat, checkout of a new one, with a number of seats out all the time. The
 * ratio of one run is the result; the figures per second are this machine's.
 *
 * How much more a checkout costs with more seats out and more features is told beside what it costs a counter that
 * keeps which feature each handle is of: what is out of the processor's cache is slow for anybody.
 */
export interface LedgerBenchRow {
  readonly seatsOut: number;
  readonly features: number;
  /** Seconds of one checkout or one check-in. */
  readonly ledger: number;
  readonly counter: number;
  readonly keeper: number;
}

export interface LedgerBench {
  readonly rows: readonly LedgerBenchRow[];
  /** Of every handle given and every count left. */
  readonly hash: string;
}

/** `pairs` a round. Each size is warmed up alike, so that the small one tells the truth in fewer rounds. */
const sizes = {
  small: { seatsOut: [10, 10_000], features: [1, 500], pairs: 25_000, rounds: 5 },
  full: { seatsOut: [10, 1_000, 100_000], features: [1, 5_000], pairs: 100_000, rounds: 15 },
} as const;

/** For the compiler: several pools, sessions and pages, as all sizes have. */
const warmUp = { seats: 300, features: 20, pairs: 50_000, rounds: 4 };

const MILLION = 1_000_000;
const RATIO_MIN = 0.1;
const GROWTH_MAX = 1.2;

export function measure(size: BenchSize): LedgerBench {
  const { seatsOut, features, pairs, rounds } = sizes[size];
  const hash = new Hash();
  measureWork(new Work(warmUp.seats, warmUp.features, warmUp.pairs), warmUp.rounds, hash);
  const rows = seatsOut.flatMap((seats) =>
    features.map((names) => measureWork(new Work(seats, names, pairs), rounds, hash)),
  );
  return { rows, hash: hash.text };
}

function measureWork(work: Work, rounds: number, hash: Hash): LedgerBenchRow {
  const sides = {
    ledger: new LedgerSide(work),
    counter: new CounterSide(work),
    keeper: new KeeperSide(work),
  };
  const seconds = { ledger: [] as number[], counter: [] as number[], keeper: [] as number[] };
  // The first round brings back to the cache what making the sides has put out of it.
  for (let round = -1; round < rounds; round++) {
    for (const name of ['ledger', 'counter', 'keeper'] as const) {
      const taken = timed(sides[name]);
      if (round >= 0) seconds[name].push(taken);
    }
  }
  for (const side of Object.values(sides)) side.tell(hash);
  const each = (values: readonly number[]): number => spread(values).median / (2 * work.pairs);
  return {
    seatsOut: work.seats,
    features: work.names.length,
    ledger: each(seconds.ledger),
    counter: each(seconds.counter),
    keeper: each(seconds.keeper),
  };
}

/**
 * A tenth of the counter is the bar, which a machine that does a million a second by itself need not meet; the cost
 * may grow by a fifth beside the keeper's.
 */
export function run(size: BenchSize): readonly BenchRow[] {
  const { rows, hash } = measure(size);
  const first = rows[0]!;
  const ends = [
    rows.findLast(({ features }) => features === first.features)!,
    rows.findLast(({ seatsOut }) => seatsOut === first.seatsOut)!,
    rows.at(-1)!,
  ];
  return [
    ...rows.map((row) => ({ ...costOf(row), hash })),
    ...ends.map((row) => ({ ...growthOf(first, row), hash })),
  ];
}

function costOf({ seatsOut, features, ...seconds }: LedgerBenchRow): Omit<BenchRow, 'hash'> {
  const { ledger, counter, keeper } = seconds;
  return {
    name: `ledger, ${seatsOut} seats out, ${features} features`,
    ratio: counter / ledger,
    ...(1 / ledger >= MILLION ? {} : { bar: { atLeast: RATIO_MIN } }),
    detail:
      `ours ${perSecond(1 / ledger)}, counter ${perSecond(1 / counter)}, ` +
      `counter that keeps its seats ${perSecond(1 / keeper)}`,
  };
}

function growthOf(from: LedgerBenchRow, to: LedgerBenchRow): Omit<BenchRow, 'hash'> {
  const ours = to.ledger / from.ledger;
  const keepers = to.keeper / from.keeper;
  return {
    name: `  growth to ${to.seatsOut} seats, ${to.features} features`,
    ratio: ours / keepers,
    bar: { atMost: GROWTH_MAX },
    detail: `a checkout costs ours ${ours.toFixed(2)} times as much, that counter ${keepers.toFixed(2)} times`,
  };
}

/**
 * Seconds of this process's own CPU, its collector's threads included: a busy machine must not
 * count.
 */
function timed(side: Side): number {
  const before = process.cpuUsage();
  side.round();
  const { user, system } = process.cpuUsage(before);
  return Math.max(user + system, 1) / 1e6;
}
