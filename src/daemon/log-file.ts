import { limits } from '../base/limits.ts';
import { type LogSink, openFile, openOutput } from './log-sink.ts';

const RETRY_MS = 1_000;
/** A pipe that is full is tried again so soon: its reader may just be slower than we are. */
const FULL_MS = 20;
/** Nobody has taken a byte for so long: the log counts as failing. */
const STUCK_MS = 1_000;
/** A busy log is written this often; a quiet one at once. Each write costs a system call and a thread's wake. */
const WRITE_EVERY_MS = 10;
/** The longest that anybody waits for the disk to take what was written. */
const FLUSH_MS_MAX = 5_000;

/**
 * A log that several writers append to. A line leaves at the end of its turn of the event loop; under load lines
 * gather for some milliseconds and leave together. While nobody takes them (a full disk, a pipe without a
 * reader) the server goes on, says so once, drops what exceeds its bound and resumes.
 */
export class LogFile {
  readonly path: string | undefined;
  readonly #notice: (what: string, details: Readonly<Record<string, unknown>>) => void;
  readonly #append: boolean;
  #sink: LogSink | undefined;
  #pending = '';
  #writing = false;
  #scheduled = false;
  #writtenAt = Number.NEGATIVE_INFINITY;
  #failing = false;
  #dropped = 0;
  #closed = false;
  /** Those who wait until nothing is left to write, or nobody takes it. */
  readonly #waiters = new Set<() => void>();

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
    this.#sink = this.path === undefined ? openOutput() : openFile(this.path, this.#append);
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
   * Resolves when all lines so far have been written, or nobody takes them: a reader of the file finds them.
   * Lines that others write meanwhile may come along.
   */
  flushed(): Promise<void> {
    this.#pump();
    if (!this.#writing || this.#failing || this.#closed) return Promise.resolve();
    return new Promise((resolve) => {
      const done = (): void => {
        clearTimeout(patience);
        this.#waiters.delete(done);
        resolve();
      };
      const patience = setTimeout(done, FLUSH_MS_MAX);
      this.#waiters.add(done);
    });
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
    if (this.#sink === undefined || this.#writing || this.#closed || this.#pending === '') return;
    this.#writtenAt = performance.now();
    const bytes = Buffer.from(this.#pending, 'utf8');
    this.#pending = '';
    this.#writing = true;
    this.#put(bytes, 0);
  }

  #put(bytes: Buffer, from: number): void {
    const stuck = setTimeout(() => this.#fail(new Error('nobody reads it')), STUCK_MS);
    stuck.unref();
    const put = (start: number): void => {
      this.#sink!.take(bytes, start, (error, taken) => {
        if (this.#closed) return clearTimeout(stuck);
        if ((error as NodeJS.ErrnoException | null)?.code === 'EAGAIN') {
          return this.#again(FULL_MS, () => put(start));
        }
        clearTimeout(stuck);
        if (error) {
          this.#fail(error);
          this.#again(RETRY_MS, () => this.#put(bytes, start));
        } else if (start + taken < bytes.length) this.#put(bytes, start + taken);
        else this.#written();
      });
    };
    put(from);
  }

  #again(waitMs: number, put: () => void): void {
    const retry = setTimeout(() => {
      if (!this.#closed) put();
    }, waitMs);
    retry.unref();
  }

  #written(): void {
    this.#writing = false;
    if (this.#failing) {
      this.#failing = false;
      this.#notice('debug log takes lines again', { path: this.path, dropped: this.#dropped });
    }
    // Who waits has waited for the lines that were there when it came, which have been written now or come next.
    if (this.#pending === '') this.#release();
    else if (this.#waiters.size > 0) this.#pump();
    else if (!this.#scheduled) this.#schedule();
  }

  #fail(error: Error): void {
    this.#release();
    if (this.#failing) return;
    this.#failing = true;
    this.#notice('debug log takes no more lines; the server goes on', {
      path: this.path,
      error: error.message,
    });
  }

  #release(): void {
    for (const done of this.#waiters) done();
  }

  /** Writes what is left, as far as it is taken, and closes. Used at the end of a process. */
  closeNow(): void {
    if (this.#closed || this.#sink === undefined) return;
    this.#closed = true;
    try {
      if (this.#pending !== '') this.#sink.takeNow(this.#pending);
    } catch {
      // Told already when it began to fail; at the end of the process there is nobody left to tell.
    }
    this.#sink.closeNow();
  }

  /** Writes what is left, then closes. */
  async close(): Promise<void> {
    await this.flushed();
    this.#closed = true;
    await this.#sink?.close();
  }
}
