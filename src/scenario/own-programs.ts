import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** Where our built programs are: beside this file when it is built, in dist/ when it is not. */
export function ownPrograms(): Readonly<Record<'lmutil' | 'lmgrd' | 'fauxlm', string>> {
  const near = (path: string): string => fileURLToPath(new URL(path, import.meta.url));
  const dist = existsSync(near('../lmutil.cjs')) ? near('..') : near('../../dist');
  const cli = (name: string): string => join(dist, 'cli', `${name}.js`);
  return { lmutil: join(dist, 'lmutil.cjs'), lmgrd: cli('lmgrd'), fauxlm: cli('fauxlm') };
}
