import { closeSync, fsyncSync, openSync, renameSync, rmSync, writeSync } from 'node:fs';
import { KnownError } from '../base/errors.ts';

/**
 * Writes a file so that a reader sees all of it or none: beside it first, then renamed.
 * @throws KnownError FILE_UNREADABLE when it cannot be written.
 */
export function writeWhole(path: string, text: string): void {
  const beside = `${path}.${process.pid}.part`;
  try {
    const fd = openSync(beside, 'w');
    try {
      writeSync(fd, text);
      fsyncSync(fd);
    } finally {
      closeSync(fd);
    }
    renameSync(beside, path);
  } catch (cause) {
    rmSync(beside, { force: true });
    const reason = (cause as Error).message;
    const message = `${path}: expected a file that can be written, got: ${reason}`;
    throw new KnownError('FILE_UNREADABLE', message, { path }, { cause });
  }
}
