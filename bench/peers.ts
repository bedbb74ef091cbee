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
import { startBare, startOurs, type Target } from './targets.ts';

/**
 * Acquire and release of one seat, in pairs: our server, with journal and debug log on, against others that can
 * count, in the same run. A peer that is not on this machine is skipped, with what would bring it.
 */
const sizes = {
  small: { rounds: 1, durationMs: 300 },
  /** Many short rounds: ratios of single ones lie a third apart, peers' more than ours. */
  full: { rounds: 11, durationMs: 1_000 },
} as const;

interface Contest {
  readonly name: string;
  start(size: BenchSize): Promise<Peer>;
  /** The bare server is measured against it, too: what Node itself allows here, with this client. */
  readonly withBare?: true;
  /** The bar at each number of connections. */
  readonly bars: Readonly<Record<number, number>>;
}

const contests: readonly Contest[] = [
  {
    name: "mountebank's TCP imposter",
    start: (size) => startMountebank({ fetch: size === 'full' }),
    withBare: true,
    bars: { 64: 3.5 },
  },
  { name: 'Redis', start: startRedis, withBare: true, bars: { 1: 0.9, 16: 0.9, 64: 0.65 } },
  { name: 'PostgreSQL', start: startPostgres, bars: { 64: 20 } },
  { name: 'FastAPI', start: startFastApi, bars: { 64: 200 } },
];

/** Seats that 64 clients contest at once, and how often. */
const CONTESTED_SEATS = 10;
const ASKERS = 64;

export async function run(size: BenchSize): Promise<readonly TableRow[]> {
  const rows: TableRow[] = [];
  const folder = mkdtempSync(join(tmpdir(), 'fauxlm-bench-'));
  const [ours, bare] = [await startOurs(folder), await startBare()];
  try {
    for (const each of [ours, bare]) await pairsOf(each, ASKERS, 4 * sizes[size].durationMs);
    for (const contest of contests)
      rows.push(...(await contestRows(contest, { ours, bare }, size)));
    return rows;
  } finally {
    ours.stop();
    bare.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

interface Sides {
  readonly ours: Target;
  readonly bare: Target;
}

function pairsOf(target: Target, connections: number, durationMs: number): Promise<number> {
  return runDialogue(target.daemon, dialogueOfOurs, { connections, durationMs });
}

async function contestRows(
  contest: Contest,
  { ours, bare }: Sides,
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
      const load = { connections: Number(connections), atLeast };
      rows.push(await pairsRow(peer, ours, load, size));
      if (contest.withBare) rows.push(await bareRow(peer, bare, load.connections, size));
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
  const measured = await against(peer, ours, connections, size);
  const name = `pairs, ${connections} connections, ${peer.name}`;
  const row = { name, bar: { atLeast }, other: 'theirs', hash: hashOf(name, 'wrong=0') };
  return measuredRow(row, measured, perSecond);
}

/** What a Node server can do at most against that peer, with this client: it says what the bar above is worth here. */
async function bareRow(
  peer: Peer,
  bare: Target,
  connections: number,
  size: BenchSize,
): Promise<BenchRow> {
  const measured = await against(peer, bare, connections, size);
  const name = `  a bare server, ${connections} connections, against the same`;
  return measuredRow(
    { name, own: 'bare', other: 'theirs', hash: hashOf(name, peer.name) },
    measured,
    perSecond,
  );
}

async function against(peer: Peer, target: Target, connections: number, size: BenchSize) {
  const { rounds, durationMs } = sizes[size];
  // Warm on both sides: a first round is that of an interpreter, or of an empty cache.
  await peer.pairsPerSecond(connections, durationMs);
  await pairsOf(target, connections, durationMs);
  return alternate(
    rounds,
    () => pairsOf(target, connections, durationMs),
    () => peer.pairsPerSecond(connections, durationMs),
  );
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
