// The property suites with the numbers that a release wants, a few at a time: minutes, where `npm test` takes seconds.
import { spawn } from 'node:child_process';
import { createRequire } from 'node:module';
import { availableParallelism } from 'node:os';
import { dirname, join } from 'node:path';

/** Seconds for each test of a fuzz suite: on a slow machine it ends then, with fewer cases. */
const BUDGET_SECONDS = 900;

/** Cases, and the suites that take their number from FAUXLM_FUZZ. */
const suites = [
  [1_000_000, ['test/domain/language/fuzz']],
  [1, ['test/slow/artillery']],
  [1, ['test/slow/autocannon']],
  [1, ['test/slow/duckdb']],
  // Seconds; 3600 for a release.
  [180, ['test/slow/soak']],
  [60, ['test/slow/faulty-soak']],
  [1, ['test/slow/descriptors']],
  [10_000, ['test/domain/triad/triad-simulation']],
  [100, ['test/e2e/triad-failover']],
  [20_000, ['test/wire/fuzz', 'test/wire/twins']],
  [5_000, ['test/domain/ledger/random', 'test/domain/ledger/suites']],
  [2_000, ['test/domain/lint/fuzz']],
  [500, ['test/text/lmstat-round-trip']],
  [20_000, ['test/text/debug-log-parser']],
  [20_000, ['test/documents/fuzz']],
  [20_000, ['test/control/fuzz']],
  [20_000, ['test/scenario/recording/fuzz']],
  // Each story over processes, too.
  [1_000, ['test/scenario/suites']],
  [60, ['test/e2e/borrow']],
];

const manifest = createRequire(import.meta.url).resolve('vitest/package.json');
const vitest = join(dirname(manifest), 'vitest.mjs');
/** Those of test/slow/ have a configuration of their own: they are never part of `npm test`. */
const configOf = (path) =>
  path.startsWith('test/slow/')
    ? ['-c', 'test/slow/vitest.config.ts']
    : ['-c', 'test/vitest.config.ts', '--testTimeout', '3600000'];

/** Runs a suite, shows what it said once it has ended, and tells whether it passed. */
function run([cases, paths]) {
  const began = performance.now();
  const child = spawn(process.execPath, [vitest, 'run', ...configOf(paths[0]), ...paths], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { FAUXLM_FUZZ_SECONDS: `${BUDGET_SECONDS}`, ...process.env, FAUXLM_FUZZ: String(cases) },
  });
  const said = [];
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (each) => said.push(each));
  return new Promise((ended) => {
    child.once('error', (error) => {
      console.error(`${paths.join(', ')}: ${error.message}`);
      ended(false);
    });
    child.once('close', (status) => {
      const seconds = ((performance.now() - began) / 1000).toFixed(0);
      console.log(`FAUXLM_FUZZ=${cases}: ${paths.join(', ')} (${seconds} s)`);
      process.stdout.write(Buffer.concat(said));
      ended(status === 0);
    });
  });
}

let failed = 0;
const waiting = [...suites];
/** One suite a core: each runs on one, and the longest begin first. */
async function work() {
  for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
    if (!(await run(next))) failed++;
  }
}
await Promise.all(Array.from({ length: availableParallelism() }, work));
process.exitCode = failed === 0 ? 0 : 1;
