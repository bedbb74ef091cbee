import { existsSync, mkdirSync, statSync } from 'node:fs';
import { dirname } from 'node:path';

/**
 * Makes a folder and those above it; nothing where it is there already. Node's own `recursive` tries for ever below a
 * folder that says of each new one that it is not there, as /proc does.
 * @throws what the system says against it: EEXIST for a file in its place
 */
export function makeFolders(path: string, mode = 0o777): void {
  if (statSync(path, { throwIfNoEntry: false })?.isDirectory()) return;
  const above = dirname(path);
  if (!existsSync(above)) makeFolders(above, mode);
  try {
    mkdirSync(path, { mode });
  } catch (error) {
    // Somebody else has made it meanwhile.
    if (!statSync(path, { throwIfNoEntry: false })?.isDirectory()) throw error;
  }
}
