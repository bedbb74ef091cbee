import { createReadStream, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { alternate, type BenchRow, type BenchSize, measuredRow, perSecond } from './harness.ts';
import { type OursOptions, startBare, startOurs, type Target } from './targets.ts';
import { type PairsResult, runFresh, runPairs } from './wire-client.ts';

/**
 * Our server, with journal and debug log on, against the bare framed server on the same machine in the same run,
 * measured alternately with the same client. Each server is a process of its own.
 */
const sizes = {
  small: { rounds: 5, durationMs: 400 },
  full: { rounds: 9, durationMs: 2_000 },
} as const;

async function pairsRow(
  name: string,
  targets: { readonly ours: Target; readonly bare: Target },
  load: { readonly inFlight: number; readonly atLeast: number },
  size: BenchSize,
): Promise<BenchRow> {
  const { rounds, durationMs } = sizes[size];
  const results: PairsResult[] = [];
  const measure = (target: Target) => async () => {
    const result = await runPairs(target.daemon, {
      connections: 64,
      inFlight: load.inFlight,
      durationMs,
    });
    results.push(result);
    return result.pairsPerSecond;
  };
  const measured = await alternate(rounds, measure(targets.ours), measure(targets.bare));
  const refused = results.reduce((sum, result) => sum + result.refused, 0);
  const row = { name, bar: { atLeast: load.atLeast }, other: 'bare', hash: `refused=${refused}` };
  return measuredRow(row, measured, perSecond);
}

/** Once with one feature and no options; once as a site has it after years. */
const sites: readonly { readonly suffix: string; readonly options: OursOptions }[] = [
  { suffix: '', options: {} },
  {
    suffix: ' (500 options lines, 1,000 features)',
    options: { features: 1_000, optionsLines: 500 },
  },
];

/** The wire rows of the table. */
export async function run(size: BenchSize): Promise<readonly BenchRow[]> {
  const rows: BenchRow[] = [];
  for (const { suffix, options } of sites) {
    for (const row of await rowsOf(options, size)) {
      rows.push({ ...row, name: `${row.name}${suffix}` });
    }
  }
  return rows;
}

/** The debug log written meanwhile must hold what was granted. */
async function rowsOf(options: OursOptions, size: BenchSize): Promise<readonly BenchRow[]> {
  const folder = mkdtempSync(join(tmpdir(), 'fauxlm-bench-'));
  const ours = await startOurs(folder, options);
  const bare = await startBare();
  const targets = { ours, bare };
  try {
    await warmUp(targets);
    const rows = [
      await pairsRow(
        'checkout+check-in, 64 connections',
        targets,
        { inFlight: 1, atLeast: 0.9 },
        size,
      ),
      await pairsRow('the same, 16 in flight each', targets, { inFlight: 16, atLeast: 0.5 }, size),
      await freshRow(targets, size),
    ];
    const outs = await outLinesOf(join(folder, 'debug.log'));
    if (outs < 100) throw new Error(`the debug log of ours has ${outs} OUT lines only`);
    return rows;
  } finally {
    ours.stop();
    bare.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Long enough that what is measured is compiled code in all three processes: half a second is what a cold start costs. */
const WARM_UP_MS = 1_500;

async function warmUp(targets: Readonly<Record<string, Target>>): Promise<void> {
  for (const { daemon, manager } of Object.values(targets)) {
    await runPairs(daemon, { connections: 64, inFlight: 16, durationMs: WARM_UP_MS });
    await runPairs(daemon, { connections: 64, inFlight: 1, durationMs: WARM_UP_MS });
    await runFresh(manager, { loops: 16, durationMs: WARM_UP_MS });
  }
}

async function freshRow(
  { ours, bare }: { readonly ours: Target; readonly bare: Target },
  size: BenchSize,
): Promise<BenchRow> {
  const { rounds, durationMs } = sizes[size];
  const measure = (target: Target) => async () => {
    const { perSecond: rate } = await runFresh(target.manager, { loops: 16, durationMs });
    return rate;
  };
  const name = 'fresh connection, hello, redirect, close';
  const row = { name, bar: { atLeast: 0.9 }, other: 'bare', hash: 'redirects' };
  return measuredRow(row, await alternate(rounds, measure(ours), measure(bare)), perSecond);
}

/** Line by line: a log of some minutes at full speed is longer than a string may be. */
async function outLinesOf(path: string): Promise<number> {
  let count = 0;
  for await (const line of createInterface({ input: createReadStream(path, 'latin1') })) {
    if (line.includes('OUT: "')) count++;
  }
  return count;
}
