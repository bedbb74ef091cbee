import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  alternate,
  type BenchRow,
  type BenchSize,
  hashOf,
  measuredRow,
  perSecond,
  type TableRow,
} from './harness.ts';
import { grantsAtOnce } from './oversell.ts';
import { runDialogue } from './peers/dialogue.ts';
import { startFastApi } from './peers/fastapi.ts';
import { startMountebank } from './peers/mountebank.ts';
import { dialogueOfOurs } from './peers/ours.ts';
import { type Peer, PeerMissing } from './peers/peer.ts';
import { startPostgres } from './peers/postgres.ts';
import { startRedis } from './peers/redis.ts';
import { startOurs, type Target } from './targets.ts';

/**
 * Acquire and release of one seat, in pairs: our server, with journal and debug log on, against others that can
 * count, in the same run. A peer that is not on this machine is skipped, with what would bring it.
 */
const sizes = {
  small: { rounds: 1, durationMs: 300 },
  full: { rounds: 5, durationMs: 2_000 },
} as const;

interface Contest {
  readonly name: string;
  start(size: BenchSize): Promise<Peer>;
  /** The bar at each number of connections. */
  readonly bars: Readonly<Record<number, number>>;
}

const contests: readonly Contest[] = [
  {
    name: "mountebank's TCP imposter",
    start: (size) => startMountebank({ fetch: size === 'full' }),
    bars: { 64: 3.5 },
  },
  { name: 'Redis', start: startRedis, bars: { 1: 0.9, 16: 0.9, 64: 0.65 } },
  { name: 'PostgreSQL', start: startPostgres, bars: { 64: 20 } },
  { name: 'FastAPI', start: startFastApi, bars: { 64: 200 } },
];

/** Seats that 64 clients contest at once, and how often. */
const CONTESTED_SEATS = 10;
const ASKERS = 64;

export async function run(size: BenchSize): Promise<readonly TableRow[]> {
  const rows: TableRow[] = [];
  const folder = mkdtempSync(join(tmpdir(), 'fauxlm-bench-'));
  const ours = await startOurs(folder);
  try {
    await pairsOfOurs(ours, ASKERS, 4 * sizes[size].durationMs);
    for (const contest of contests) rows.push(...(await contestRows(contest, ours, size)));
    return rows;
  } finally {
    ours.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

function pairsOfOurs(ours: Target, connections: number, durationMs: number): Promise<number> {
  return runDialogue(ours.daemon, dialogueOfOurs, { connections, durationMs });
}

async function contestRows(
  contest: Contest,
  ours: Target,
  size: BenchSize,
): Promise<readonly TableRow[]> {
  let peer: Peer;
  try {
    peer = await contest.start(size);
  } catch (error) {
    if (!(error instanceof PeerMissing)) throw error;
    return [{ name: `pairs against ${contest.name}`, skipped: error.message }];
  }
  try {
    const rows: BenchRow[] = [];
    for (const [connections, atLeast] of Object.entries(contest.bars)) {
      rows.push(await pairsRow(peer, ours, { connections: Number(connections), atLeast }, size));
    }
    if (peer.grantsAtOnce !== undefined) rows.push(await oversoldRow(peer.grantsAtOnce, size));
    return rows;
  } finally {
    await peer.stop();
  }
}

async function pairsRow(
  peer: Peer,
  ours: Target,
  { connections, atLeast }: { readonly connections: number; readonly atLeast: number },
  size: BenchSize,
): Promise<BenchRow> {
  const { rounds, durationMs } = sizes[size];
  // Warm on both sides: a first round is that of an interpreter, or of an empty cache.
  await peer.pairsPerSecond(connections, durationMs);
  await pairsOfOurs(ours, connections, durationMs);
  const measured = await alternate(
    rounds,
    () => pairsOfOurs(ours, connections, durationMs),
    () => peer.pairsPerSecond(connections, durationMs),
  );
  const name = `pairs, ${connections} connections, ${peer.name}`;
  const row = { name, bar: { atLeast }, other: 'theirs', hash: hashOf(name, 'wrong=0') };
  return measuredRow(row, measured, perSecond);
}

/** How many more than there are get a seat when 64 ask for one of ten: of ours none, whatever theirs does. */
async function oversoldRow(
  theirGrants: NonNullable<Peer['grantsAtOnce']>,
  size: BenchSize,
): Promise<BenchRow> {
  const folder = mkdtempSync(join(tmpdir(), 'fauxlm-bench-'));
  const ours = await startOurs(folder, { seats: CONTESTED_SEATS });
  try {
    let [oursOver, theirsOver] = [0, 0];
    for (let round = 0; round < sizes[size].rounds; round++) {
      oursOver += (await grantsAtOnce(ours, ASKERS)) - CONTESTED_SEATS;
      theirsOver += (await theirGrants(ASKERS, CONTESTED_SEATS)) - CONTESTED_SEATS;
    }
    const name = `oversold, ${ASKERS} at once on ${CONTESTED_SEATS} seats`;
    return {
      name,
      ratio: oursOver,
      bar: { exactly: 0 },
      detail: `ours ${oursOver}, the FastAPI service ${theirsOver} in ${sizes[size].rounds} times`,
      hash: hashOf(name, `${oursOver}`),
    };
  } finally {
    ours.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}
