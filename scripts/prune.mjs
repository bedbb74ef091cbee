// Leaves in dist/ only what can be reached from outside; part of packing. The programs are bundles, so the modules that
// only they use need not be shipped a second time. The build keeps these, since tests break one of them at a time.
// package.tsconfig.json names what package.json exports and what the library starts as processes and threads.

import { execFileSync } from 'node:child_process';
import { readdirSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { relative } from 'node:path';

const tsc = createRequire(import.meta.url).resolve('typescript/bin/tsc');
const list = [tsc, '--listFilesOnly', '-p', 'scripts/package.tsconfig.json'];
const reached = execFileSync(process.execPath, list, { encoding: 'utf8' }).trim().split('\n');

/** In the place of what tsc made of them stand the bundles' entries. */
const kept = new Set([
  'cli/fauxlm.ts',
  'cli/lmgrd.ts',
  ...reached.map((file) => relative('src', file)),
]);
for (const source of readdirSync('src', { recursive: true })) {
  if (!source.endsWith('.ts') || kept.has(source)) continue;
  const built = `dist/${source.slice(0, -'.ts'.length)}`;
  rmSync(`${built}.js`);
  rmSync(`${built}.d.ts`);
}
for (const entry of ['cli/fauxlm', 'cli/lmgrd']) rmSync(`dist/${entry}.d.ts`);
