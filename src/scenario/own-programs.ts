import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** Where our built programs are: beside this file when it is built, in dist/ when it is not. */
export function ownPrograms(): { readonly lmutil: string; readonly fauxlm: string } {
  const near = (path: string): string => fileURLToPath(new URL(path, import.meta.url));
  const dist = existsSync(near('../lmutil.cjs')) ? near('..') : near('../../dist');
  return { lmutil: join(dist, 'lmutil.cjs'), fauxlm: join(dist, 'cli', 'fauxlm.js') };
}
