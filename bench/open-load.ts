import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Rng } from '../src/base/rng.ts';
import { exponential } from '../src/domain/workload/distributions.ts';
import {
  alternate,
  type BenchRow,
  type BenchSize,
  hashOf,
  measuredRow,
  milliseconds,
  perSecond,
} from './harness.ts';
import { openTalkers, type Talker } from './talker.ts';
import { startBare, startOurs, type Target } from './targets.ts';
import { percentile, runPairs } from './wire-client.ts';

/**
 * Checkouts that come when they come (Poisson), at half of what our server does at most, with each answer's time
 * from the moment it was meant to be asked for: a server that stalls is charged for everybody who came meanwhile.
 */
const sizes = {
  small: { rounds: 1, durationMs: 300, saturationMs: 300 },
  full: { rounds: 9, durationMs: 2_000, saturationMs: 2_000 },
} as const;

const CONNECTIONS = 64;

export async function run(size: BenchSize): Promise<readonly BenchRow[]> {
  const { rounds, durationMs, saturationMs } = sizes[size];
  const folder = mkdtempSync(join(tmpdir(), 'fauxlm-bench-'));
  const ours = await startOurs(folder);
  const bare = await startBare();
  try {
    const most = await saturation(ours, saturationMs);
    await saturation(bare, saturationMs);
    const perMs = most / 2 / 1_000;
    const measure = (target: Target) => () => openP99(target.daemon, { perMs, durationMs });
    await measure(ours)();
    await measure(bare)();
    const measured = await alternate(rounds, measure(ours), measure(bare));
    const name = 'checkout p99 at half of saturation, open model';
    const row = { name, bar: { atMost: 2 }, other: 'bare', hash: hashOf(name) };
    const told = measuredRow(row, measured, milliseconds);
    return [{ ...told, detail: `${told.detail}, at ${perSecond(most / 2)} pairs` }];
  } finally {
    ours.stop();
    bare.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Pairs a second of 64 clients that do not wait between them. */
async function saturation(target: Target, durationMs: number): Promise<number> {
  const load = { connections: CONNECTIONS, inFlight: 1, durationMs };
  await runPairs(target.daemon, load);
  return (await runPairs(target.daemon, load)).pairsPerSecond;
}

async function openP99(
  port: number,
  { perMs, durationMs }: { readonly perMs: number; readonly durationMs: number },
): Promise<number> {
  const talkers = await openTalkers(port, CONNECTIONS);
  const taken: number[] = [];
  const askers = talkers.map((talker) => new Asker(talker, taken));
  const rng = new Rng('open load bench');
  const from = performance.now();
  let due = from;
  let turn = 0;
  await new Promise<void>((resolve) => {
    // A timer is a millisecond late: the queue is looked at in every turn of the event loop.
    const look = (): void => {
      const now = performance.now();
      for (; due <= now; due += exponential(rng) / perMs) {
        askers[turn++ % CONNECTIONS]!.ask(due);
      }
      for (const each of askers) each.send();
      if (now - from < durationMs) setImmediate(look);
      else resolve();
    };
    look();
  });
  await Promise.all(askers.map((each) => each.idle()));
  for (const each of talkers) each.close();
  return percentile(taken, 0.99);
}

/** One connection whose checkouts are answered in the order they were asked for; each seat goes back at once. */
class Asker {
  readonly #talker: Talker;
  readonly #taken: number[];
  /** When each that waits for its grant was meant to be asked for. */
  readonly #meant: number[] = [];
  #waiting = 0;
  #idle: (() => void) | undefined;

  constructor(talker: Talker, taken: number[]) {
    this.#talker = talker;
    this.#taken = taken;
    talker.answers = {
      granted: (handle) => {
        this.#taken.push(performance.now() - this.#meant.shift()!);
        talker.checkin(handle);
        // In the run the next look sends; afterwards there is none.
        if (this.#idle !== undefined) talker.send();
      },
      accepted: () => this.#answered(),
      refused: () => this.#answered(),
    };
  }

  ask(meant: number): void {
    this.#meant.push(meant);
    this.#waiting++;
    this.#talker.checkout();
  }

  send(): void {
    this.#talker.send();
  }

  /** Resolves when every pair is over. */
  idle(): Promise<void> {
    return new Promise((resolve) => {
      this.#idle = resolve;
      this.#talker.send();
      if (this.#waiting === 0) resolve();
    });
  }

  #answered(): void {
    this.#waiting--;
    if (this.#idle === undefined) return;
    this.#talker.send();
    if (this.#waiting === 0) this.#idle();
  }
}
