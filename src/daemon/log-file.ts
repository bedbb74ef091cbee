import { close, closeSync, openSync, write, writeSync } from 'node:fs';
import { KnownError } from '../base/errors.ts';
import { limits } from '../base/limits.ts';
import { shownPath, writeReason } from '../files/system-reasons.ts';

const RETRY_MS = 1_000;
/** A busy log is written this often; a quiet one at once. Each write costs a system call and a thread's wake. */
const WRITE_EVERY_MS = 10;
/** The longest that anybody waits for the disk to take what was written. */
const FLUSH_MS_MAX = 5_000;

/**
 * A log that several writers append to. A line leaves at the end of its turn of the event loop; under load lines
 * gather for some milliseconds and leave together. While the disk takes nothing (full, gone) the server goes
 * on, says so once, drops what exceeds its bound and resumes.
 */
export class LogFile {
  readonly path: string | undefined;
  readonly #notice: (what: string, details: Readonly<Record<string, unknown>>) => void;
  readonly #append: boolean;
  #fd: number | undefined;
  #pending = '';
  #writing = false;
  #scheduled = false;
  #writtenAt = Number.NEGATIVE_INFINITY;
  #failing = false;
  #dropped = 0;
  #closed = false;

  /** For `path`, or without one for standard output. Lines gather until `open`. */
  constructor(
    target: { readonly path?: string; readonly append?: boolean },
    notice: (what: string, details: Readonly<Record<string, unknown>>) => void,
  ) {
    this.path = target.path;
    this.#append = target.append ?? true;
    this.#notice = notice;
  }

  /**
   * Opens the file for appending, emptied first unless told to append.
   * @throws KnownError FILE_UNREADABLE when it cannot be opened.
   */
  open(): void {
    this.#fd = this.path === undefined ? 1 : openLog(this.path, this.#append);
    this.#pump();
  }

  /** Lines that were lost while the disk took none. */
  get dropped(): number {
    return this.#dropped;
  }

  /** Characters that wait to be written. */
  get pending(): number {
    return this.#pending.length;
  }

  /**
   * Resolves when all lines so far have been written, or the disk takes none: a reader of the file finds them.
   * Lines that others write meanwhile may come along.
   */
  async flushed(): Promise<void> {
    const giveUpAt = performance.now() + FLUSH_MS_MAX;
    while (this.#fd !== undefined && !this.#closed && (this.#pending !== '' || this.#writing)) {
      if (this.#failing || performance.now() > giveUpAt) return;
      this.#pump();
      await new Promise((turn) => setImmediate(turn));
    }
  }

  /** Appends whole lines; each must end with a line feed. */
  write(lines: string): void {
    if (this.#closed) return;
    if (this.#pending.length + lines.length > limits.logBytesPendingMax) {
      this.#dropped++;
      return;
    }
    this.#pending += lines;
    if (!this.#scheduled && !this.#writing && !this.#failing) this.#schedule();
  }

  #schedule(): void {
    this.#scheduled = true;
    const write = (): void => {
      this.#scheduled = false;
      this.#pump();
    };
    const wait = this.#writtenAt + WRITE_EVERY_MS - performance.now();
    if (wait <= 0) setImmediate(write);
    else setTimeout(write, wait);
  }

  #pump(): void {
    if (this.#fd === undefined || this.#writing || this.#closed || this.#pending === '') return;
    this.#writtenAt = performance.now();
    const bytes = Buffer.from(this.#pending, 'utf8');
    this.#pending = '';
    this.#writing = true;
    this.#put(bytes, 0);
  }

  #put(bytes: Buffer, from: number): void {
    write(this.#fd!, bytes, from, bytes.length - from, null, (error, written) => {
      if (this.#closed) return;
      if (error) return this.#failed(error, bytes, from);
      if (from + written < bytes.length) return this.#put(bytes, from + written);
      this.#writing = false;
      this.#recovered();
      if (this.#pending !== '' && !this.#scheduled) this.#schedule();
    });
  }

  #failed(error: Error, bytes: Buffer, from: number): void {
    if (!this.#failing) {
      this.#failing = true;
      this.#notice('debug log takes no more lines; the server goes on', {
        path: this.path,
        error: error.message,
      });
    }
    const retry = setTimeout(() => {
      if (!this.#closed) this.#put(bytes, from);
    }, RETRY_MS);
    retry.unref();
  }

  #recovered(): void {
    if (!this.#failing) return;
    this.#failing = false;
    this.#notice('debug log takes lines again', { path: this.path, dropped: this.#dropped });
  }

  /** Writes what is left, as far as the disk takes it, and closes. Used at the end of a process. */
  closeNow(): void {
    if (this.#closed || this.#fd === undefined) return;
    this.#closed = true;
    try {
      if (this.#pending !== '') writeSync(this.#fd, this.#pending);
    } catch {
      // Told already when it began to fail; at the end of the process there is nobody left to tell.
    }
    if (this.path !== undefined) closeSync(this.#fd);
  }

  /** Writes what is left, then closes. */
  async close(): Promise<void> {
    const fd = this.#fd;
    await this.flushed();
    this.#closed = true;
    if (this.path === undefined || fd === undefined) return;
    await new Promise<void>((done) => close(fd, () => done()));
  }
}

function openLog(path: string, append: boolean): number {
  try {
    // Appending even after emptying: daemons in processes of their own share the file line by line.
    if (!append) closeSync(openSync(path, 'w'));
    return openSync(path, 'a');
  } catch (cause) {
    const reason = writeReason(cause);
    const text = `${shownPath(path)}: expected a debug log that can be written, got: ${reason}`;
    throw new KnownError('FILE_UNREADABLE', text, { path }, { cause });
  }
}
