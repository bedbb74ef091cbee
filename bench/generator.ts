import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import {
  alternate,
  type BenchRow,
  type BenchSize,
  hashOf,
  measuredRow,
  perSecond,
} from './harness.ts';
import { startOurs, type Target } from './targets.ts';
import { FEATURE, runPairs } from './wire-client.ts';

/**
 * What `fauxlm load` asks a server for at most, against the least that a Node client can do for the same pairs: 64
 * users that do not wait between sessions, in one thread. The difference is what planning, timing and counting cost.
 */
const sizes = {
  small: { rounds: 1, seconds: 1 },
  full: { rounds: 5, seconds: 4 },
} as const;

const USERS = 64;

export async function run(size: BenchSize): Promise<readonly BenchRow[]> {
  const { rounds, seconds } = sizes[size];
  const folder = mkdtempSync(join(tmpdir(), 'fauxlm-bench-'));
  const ours = await startOurs(folder);
  const load = { connections: USERS, inFlight: 1, durationMs: seconds * 1000 };
  try {
    await runPairs(ours.daemon, load);
    const measured = await alternate(
      rounds,
      () => sessionsPerSecond(ours, join(folder, 'load.json'), seconds),
      async () => (await runPairs(ours.daemon, load)).pairsPerSecond,
    );
    const name = `fauxlm load, ${USERS} users, one thread`;
    const row = { name, bar: { atLeast: 0.9 }, other: 'a minimal client', hash: hashOf(name) };
    return [measuredRow(row, measured, perSecond)];
  } finally {
    ours.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

/**
 * What one run of the program itself tells, without its first second: the minimal client warms up, too. Every session
 * must have got its seat and given it back.
 */
async function sessionsPerSecond(ours: Target, file: string, seconds: number): Promise<number> {
  const closed = [
    '--users',
    `${USERS}`,
    '--think',
    '0s',
    '--hold',
    '0s',
    '--duration',
    `${1 + seconds}s`,
  ];
  const plain = ['--feature', FEATURE, '--workers', '1', '--seed', '1', '--json-file', file];
  const words = ['load', '-c', `${ours.manager}@127.0.0.1`, ...closed, ...plain];
  const code = await new Promise<number | null>((done, reject) => {
    const child = spawn(process.execPath, [resolve('dist/cli/fauxlm.js'), ...words], {
      stdio: ['ignore', 'ignore', 'ignore'],
    });
    child.once('error', reject);
    child.once('close', done);
  });
  // 5: the generator was what limited the run, as it is to be here.
  if (code !== 0 && code !== 5) throw new Error(`fauxlm load ended with ${code}`);
  const told = JSON.parse(readFileSync(file, 'utf8')) as Told;
  if (told.granted === 0 || told.granted !== told.released) {
    throw new Error(`fauxlm load granted ${told.granted} and released ${told.released}`);
  }
  const { intervals, intervalMs } = told.bundle;
  if (intervalMs !== 1000) throw new Error(`fauxlm load counted by ${intervalMs} ms`);
  const granted = intervals.slice(1, 1 + seconds).reduce((sum, each) => sum + each.granted, 0);
  return granted / seconds;
}

interface Told {
  readonly granted: number;
  readonly released: number;
  readonly bundle: {
    readonly intervalMs: number;
    readonly intervals: readonly { readonly granted: number }[];
  };
}
