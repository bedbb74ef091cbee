// Builds dist/: tsc for the library, then the programs: lmutil as one CommonJS file, which starts fastest, the others
// as a few.

import { execFileSync } from 'node:child_process';
import { chmodSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';

const require = createRequire(import.meta.url);
rmSync('dist', { recursive: true, force: true });
execFileSync(process.execPath, [require.resolve('typescript/bin/tsc'), '-p', 'tsconfig.json'], {
  stdio: 'inherit',
});
for (const script of ['scripts/bundle.mjs', 'scripts/bundle-programs.mjs']) {
  execFileSync(process.execPath, [script], { stdio: 'inherit' });
}
for (const file of ['dist/cli/fauxlm.js', 'dist/cli/lmgrd.js', 'dist/lmutil.cjs']) {
  chmodSync(file, 0o755);
}
