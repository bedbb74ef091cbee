/**
 * What a monitor pays per call: `lmutil lmstat -f FEATURE -c port@host` as a process, against `node -e 0`, which
 * starts and does nothing. Wall time, alternating. Needs dist/lmutil.cjs (`npm run build`), or a bundle's path.
 */
import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { resolve } from 'node:path';
import { promisify } from 'node:util';
import { startServer } from '../src/daemon/server.ts';
import { alternate, type BenchRow, type BenchSize, renderRow, type Spread } from './harness.ts';

/** Issue 1, "Done when": the process costs at most this much of an empty one. */
const BAR = 1.6;
const rounds = { small: 3, full: 41 } as const;

const license = `SERVER this_host ANY
VENDOR acmed
INCREMENT solve acmed 2.0 permanent 3 SIGN=00
INCREMENT mesh acmed 2.0 permanent 3 SIGN=00
`;

const start = promisify(execFile);

export async function run(
  size: BenchSize,
  bundle = resolve('dist/lmutil.cjs'),
): Promise<readonly BenchRow[]> {
  const server = await startServer({ licenses: [{ name: 'acme.lic', text: license }], port: 0 });
  try {
    const args = [bundle, 'lmstat', '-f', 'solve', '-c', `${server.port}@127.0.0.1`];
    let output = '';
    const lmstat = async (): Promise<number> => {
      const { ms, stdout } = await timed(args);
      output = stdout;
      return ms;
    };
    const empty = async (): Promise<number> => (await timed(['-e', '0'])).ms;
    const { ratio, a, b } = await alternate(rounds[size], lmstat, empty);
    return [
      {
        name: 'lmutil lmstat -f, against node -e 0',
        ratio: ratio.median,
        bar: { atMost: BAR },
        detail: `lmstat ${milliseconds(a)}, node ${milliseconds(b)}`,
        hash: hashOf(output),
      },
    ];
  } finally {
    await server.stop();
  }
}

async function timed(args: readonly string[]): Promise<{ ms: number; stdout: string }> {
  const from = performance.now();
  const { stdout } = await start(process.execPath, args);
  return { ms: performance.now() - from, stdout };
}

function milliseconds({ median, min, max }: Spread): string {
  return `${median.toFixed(1)} ms (${min.toFixed(1)} to ${max.toFixed(1)})`;
}

/** Of the features told: the rest of the report has the time and a port in it. */
function hashOf(output: string): string {
  const features = output.match(/^Users of .*$/gm)?.join('\n') ?? '';
  return createHash('sha256').update(features).digest('hex').slice(0, 8);
}

if (process.argv[1]?.replace(/\.[jt]s$/, '').endsWith('bench/lmutil-start')) {
  for (const row of await run(process.argv.includes('--small') ? 'small' : 'full')) {
    process.stdout.write(`${renderRow(row)}\n`);
    if (row.ratio > BAR) process.exitCode = 4;
  }
}
