import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Crew } from './crew.ts';
import {
  type BenchRow,
  type BenchSize,
  hashOf,
  measuredOf,
  measuredRow,
  milliseconds,
  perSecond,
} from './harness.ts';
import { startBare, startOurs, type Target } from './targets.ts';
import { runFresh } from './wire-client.ts';

/**
 * New clients beside a crowd: 500 connections ask a daemon as fast as they can, from a process of their own, while
 * fresh ones come to the daemon's port and to the manager's. Node accepts one connection a turn of its event loop,
 * and 500 busy ones make long turns.
 */
const sizes = {
  small: { crowd: 20, rounds: 1, durationMs: 300 },
  full: { crowd: 500, rounds: 5, durationMs: 2_000 },
} as const;

const LOOPS = 16;

export async function run(size: BenchSize): Promise<readonly BenchRow[]> {
  const folder = mkdtempSync(join(tmpdir(), 'fauxlm-bench-'));
  const ours = await startOurs(folder);
  const apart = await startOurs(folder, { processes: true });
  const bare = await startBare();
  try {
    return await rowsOf({ ours, apart, bare }, size);
  } finally {
    ours.stop();
    apart.stop();
    bare.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

interface Met {
  readonly rate: number;
  readonly p99Ms: number;
}

interface Sides {
  readonly ours: Target;
  /** Ours with the daemon in a process of its own. */
  readonly apart: Target;
  readonly bare: Target;
}

async function rowsOf(sides: Sides, size: BenchSize): Promise<readonly BenchRow[]> {
  const { ours, apart, bare } = sides;
  const { crowd, rounds, durationMs } = sizes[size];
  const met = { ours: [] as Met[], bare: [] as Met[], manager: [] as Met[] };
  /** Meets `port` of a server whose daemon has a crowd. */
  const meet = async ({ daemon }: Target, port: number, into: Met[]): Promise<void> => {
    const clients = await Crew.start('busy-clients.js', [daemon, crowd]);
    const { perSecond: rate, p99Ms } = await runFresh(port, { loops: LOOPS, durationMs });
    into.push({ rate, p99Ms });
    await clients.end();
  };
  // A round that does not count: a server takes measures against a crowd once it has met one.
  for (let round = -1; round < rounds; round++) {
    const turns = [
      () => meet(ours, ours.daemon, met.ours),
      () => meet(apart, apart.manager, met.manager),
      () => meet(bare, bare.daemon, met.bare),
    ];
    for (const turn of round % 2 === 0 ? turns : turns.reverse()) await turn();
    if (round < 0) for (const side of Object.values(met)) side.length = 0;
  }
  const against = (side: readonly Met[], of: (met: Met) => number) =>
    measuredOf(side.map(of), met.bare.map(of));
  const beside = `beside ${crowd} busy connections`;
  const row = (name: string) => ({ name, other: 'bare', hash: hashOf(name, crowd) });
  return [
    measuredRow(
      { ...row(`fresh connections ${beside}`), bar: { atLeast: 3 } },
      against(met.ours, ({ rate }) => rate),
      perSecond,
    ),
    measuredRow(
      { ...row(`  their p99`), bar: { atMost: 0.3 } },
      against(met.ours, ({ p99Ms }) => p99Ms),
      milliseconds,
    ),
    measuredRow(
      { ...row(`  the manager's redirect, daemon in its own process, p99`), bar: { atMost: 0.3 } },
      against(met.manager, ({ p99Ms }) => p99Ms),
      milliseconds,
    ),
  ];
}
