import { readdirSync, renameSync } from 'node:fs';
import { basename, dirname } from 'node:path';

/**
 * Puts a log aside as `path.1`, or the number after the highest there is, so that names tell the order. None is ever
 * removed, as FlexNet removes none.
 * @throws Error of the file system
 */
export function rollOver(path: string): void {
  const name = `${basename(path)}.`;
  let highest = 0;
  for (const each of readdirSync(dirname(path))) {
    const number = each.startsWith(name) ? each.slice(name.length) : '';
    if (/^\d{1,9}$/.test(number)) highest = Math.max(highest, Number(number));
  }
  renameSync(path, `${path}.${highest + 1}`);
}
