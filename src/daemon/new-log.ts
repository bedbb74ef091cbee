import { appendFileSync, closeSync, linkSync, openSync, rmSync, unlinkSync } from 'node:fs';
import { KnownError } from '../base/errors.ts';
import { shownPath, writeReason } from '../files/system-reasons.ts';

/**
 * Makes an empty file for a log that somebody asks for over the net: what is there already, under whatever name, is
 * nobody's to write to.
 * @throws KnownError FILE_UNREADABLE
 */
export function makeNewLog(path: string): void {
  try {
    closeSync(openSync(path, 'wx', 0o666));
  } catch (cause) {
    throw notNew(path, cause);
  }
}

/**
 * Gives a log's file the name `to`, which must be new and on the same disk, with `lastLine` as its end. Nothing is at
 * `from` then.
 * @throws KnownError FILE_UNREADABLE: it stays where it is
 */
export function moveLog(from: string, to: string, lastLine: string): void {
  try {
    // A rename would take the place of a file that is there.
    linkSync(from, to);
  } catch (cause) {
    throw notNew(to, cause);
  }
  try {
    appendFileSync(to, lastLine);
    unlinkSync(from);
  } catch (cause) {
    rmSync(to, { force: true });
    throw notNew(to, cause);
  }
}

function notNew(path: string, cause: unknown): KnownError {
  const { code } = cause as NodeJS.ErrnoException;
  const reason = code === 'EEXIST' ? 'one that is there already' : writeReason(cause);
  const text = `${shownPath(path)}: expected a new file that can be written, got: ${reason}`;
  return new KnownError('FILE_UNREADABLE', text, { path }, { cause });
}
