import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { alternate, type BenchRow, type BenchSize, perSecond } from './harness.ts';
import { FEATURE, type PairsResult, runFresh, runPairs } from './wire-client.ts';

/**
 * Our server, with journal and debug log on, against the bare framed server on the same machine in the same run,
 * measured alternately with the same client. Each server is a process of its own.
 */
interface Target {
  readonly manager: number;
  readonly daemon: number;
  stop(): void;
}

const sizes = {
  small: { rounds: 3, durationMs: 400 },
  full: { rounds: 9, durationMs: 2_000 },
} as const;

const here = fileURLToPath(new URL('.', import.meta.url));

function startBare(): Promise<Target> {
  const child = spawn(process.execPath, [join(here, 'bare-server.js')], {
    stdio: ['ignore', 'pipe', 'inherit', 'ipc'],
  });
  return ready(child, (line) => {
    const { port, daemon } = JSON.parse(line) as { port: number; daemon: number };
    return { manager: port, daemon };
  });
}

function startOurs(folder: string): Promise<Target> {
  const license = join(folder, 'bench.lic');
  const text = [
    'SERVER this_host ANY',
    'VENDOR acmed',
    `INCREMENT ${FEATURE} acmed 2030.0 permanent 100000 SIGN=00`,
    '',
  ].join('\n');
  writeFileSync(license, text);
  const words = ['serve', license, '--port', '0', '--host', '127.0.0.1', '--json'];
  const log = ['--log', join(folder, 'debug.log')];
  const cli = join(here, '..', '..', 'dist', 'cli', 'fauxlm.js');
  const child = spawn(process.execPath, [cli, ...words, ...log], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  return ready(child, (line) => {
    const { port, vendors } = JSON.parse(line) as { port: number; vendors: { port: number }[] };
    return { manager: port, daemon: vendors[0]!.port };
  });
}

function ready(child: ChildProcess, read: (line: string) => Omit<Target, 'stop'>): Promise<Target> {
  return new Promise((resolve, reject) => {
    let text = '';
    child.stdout!.on('data', (chunk: Buffer) => {
      text += chunk.toString();
      const end = text.indexOf('\n');
      if (end >= 0)
        resolve({ ...read(text.slice(0, end)), stop: () => void child.kill('SIGTERM') });
    });
    child.once('exit', (code) => reject(new Error(`the server ended with ${code}`)));
  });
}

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
  const { ratio, a, b } = await alternate(rounds, measure(targets.ours), measure(targets.bare));
  const refused = results.reduce((sum, result) => sum + result.refused, 0);
  return {
    name,
    ratio: ratio.median,
    bar: { atLeast: load.atLeast },
    detail: `ours ${perSecond(a.median)} pairs, bare ${perSecond(b.median)}, ratio ${ratio.min.toFixed(2)}-${ratio.max.toFixed(2)}`,
    hash: `refused=${refused}`,
  };
}

/** The wire rows of the table. The debug log written meanwhile must hold what was granted. */
export async function run(size: BenchSize): Promise<readonly BenchRow[]> {
  const folder = mkdtempSync(join(tmpdir(), 'fauxlm-bench-'));
  const ours = await startOurs(folder);
  const bare = await startBare();
  const targets = { ours, bare };
  try {
    const rows = [
      await pairsRow(
        'checkout+check-in, 64 connections',
        targets,
        { inFlight: 1, atLeast: 0.8 },
        size,
      ),
      await pairsRow('the same, 16 in flight each', targets, { inFlight: 16, atLeast: 0.35 }, size),
      await freshRow(targets, size),
    ];
    const outs = readFileSync(join(folder, 'debug.log'), 'latin1').split('OUT: "').length - 1;
    if (outs < 100) throw new Error(`the debug log of ours has ${outs} OUT lines only`);
    return rows;
  } finally {
    ours.stop();
    bare.stop();
    rmSync(folder, { recursive: true, force: true });
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
  const { ratio, a, b } = await alternate(rounds, measure(ours), measure(bare));
  return {
    name: 'fresh connection, hello, redirect, close',
    ratio: ratio.median,
    bar: { atLeast: 0.8 },
    detail: `ours ${perSecond(a.median)}, bare ${perSecond(b.median)}, ratio ${ratio.min.toFixed(2)}-${ratio.max.toFixed(2)}`,
    hash: 'redirects',
  };
}
