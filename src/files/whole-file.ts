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
import { unwritableFile } from './write-errors.ts';

/**
 * Writes a file so that a reader sees all of it or none: beside it first, then renamed. What is there and is no
 * regular file, such as /dev/stdout or a pipe, is written to and stays what it is.
 * @throws KnownError FILE_UNREADABLE when it cannot be written.
 */
export function writeWhole(path: string, text: string): void {
  const file = new UnseenFile(path);
  try {
    file.write(text);
    file.show();
  } catch (error) {
    file.giveUp();
    throw error;
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
    throw unwritableFile(path, cause);
  } finally {
    removeWhole(beside);
  }
}

/**
 * `writeWhole` of a text that comes in parts and may be more than memory holds. Whatever ends the parts ends this, and
 * leaves what there was.
 * @throws KnownError FILE_UNREADABLE when it cannot be written.
 */
export async function writeWholeParts(path: string, parts: AsyncIterable<string>): Promise<void> {
  const file = new UnseenFile(path);
  try {
    for await (const part of parts) file.write(part);
    file.show();
  } catch (error) {
    file.giveUp();
    throw error;
  }
}

/** What is being written beside a file, to be put in its place. Each step throws KnownError FILE_UNREADABLE. */
class UnseenFile {
  readonly #path: string;
  readonly #beside: string;
  readonly #isSpecial: boolean;
  #fd: number | undefined;

  constructor(path: string) {
    this.#path = path;
    this.#beside = besideOf(path);
    this.#isSpecial = this.#tried(() => isSpecial(path));
    this.#fd = this.#tried(() =>
      this.#isSpecial ? openSpecial(path) : openSync(this.#beside, 'w'),
    );
  }

  write(text: string): void {
    this.#tried(() => writeFileSync(this.#fd!, text));
  }

  /** From here on readers see it. */
  show(): void {
    this.#tried(() => {
      if (!this.#isSpecial) fsyncSync(this.#fd!);
      this.#close();
      if (!this.#isSpecial) renameSync(this.#beside, this.#path);
    });
  }

  /** Nobody sees any of it, unless it went to what is no regular file. */
  giveUp(): void {
    this.#close();
    removeWhole(this.#beside);
  }

  #close(): void {
    const fd = this.#fd;
    this.#fd = undefined;
    if (fd !== undefined) closeSync(fd);
  }

  #tried<T>(work: () => T): T {
    try {
      return work();
    } catch (cause) {
      throw unwritableFile(this.#path, cause);
    }
  }
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
function openSpecial(path: string): number {
  return openSync(path, constants.O_WRONLY | constants.O_NONBLOCK);
}

function isSpecial(path: string): boolean {
  const found = statSync(path, { throwIfNoEntry: false });
  return found !== undefined && !found.isFile();
}
