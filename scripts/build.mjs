// Builds dist/: tsc for the library; then the programs, lmutil and Artillery's engine as one CommonJS file each (which
// starts fastest), the others as a few; then the man pages.

import { execFileSync } from 'node:child_process';
import { chmodSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';

const require = createRequire(import.meta.url);
rmSync('dist', { recursive: true, force: true });
execFileSync(process.execPath, [require.resolve('typescript/bin/tsc'), '-p', 'tsconfig.json'], {
  stdio: 'inherit',
});
for (const script of ['bundle', 'bundle-programs', 'man-pages']) {
  execFileSync(process.execPath, [`scripts/${script}.mjs`], { stdio: 'inherit' });
}
for (const file of ['dist/cli/fauxlm.js', 'dist/cli/lmgrd.js', 'dist/lmutil.cjs']) {
  chmodSync(file, 0o755);
}
