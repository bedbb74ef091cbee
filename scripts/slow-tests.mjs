// The property suites with the numbers that a release wants, one after the other: minutes, where `npm test` takes seconds.
import { spawnSync } from 'node:child_process';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

/** Cases, and the suites that take their number from FAUXLM_FUZZ. */
const suites = [
  [1_000_000, ['test/domain/language/fuzz']],
  [20_000, ['test/wire/fuzz', 'test/wire/twins']],
  [5_000, ['test/domain/ledger/random', 'test/domain/ledger/suites']],
  [2_000, ['test/domain/lint/fuzz']],
  [500, ['test/text/lmstat-round-trip']],
  [20_000, ['test/text/debug-log-parser']],
  [10_000, ['test/domain/triad']],
  [100, ['test/e2e/triad-failover']],
];

const manifest = createRequire(import.meta.url).resolve('vitest/package.json');
const vitest = join(dirname(manifest), 'vitest.mjs');
let failed = 0;
for (const [cases, paths] of suites) {
  console.log(`FAUXLM_FUZZ=${cases}: ${paths.join(', ')}`);
  const { status } = spawnSync(
    process.execPath,
    [vitest, 'run', '-c', 'test/vitest.config.ts', '--testTimeout', '3600000', ...paths],
    {
      stdio: 'inherit',
      env: { ...process.env, FAUXLM_FUZZ: String(cases) },
    },
  );
  if (status !== 0) failed++;
}
process.exitCode = failed === 0 ? 0 : 1;
