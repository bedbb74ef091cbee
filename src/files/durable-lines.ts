import { closeSync, existsSync, fsyncSync, openSync, readFileSync, statSync } from 'node:fs';
import { type FileHandle, open, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { KnownError } from '../base/errors.ts';
import { limits } from '../base/limits.ts';
import { makeFolders } from './folders.ts';
import { writeReason } from './system-reasons.ts';

/** Lines that wait to be written, and who waits for them. */
interface Batch {
  readonly lines: string[];
  readonly written: Promise<void>;
  readonly settle: (error?: unknown) => void;
}

/**
 * Lines of text in a file to which lines are added: a line that was reported as written outlives a kill and a power
 * cut. Lines that come while others are on their way to the disk go together. A line that was cut off by a kill is
 * no line: it is passed over when the file is read again.
 */
export class DurableLines {
  readonly path: string;
  /** Whole lines in the file, those passed over included. */
  #count: number;
  /** Bytes in the file, up to the end of the last line that was written whole. */
  #bytes: number;
  #file: FileHandle | undefined;
  #batch: Batch | undefined;
  #writing: Promise<void> | undefined;
  #closed = false;

  private constructor(path: string, bytes: number, count: number) {
    this.path = path;
    this.#bytes = bytes;
    this.#count = count;
  }

  /**
   * Opens a file, and its folder, that need not be there yet; gives what is in it.
   * @throws KnownError FILE_UNREADABLE when it cannot be read.
   */
  static open(path: string): { readonly file: DurableLines; readonly lines: readonly string[] } {
    try {
      makeFolders(dirname(path));
      const size = existsSync(path) ? statSync(path).size : 0;
      if (size > limits.stateBytesMax) throw new Error(`${size} bytes, which is too large`);
      const text = size === 0 ? '' : readFileSync(path, 'utf8');
      // What a kill has cut off stays behind, for the next line to overwrite.
      const whole = text.slice(0, text.lastIndexOf('\n') + 1);
      const lines = whole.split('\n').slice(0, -1);
      const file = new DurableLines(path, Buffer.byteLength(whole), lines.length);
      return { file, lines };
    } catch (cause) {
      throw unwritable(path, cause);
    }
  }

  get count(): number {
    return this.#count;
  }

  /** Adds a line. Resolves when it is on the disk. @throws KnownError FILE_UNREADABLE when it cannot be written. */
  append(line: string): Promise<void> {
    const batch = this.#batch ?? newBatch();
    this.#batch = batch;
    batch.lines.push(line);
    this.#writing ??= this.#write();
    return batch.written;
  }

  /** Resolves when all that was added so far is on the disk, or has failed to be. */
  async written(): Promise<void> {
    while (this.#writing !== undefined) await this.#writing;
  }

  /** Puts these lines in place of all others: a reader finds the old ones or the new ones. */
  async replace(lines: readonly string[]): Promise<void> {
    await this.written();
    const replacing = this.#replace(lines).finally(() => {
      // What came meanwhile belongs behind them.
      this.#writing = this.#batch === undefined ? undefined : this.#write();
    });
    this.#writing = replacing.catch(() => {});
    return replacing;
  }

  /** Writes no more; what is on its way is finished. */
  async close(): Promise<void> {
    this.#closed = true;
    await this.written();
    await this.#file?.close();
    this.#file = undefined;
  }

  async #write(): Promise<void> {
    for (let batch = this.#batch; batch !== undefined; batch = this.#batch) {
      this.#batch = undefined;
      try {
        await this.#put(batch.lines);
        batch.settle();
      } catch (cause) {
        batch.settle(unwritable(this.path, cause));
      }
    }
    this.#writing = undefined;
  }

  async #put(lines: readonly string[]): Promise<void> {
    if (this.#closed) throw new Error('it is closed');
    const created = this.#file === undefined && !existsSync(this.path);
    this.#file ??= await open(this.path, created ? 'w' : 'r+');
    const bytes = Buffer.from(`${lines.join('\n')}\n`);
    // At its place, so that half a line left by a full disk is overwritten by the next.
    for (let done = 0; done < bytes.length; ) {
      const { bytesWritten } = await this.#file.write(bytes, done, undefined, this.#bytes + done);
      done += bytesWritten;
    }
    await this.#file.truncate(this.#bytes + bytes.length);
    await this.#file.datasync();
    if (created) syncFolder(this.path);
    this.#bytes += bytes.length;
    this.#count += lines.length;
  }

  async #replace(lines: readonly string[]): Promise<void> {
    const beside = `${this.path}.${process.pid}.part`;
    const text = lines.map((line) => `${line}\n`).join('');
    try {
      const part = await open(beside, 'w');
      try {
        await part.writeFile(text);
        await part.sync();
      } finally {
        await part.close();
      }
      await this.#file?.close();
      this.#file = undefined;
      await rename(beside, this.path);
      syncFolder(this.path);
      this.#bytes = Buffer.byteLength(text);
      this.#count = lines.length;
    } catch (cause) {
      await rm(beside, { force: true });
      throw unwritable(this.path, cause);
    }
  }
}

function newBatch(): Batch {
  let settle: Batch['settle'] = () => {};
  const written = new Promise<void>((resolve, reject) => {
    settle = (error) => (error === undefined ? resolve() : reject(error));
  });
  return { lines: [], written, settle };
}

/** A new name in a folder is durable when the folder is. */
function syncFolder(path: string): void {
  const fd = openSync(dirname(path), 'r');
  try {
    fsyncSync(fd);
  } finally {
    closeSync(fd);
  }
}

function unwritable(path: string, cause: unknown): KnownError {
  const text = `${path}: expected a file that can be read and written, got: ${writeReason(cause)}`;
  return new KnownError('FILE_UNREADABLE', text, { path }, { cause });
}
