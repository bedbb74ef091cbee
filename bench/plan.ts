import { spawnSync } from 'node:child_process';
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
import { alternate, type BenchRow, type BenchSize } from './harness.ts';

/**
 * The planner's three heavy works: scanning a debug log into sessions and steps, against mawk counting words of the
 * same file; ingesting it into Parquet, against the scan; M/M/c/c through the full ledger, against the same loop with
 * a counter for policy.
 */
const sizes = {
  small: { days: 5, repeats: 1, starts: 5_000, rounds: 1 },
  full: { days: 60, repeats: 24, starts: 400_000, rounds: 5 },
} as const;

const SEATS = 50;
const LOAD = 45;
const nothing = { event: () => {}, session: () => {}, step: () => {} };

export async function run(size: BenchSize): Promise<readonly BenchRow[]> {
  const folder = mkdtempSync(join(tmpdir(), 'bench-plan-'));
  try {
    const log = join(folder, 'debug.log');
    const megabytes = writeLog(log, size);
    return [
      ...(await scanRow(log, megabytes, size)),
      await ingestRow(folder, log, megabytes, size),
      await simulationRow(size),
    ];
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

const COUNT_WORDS = '{ count[$3 " " $4]++ } END { for (word in count) n++; print n, NR }';

async function scanRow(
  log: string,
  megabytes: number,
  size: BenchSize,
): Promise<readonly BenchRow[]> {
  if (spawnSync('mawk', ['BEGIN { exit 0 }']).status !== 0) return [];
  let lines = 0;
  const { ratio, a, b } = await alternate(
    sizes[size].rounds,
    async () => {
      const begun = performance.now();
      spawnSync('mawk', [COUNT_WORDS, log]);
      return (performance.now() - begun) / 1000;
    },
    async () => {
      const scanned = await scan(log);
      lines = scanned.lines;
      return scanned.seconds;
    },
  );
  return [
    {
      name: `scanning a debug log of ${Math.round(megabytes)} MB, against mawk`,
      ratio: ratio.median,
      bar: { atLeast: 0.7 },
      detail: `ours ${Math.round(megabytes / b.median)} MB/s, mawk ${Math.round(megabytes / a.median)} MB/s`,
      hash: `${lines} lines`,
    },
  ];
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

async function simulationRow(size: BenchSize): Promise<BenchRow> {
  const { starts, rounds } = sizes[size];
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
  const { ratio, a, b } = await alternate(rounds, async () => counterLoop(demand), ours);
  const events = (2 * starts - denied) / 1e6;
  const expected = erlangB(SEATS, LOAD);
  return {
    name: `M/M/${SEATS}/${SEATS} through the ledger, against a counter`,
    ratio: ratio.median,
    bar: { atLeast: 0.1 },
    detail:
      `ours ${(events / b.median).toFixed(2)} M events/s, counter ${(events / a.median).toFixed(2)}; ` +
      `denied ${(denied / starts).toFixed(4)}, Erlang B ${expected.toFixed(4)}`,
    hash: `${denied} denied`,
  };
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
