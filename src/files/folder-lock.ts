import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { KnownError } from '../base/errors.ts';
import { makeFolders } from './folders.ts';
import { unwritableFile, unwritableFolder } from './write-errors.ts';

/** Keeps a file for one user at a time, in this process and among processes. */
export interface FolderLock {
  /** Harmless the second time. */
  release(): void;
}

/** Locks that this process holds: its own number in a lock file does not say whether they are in use. */
const held = new Set<string>();

/**
 * Locks a file by another beside it, which holds the number of this process. That of a process which is gone counts
 * for nothing: a kill leaves it behind.
 * @throws KnownError FILE_UNREADABLE when another has it, or the lock cannot be written.
 */
export function lockFile(path: string): FolderLock {
  const lock = `${path}.lock`;
  if (held.has(lock)) throw taken(path, process.pid);
  for (let tries = 0; ; tries++) {
    try {
      makeFolder(dirname(path));
      writeFileSync(lock, `${process.pid}\n`, { flag: 'wx' });
      break;
    } catch (cause) {
      if (cause instanceof KnownError) throw cause;
      if ((cause as NodeJS.ErrnoException).code !== 'EEXIST') throw unwritableFile(lock, cause);
      const owner = ownerOf(lock);
      if (tries > 0 || (owner !== process.pid && isAlive(owner))) throw taken(path, owner);
      rmSync(lock, { force: true });
    }
  }
  held.add(lock);
  return {
    release() {
      if (held.delete(lock)) rmSync(lock, { force: true });
    },
  };
}

/** @throws KnownError FILE_UNREADABLE for a folder that cannot be made, such as one where a file stands */
function makeFolder(path: string): void {
  try {
    makeFolders(path);
  } catch (cause) {
    throw unwritableFolder(path, cause);
  }
}

function ownerOf(lock: string): number {
  try {
    return Number.parseInt(readFileSync(lock, 'utf8'), 10);
  } catch {
    return Number.NaN;
  }
}

function isAlive(pid: number): boolean {
  if (!Number.isSafeInteger(pid) || pid <= 0) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

function taken(path: string, pid: number): KnownError {
  const text = `${path}: expected to be its only user, got process ${pid} that has it open`;
  return new KnownError('FILE_UNREADABLE', text, { path, pid });
}
