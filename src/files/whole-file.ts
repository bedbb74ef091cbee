import {
  accessSync,
  closeSync,
  constants,
  fsyncSync,
  openSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { KnownError } from '../base/errors.ts';
import { shownPath, writeReason } from './system-reasons.ts';

/**
 * Writes a file so that a reader sees all of it or none: beside it first, then renamed. What is there and is no
 * regular file, such as /dev/stdout or a pipe, is written to and stays what it is.
 * @throws KnownError FILE_UNREADABLE when it cannot be written.
 */
export function writeWhole(path: string, text: string): void {
  const beside = `${path}.${process.pid}.part`;
  try {
    if (isSpecial(path)) return writeSpecial(path, text);
    const fd = openSync(beside, 'w');
    try {
      writeFileSync(fd, text);
      fsyncSync(fd);
    } finally {
      closeSync(fd);
    }
    renameSync(beside, path);
  } catch (cause) {
    removeWhole(beside);
    throw unwritable(path, cause);
  }
}

/**
 * Says before hours of work whether `writeWhole` can write a file at their end: the file is left as it is. What only
 * the writing itself shows, such as a full disk, shows then.
 * @throws KnownError FILE_UNREADABLE when it cannot be written
 */
export function checkWritable(path: string): void {
  const beside = `${path}.${process.pid}.part`;
  try {
    if (isSpecial(path)) {
      if (statSync(path).isDirectory()) throw Object.assign(new Error(path), { code: 'EISDIR' });
      return accessSync(path, constants.W_OK);
    }
    closeSync(openSync(path === '' ? path : beside, 'w'));
  } catch (cause) {
    throw unwritable(path, cause);
  } finally {
    removeWhole(beside);
  }
}

function unwritable(path: string, cause: unknown): KnownError {
  const reason = writeReason(cause);
  const message = `${shownPath(path)}: expected a file that can be written, got: ${reason}`;
  return new KnownError('FILE_UNREADABLE', message, { path }, { cause });
}

/** Removes what `writeWhole` wrote. What is no regular file, or cannot be removed, stays. */
export function removeWhole(path: string): void {
  try {
    if (!isSpecial(path)) rmSync(path, { force: true });
  } catch {
    // Then writing it has failed or will, and says so.
  }
}

/** A pipe that nobody reads is an error, not something to wait for. */
function writeSpecial(path: string, text: string): void {
  const fd = openSync(path, constants.O_WRONLY | constants.O_NONBLOCK);
  try {
    writeFileSync(fd, text);
  } finally {
    closeSync(fd);
  }
}

function isSpecial(path: string): boolean {
  const found = statSync(path, { throwIfNoEntry: false });
  return found !== undefined && !found.isFile();
}
