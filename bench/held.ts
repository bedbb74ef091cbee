import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Crew } from './crew.ts';
import {
  alternate,
  type BenchRow,
  type BenchSize,
  hashOf,
  measuredRow,
  milliseconds,
  type TableRow,
} from './harness.ts';
import { openTalkers, type Talker } from './talker.ts';
import { startBare, startOurs, type Target } from './targets.ts';
import { percentile } from './wire-client.ts';

/**
 * Thousands of applications that are open all day: each holds a connection and a seat, and sends a heartbeat every
 * two minutes. What they cost in memory, and what they cost the others.
 */
const sizes = {
  small: { held: 200, rounds: 1, samples: 300 },
  full: { held: 10_000, rounds: 7, samples: 5_000 },
} as const;

const HEARTBEAT_SECONDS = 120;
/**
 * A server takes 10,000 connections at most: those that are measured need theirs, and their successors come before it
 * has read that they are gone.
 */
const SAMPLERS = 4;
const PAUSE_MS = 1;
const MEMORY_MAX_KIB = 12;

export async function run(size: BenchSize): Promise<readonly TableRow[]> {
  if (process.platform !== 'linux') {
    return [{ name: 'held connections', skipped: 'memory is read from /proc, on Linux' }];
  }
  const folder = mkdtempSync(join(tmpdir(), 'fauxlm-bench-'));
  const [crowded, empty, bare] = [
    await startOurs(folder),
    await startOurs(folder),
    await startBare(),
  ];
  try {
    return await rowsOf({ crowded, empty, bare }, size);
  } finally {
    for (const each of [crowded, empty, bare]) each.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

interface Sides {
  readonly crowded: Target;
  readonly empty: Target;
  readonly bare: Target;
}

async function rowsOf(sides: Sides, size: BenchSize): Promise<readonly BenchRow[]> {
  const { rounds, samples } = sizes[size];
  const held = sizes[size].held - 2 * SAMPLERS;
  // Warm, so that compiled code and the heap's first growth are nobody's connection.
  for (const each of Object.values(sides)) await p99Of(each, samples);
  const bare = await kibPerConnection(sides.bare, held);
  await bare.crew.end();
  const ours = await kibPerConnection(sides.crowded, held);
  ours.crew.begin();
  try {
    const measured = await alternate(
      rounds,
      () => p99Of(sides.crowded, samples),
      () => p99Of(sides.empty, samples),
    );
    const each = `${held} held connections`;
    return [
      {
        name: `KiB per connection above bare, ${each}`,
        ratio: ours.kib - bare.kib,
        bar: { atMost: MEMORY_MAX_KIB },
        detail: `ours ${ours.kib.toFixed(2)} KiB with its seat, bare ${bare.kib.toFixed(2)} KiB`,
        hash: hashOf('memory', held),
      },
      measuredRow(
        {
          ...{ name: `checkout p99 beside ${each}`, bar: { atMost: 1.5 } },
          ...{ own: 'beside them', other: 'with none' },
          hash: hashOf('held', held, HEARTBEAT_SECONDS),
        },
        measured,
        milliseconds,
      ),
    ];
  } finally {
    await ours.crew.end();
  }
}

async function kibPerConnection(
  target: Target,
  count: number,
): Promise<{ kib: number; crew: Crew }> {
  const before = residentKib(target.pid);
  const crew = await Crew.start('held-clients.js', [target.daemon, count, HEARTBEAT_SECONDS]);
  return { kib: (residentKib(target.pid) - before) / count, crew };
}

function residentKib(pid: number): number {
  return Number(/^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))![1]);
}

/** The p99 of so many checkouts of a few clients that pause between them: a server that is not busy. */
async function p99Of(target: Target, samples: number): Promise<number> {
  const talkers = await openTalkers(target.daemon, SAMPLERS);
  const taken: number[] = [];
  await Promise.all(talkers.map((talker) => sample(talker, taken, samples / SAMPLERS)));
  for (const each of talkers) each.close();
  return percentile(taken, 0.99);
}

function sample(talker: Talker, taken: number[], count: number): Promise<void> {
  return new Promise((resolve, reject) => {
    let askedAt = 0;
    let left = count;
    const ask = (): void => {
      askedAt = performance.now();
      talker.checkout();
      talker.send();
    };
    talker.answers = {
      granted: (handle) => {
        taken.push(performance.now() - askedAt);
        talker.checkin(handle);
        talker.send();
      },
      accepted: () => {
        if (--left > 0) setTimeout(ask, PAUSE_MS);
        else resolve();
      },
      refused: () => reject(new Error('a checkout was refused')),
    };
    ask();
  });
}
