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
  const beside = besideOf(path);
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
  const beside = besideOf(path);
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

/**
 * The same of a text that comes in parts and may be more than memory holds. Whatever ends the parts ends this, and
 * leaves what there was.
 * @throws KnownError FILE_UNREADABLE when it cannot be written.
 */
export async function writeWholeParts(path: string, parts: AsyncIterable<string>): Promise<void> {
  const beside = besideOf(path);
  const file = tried(path, () => {
    const isWhole = !isSpecial(path);
    const fd = isWhole ? openSync(beside, 'w') : openSpecial(path);
    return { isWhole, fd };
  });
  try {
    try {
      for await (const part of parts) tried(path, () => writeFileSync(file.fd, part));
      if (file.isWhole) tried(path, () => fsyncSync(file.fd));
    } finally {
      closeSync(file.fd);
    }
    if (file.isWhole) tried(path, () => renameSync(beside, path));
  } catch (error) {
    removeWhole(beside);
    throw error;
  }
}

function tried<T>(path: string, work: () => T): T {
  try {
    return work();
  } catch (cause) {
    throw unwritable(path, cause);
  }
}

function unwritable(path: string, cause: unknown): KnownError {
  const reason = writeReason(cause);
  const message = `${shownPath(path)}: expected a file that can be written, got: ${reason}`;
  return new KnownError('FILE_UNREADABLE', message, { path }, { cause });
}

function besideOf(path: string): string {
  return `${path}.${process.pid}.part`;
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
  const fd = openSpecial(path);
  try {
    writeFileSync(fd, text);
  } finally {
    closeSync(fd);
  }
}

function openSpecial(path: string): number {
  return openSync(path, constants.O_WRONLY | constants.O_NONBLOCK);
}

function isSpecial(path: string): boolean {
  const found = statSync(path, { throwIfNoEntry: false });
  return found !== undefined && !found.isFile();
}
