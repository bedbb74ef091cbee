import { join } from 'node:path';
import { KnownError } from '../base/errors.ts';
import { readSource } from '../files/license-sources.ts';
import { writeWhole } from '../files/whole-file.ts';

const FILE_NAME = '.flexlmrc';

const ROW = /^\s*([A-Za-z_][A-Za-z0-9_]*)=(.*)$/;

/**
 * The license paths that a user keeps in `$HOME/.flexlmrc`, by variable, the first row of each. A
 * file that is not there or not readable is none.
 * Source: LAG, "Precedence of License Search Path" (on Windows the registry takes its place).
 */
export function persistedPaths(home: string | undefined): ReadonlyMap<string, string> {
  const rows = new Map<string, string>();
  if (home === undefined) return rows;
  for (const line of textOf(join(home, FILE_NAME)).split(/\r?\n/)) {
    const [, name, value] = ROW.exec(line) ?? [];
    if (name !== undefined && value !== undefined && !rows.has(name)) rows.set(name, value);
  }
  return rows;
}

/**
 * Puts a path in the place of a variable's row, or takes the row away for an empty path. Other
 * lines stay as they are; the file is written whole.
 * @throws KnownError FILE_UNREADABLE when it cannot be read or written.
 */
export function persistPath(home: string, variable: string, path: string): void {
  const file = join(home, FILE_NAME);
  const lines = existing(file).split('\n');
  if (lines.at(-1) === '') lines.pop();
  const kept = lines.filter((line) => ROW.exec(line.replace(/\r$/, ''))?.[1] !== variable);
  const rows = path === '' ? kept : [...kept, `${variable}=${path}`];
  writeWhole(file, rows.map((row) => `${row}\n`).join(''));
}

function textOf(path: string): string {
  try {
    return readSource(path).text;
  } catch (error) {
    if (error instanceof KnownError) return '';
    throw error;
  }
}

/** As `textOf`, but a file that is there and cannot be read must not be written over. */
function existing(path: string): string {
  try {
    return readSource(path).text;
  } catch (error) {
    const missing = (error as { cause?: NodeJS.ErrnoException }).cause?.code === 'ENOENT';
    if (error instanceof KnownError && missing) return '';
    throw error;
  }
}
