// Builds dist/: tsc for the library and the CLI, then lmutil and Artillery's engine, each as one CommonJS file.

import { execFileSync } from 'node:child_process';
import { chmodSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';

const require = createRequire(import.meta.url);
rmSync('dist', { recursive: true, force: true });
execFileSync(process.execPath, [require.resolve('typescript/bin/tsc'), '-p', 'tsconfig.json'], {
  stdio: 'inherit',
});
execFileSync(process.execPath, ['scripts/bundle.mjs'], { stdio: 'inherit' });
execFileSync(process.execPath, ['scripts/man-pages.mjs'], { stdio: 'inherit' });
for (const file of ['dist/cli/fauxlm.js', 'dist/cli/lmgrd.js', 'dist/lmutil.cjs']) {
  chmodSync(file, 0o755);
}
