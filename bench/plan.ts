import { closeSync, mkdtempSync, openSync, rmSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Rng } from '../src/base/rng.ts';
import { exponential } from '../src/domain/workload/distributions.ts';
import { clientsOf } from '../src/plan/clients.ts';
import { erlangB } from '../src/plan/estimate/erlang.ts';
import { PlanLicenses } from '../src/plan/feature-license.ts';
import { generatedLog } from '../src/plan/generate/generate.ts';
import { readLogs } from '../src/plan/log-set.ts';
import { type ReplayInput, replay } from '../src/plan/replay-ledger.ts';
import { ingestLogs } from '../src/plan/store/ingest.ts';
import { TimeHeap } from '../src/plan/time-heap.ts';
import { alternate, type BenchRow, type BenchSize, type TableRow } from './harness.ts';
import { PeerMissing } from './peers/peer.ts';
import { type LogReading, mawk, python, readline, scanMemory, simpyEvents } from './plan-peers.ts';
import { yearRows } from './plan-year.ts';

/**
 * The planner's heavy works: scanning a debug log into sessions and steps, against other programs that read the same
 * file; ingesting it into Parquet, against the scan; M/M/c/c through the full ledger, against the same loop with a
 * counter for policy and against SimPy; a site's year from its log to the answer.
 */
const sizes = {
  small: { days: 5, repeats: 1, starts: 5_000, rounds: 1, simpyStarts: 1_000 },
  full: { days: 60, repeats: 5, starts: 400_000, rounds: 5, simpyStarts: 40_000 },
} as const;

/** Who else reads the log: how many times as fast ours is to be. */
const readers: readonly { readonly name: string; readonly times: LogReading; bar: number }[] = [
  { name: 'mawk', times: mawk, bar: 0.7 },
  { name: "Node's readline", times: readline, bar: 2.5 },
  { name: 'Python', times: python, bar: 6 },
];

const SEATS = 50;
const LOAD = 45;
const nothing = { event: () => {}, session: () => {}, step: () => {} };

export async function run(size: BenchSize): Promise<readonly TableRow[]> {
  const folder = mkdtempSync(join(tmpdir(), 'bench-plan-'));
  try {
    const log = join(folder, 'debug.log');
    const megabytes = writeLog(log, size);
    const rows: TableRow[] = [];
    for (const reader of readers) {
      const name = `scanning a debug log of ${Math.round(megabytes)} MB, against ${reader.name}`;
      rows.push(await unlessMissing(name, () => scanRow(name, reader, { log, megabytes }, size)));
    }
    const peak = await scanMemory(log);
    rows.push({
      ...{ name: 'memory of that scan, MiB', ratio: peak, bar: { atMost: 100 } },
      ...{ detail: 'peak of a process of its own', hash: 'one scan' },
    });
    rows.push(await ingestRow(folder, log, megabytes, size), ...(await simulationRows(size)));
    return [...rows, ...(await yearRows(folder, size))];
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** The same months again and again: what is scanned is as long as it has to be. */
function writeLog(path: string, size: BenchSize): number {
  const { days, repeats } = sizes[size];
  const pieces = generatedLog({
    ...{ calendar: 'steady', feature: 'solve', daemon: 'acmed', host: 'alpha', seats: 800 },
    ...{ users: 1_000, perHour: 700, holdMs: 2_700_000, start: Date.UTC(2026, 0, 5), days },
    ...{ restarts: 1, seed: 'bench' },
  });
  const text = Buffer.from([...pieces].join(''));
  const file = openSync(path, 'w');
  for (let repeat = 0; repeat < repeats; repeat++) writeSync(file, text);
  closeSync(file);
  return (text.length * repeats) / 1e6;
}

async function scan(log: string): Promise<{ readonly seconds: number; readonly lines: number }> {
  const begun = performance.now();
  const { logs } = await readLogs([log], () => nothing, { timeZone: 'UTC' });
  const lines = logs.reduce((sum, { scanner }) => sum + scanner.counts.lines, 0);
  return { seconds: (performance.now() - begun) / 1000, lines };
}

async function unlessMissing(name: string, row: () => Promise<BenchRow>): Promise<TableRow> {
  try {
    return await row();
  } catch (error) {
    if (error instanceof PeerMissing) return { name, skipped: error.message };
    throw error;
  }
}

async function scanRow(
  name: string,
  reader: (typeof readers)[number],
  { log, megabytes }: { readonly log: string; readonly megabytes: number },
  size: BenchSize,
): Promise<BenchRow> {
  let lines = 0;
  const { ratio, a, b } = await alternate(
    sizes[size].rounds,
    () => reader.times(log),
    async () => {
      const scanned = await scan(log);
      lines = scanned.lines;
      return scanned.seconds;
    },
  );
  const speed = (seconds: number): string => `${Math.round(megabytes / seconds)} MB/s`;
  return {
    ...{ name, ratio: ratio.median, bar: { atLeast: reader.bar } },
    detail: `ours ${speed(b.median)}, theirs ${speed(a.median)}`,
    hash: `${lines} lines`,
  };
}

async function ingestRow(
  folder: string,
  log: string,
  megabytes: number,
  size: BenchSize,
): Promise<BenchRow> {
  let round = 0;
  let rows = '';
  const { ratio, a } = await alternate(
    sizes[size].rounds,
    async () => {
      const begun = performance.now();
      const to = join(folder, `db${round++}`);
      const { logs } = await ingestLogs({ logs: [log], folder: to, site: 'main', timeZone: 'UTC' });
      rows = `${logs[0]!.rows.sessions} sessions`;
      return (performance.now() - begun) / 1000;
    },
    async () => (await scan(log)).seconds,
  );
  return {
    name: 'ingesting it into Parquet, against the scan',
    ratio: ratio.median,
    bar: { atMost: 3 },
    detail: `${Math.round(megabytes / a.median)} MB/s`,
    hash: rows,
  };
}

/** Arrivals of a Poisson process, exponential holding times: `LOAD` erlang. */
function arrivals(starts: number): ReplayInput['demand'] {
  const rng = new Rng('bench M/M/c/c');
  const at = new Float64Array(starts);
  const holdMs = new Float64Array(starts);
  let now = Date.UTC(2026, 0, 5);
  for (let row = 0; row < starts; row++) {
    now += (exponential(rng) * 3_600_000) / LOAD;
    at[row] = now;
    holdMs[row] = exponential(rng) * 3_600_000;
  }
  const client = Int32Array.from(at, (_, row) => row % 997);
  return {
    at,
    holdMs,
    client,
    count: new Int32Array(starts).fill(1),
    isInitial: new Uint8Array(starts),
  };
}

async function simulationRows(size: BenchSize): Promise<readonly TableRow[]> {
  const { starts, rounds, simpyStarts } = sizes[size];
  const demand = arrivals(starts);
  const license = new PlanLicenses({ licenses: [], options: {} }, 0).of('solve', 'acmed');
  const clientOf = clientsOf((id) => ({ user: `user${id}`, host: `host${id}` }));
  let denied = 0;
  const ours = async (): Promise<number> => {
    const begun = performance.now();
    const replayed = replay({ demand, feature: 'solve', clientOf }, license.newLedger, SEATS);
    denied = replayed.denied.reduce((sum, each) => sum + each, 0);
    return (performance.now() - begun) / 1000;
  };
  await ours();
  const events = (2 * starts - denied) / 1e6;
  const model = `M/M/${SEATS}/${SEATS} through the ledger`;
  const shown = `denied ${(denied / starts).toFixed(4)}, Erlang B ${erlangB(SEATS, LOAD).toFixed(4)}`;
  const row = (name: string, ratio: number, atLeast: number, sides: string): BenchRow => ({
    ...{ name, ratio, bar: { atLeast }, detail: `${sides}; ${shown}`, hash: `${denied} denied` },
  });
  const speed = (seconds: number): string => `${(events / seconds).toFixed(2)} M events/s`;
  const counter = await alternate(rounds, async () => counterLoop(demand), ours);
  const simpyName = `${model}, against SimPy`;
  return [
    row(
      ...([`${model}, against a counter`, counter.ratio.median, 0.1] as const),
      `ours ${speed(counter.b.median)}, counter ${speed(counter.a.median)}`,
    ),
    await unlessMissing(simpyName, async () => {
      const simpy = async (): Promise<number> =>
        (events * 1e6) / (await simpyEvents(SEATS, LOAD, simpyStarts));
      const { ratio, a, b } = await alternate(rounds, simpy, ours);
      return row(simpyName, ratio.median, 8, `ours ${speed(b.median)}, SimPy ${speed(a.median)}`);
    }),
  ];
}

/** The same loop on the same heap, with a counter where the ledger is. */
function counterLoop({ at, holdMs }: ReplayInput['demand']): number {
  const begun = performance.now();
  const ends = new TimeHeap();
  let free = SEATS;
  for (let row = 0; row < at.length; row++) {
    while (ends.size > 0 && ends.firstAt <= at[row]!) {
      ends.pop();
      free++;
    }
    if (free === 0) continue;
    free--;
    ends.push(at[row]! + holdMs[row]!, row);
  }
  return (performance.now() - begun) / 1000;
}
