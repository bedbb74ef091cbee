import { execFile, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const script = fileURLToPath(new URL('../../scripts/bundle.mjs', import.meta.url));

/** Bundles lmutil as the package has it, into a directory of its own. */
export async function bundleLmutil(): Promise<{
  path: string;
  folder: string;
  remove: () => void;
}> {
  const folder = mkdtempSync(join(tmpdir(), 'fauxlm-bundle-'));
  const path = join(folder, 'lmutil.cjs');
  await promisify(execFile)(process.execPath, [script, path]);
  return { path, folder, remove: () => rmSync(folder, { recursive: true }) };
}

export interface Finished {
  readonly status: number | null;
  readonly out: string;
  readonly err: string;
}

/** Runs a program to its end. With `readBytes`, its standard output is closed after that many bytes. */
export function finish(
  path: string,
  args: readonly string[],
  { readBytes = Number.POSITIVE_INFINITY, input = '' } = {},
): Promise<Finished> {
  const env = { PATH: process.env['PATH'] ?? '', LANG: 'C' };
  const child = spawn(path, args, { stdio: 'pipe', env });
  let out = '';
  let err = '';
  child.stdout.setEncoding('utf8').on('data', (chunk: string) => {
    out += chunk;
    if (out.length >= readBytes) child.stdout.destroy();
  });
  child.stderr.setEncoding('utf8').on('data', (chunk: string) => {
    err += chunk;
  });
  child.stdin.on('error', () => {});
  child.stdin.end(input);
  return new Promise((resolve) => {
    child.on('close', (status) => resolve({ status, out, err }));
  });
}
