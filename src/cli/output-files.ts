import { resolve } from 'node:path';
import { KnownError } from '../base/errors.ts';
import { checkWritable } from '../files/whole-file.ts';

/**
 * Looks, before a command begins, at the files that it will write at its end, by the flag that names each: work of
 * hours is not lost to a folder that is not there, nor one result to another under the same name.
 * @throws KnownError USAGE for a file that two flags name; FILE_UNREADABLE for one that cannot be written
 */
export function checkOutputs(files: Readonly<Record<string, string | undefined>>): void {
  const flags = new Map<string, string>();
  for (const [flag, path] of Object.entries(files)) {
    if (path === undefined) continue;
    checkWritable(path);
    const file = resolve(path);
    const other = flags.get(file);
    if (other !== undefined && !file.startsWith('/dev/')) {
      const text = `${flag}: expected another file than that of ${other}, got "${path}" for both`;
      throw new KnownError('USAGE', text);
    }
    flags.set(file, flag);
  }
}
