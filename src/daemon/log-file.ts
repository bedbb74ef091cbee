import { limits } from '../base/limits.ts';
import { LogBytes } from './log-bytes.ts';
import { LogPlace, type LogTarget } from './log-place.ts';
import type { LogSink } from './log-sink.ts';
import type { Notice } from './server-config.ts';

const RETRY_MS = 1_000;
/** A pipe that is full is tried again so soon: its reader may just be slower than we are. */
const FULL_MS = 20;
/** Nobody has taken a byte for so long: the log counts as failing. */
const STUCK_MS = 1_000;
/** A busy log is written this often; a quiet one at once. Each write costs a system call and a thread's wake. */
const WRITE_EVERY_MS = 10;
/** The longest that anybody waits for the disk to take what was written. */
const FLUSH_MS_MAX = 5_000;
/** How often a log looks whether somebody has put another file in its place (logrotate). */
const LOOK_EVERY_MS = 1_000;

/**
 * A log that several writers append to. A line leaves at the end of its turn of the event loop; under load lines
 * gather for some milliseconds and leave together. While nobody takes them (a full disk, a pipe without a
 * reader) the server goes on, says so once, drops what exceeds its bound and resumes. A file that was renamed or
 * removed under it is opened anew within a second of its next line, or at once by `reopen`; one that was emptied is
 * appended to.
 */
export class LogFile {
  readonly #place: LogPlace;
  readonly #lossLine: (lines: number) => string;
  readonly #notice: Notice;
  readonly #pending = new LogBytes();
  #writing = false;
  #scheduled = false;
  #writtenAt = Number.NEGATIVE_INFINITY;
  #failing = false;
  #dropped = 0;
  #toldDropped = 0;
  #closed = false;
  /** A fault says that the disk is full. */
  #full = false;
  #retryNow: (() => void) | undefined;
  /** Those who wait until nothing is left to write, or nobody takes it. */
  readonly #waiters = new Set<() => void>();

  /** Lines gather until `open`. */
  constructor(target: LogTarget, notice: Notice) {
    this.#place = new LogPlace(target, notice);
    this.#lossLine = target.lossLine ?? (() => '');
    this.#notice = notice;
  }

  get path(): string | undefined {
    return this.#place.path;
  }

  get isOpen(): boolean {
    return this.#place.sink !== undefined;
  }

  /**
   * Opens the file for appending, emptied first unless told to append.
   * @throws KnownError FILE_UNREADABLE when it cannot be opened.
   */
  open(): void {
    this.#place.open();
    this.#pump();
  }

  /** Looks whether its file is still in its place, and opens it anew if not; while it writes, right behind that. */
  reopen(): void {
    this.#place.distrust();
    if (!this.#writing && this.isOpen) this.#lookThenPump();
  }

  /** A fault says that the disk is full, or no longer. */
  setFull(full: boolean): void {
    this.#full = full;
    if (!full) this.#retryNow?.();
  }

  /** Lines that were lost while nobody took any. */
  get dropped(): number {
    return this.#dropped;
  }

  /** Bytes that wait to be written. */
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
    const size = Buffer.byteLength(lines);
    if (!this.#hasRoom(size)) {
      this.#dropped += lines.split('\n').length - 1;
      return;
    }
    this.#pending.text(lines, size);
    this.#soon();
  }

  /** Appends one line that is there as bytes: what it begins with, and the rest with its line feed. */
  writeLine(begin: Uint8Array, rest: Uint8Array): void {
    if (this.#closed) return;
    if (!this.#hasRoom(begin.length + rest.length)) {
      this.#dropped++;
      return;
    }
    this.#pending.raw(begin);
    this.#pending.raw(rest);
    this.#soon();
  }

  #hasRoom(size: number): boolean {
    return this.#pending.length + size <= limits.logBytesPendingMax;
  }

  #soon(): void {
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
    if (!this.isOpen || this.#writing || this.#closed || this.#pending.length === 0) return;
    if (this.#place.isStale(LOOK_EVERY_MS)) return this.#lookThenPump();
    this.#writtenAt = performance.now();
    this.#writing = true;
    this.#put(this.#pending.take(), 0);
  }

  #lookThenPump(): void {
    this.#writing = true;
    this.#place.look(() => {
      this.#writing = false;
      this.#pump();
      if (!this.#writing) this.#release();
    });
  }

  #put(bytes: Buffer, from: number): void {
    const stuck = setTimeout(() => this.#fail(new Error('nobody reads it')), STUCK_MS);
    stuck.unref();
    const anew = (isNew: boolean): void => {
      clearTimeout(stuck);
      this.#put(bytes, isNew ? lineStart(bytes, from) : from);
    };
    const take = (): void => {
      this.#take(bytes, from, (error, taken) => {
        if (this.#closed) return clearTimeout(stuck);
        if ((error as NodeJS.ErrnoException | null)?.code === 'EAGAIN') {
          return this.#again(FULL_MS, (isNew) => (isNew ? anew(isNew) : take()));
        }
        clearTimeout(stuck);
        if (error) {
          this.#fail(error);
          this.#again(RETRY_MS, anew);
        } else if (from + taken < bytes.length) this.#put(bytes, from + taken);
        else this.#written(bytes);
      });
    };
    take();
  }

  #take(...[bytes, from, done]: Parameters<LogSink['take']>): void {
    if (this.#full) done(new Error('ENOSPC: no space left on device (a fault)'), 0);
    else this.#place.sink!.take(bytes, from, done);
  }

  /** Another file may stand in its place by then, which `put` hears: that begins with a whole line. */
  #again(waitMs: number, put: (isNew: boolean) => void): void {
    const unlessClosed = (isNew: boolean): void => {
      if (!this.#closed) put(isNew);
    };
    const again = (): void => {
      clearTimeout(retry);
      this.#retryNow = undefined;
      if (this.#place.isStale(LOOK_EVERY_MS)) this.#place.look(unlessClosed);
      else unlessClosed(false);
    };
    const retry = setTimeout(again, waitMs);
    retry.unref();
    this.#retryNow = again;
  }

  #written(bytes: Buffer): void {
    this.#writing = false;
    this.#pending.giveBack(bytes);
    this.#recovered();
    this.#place.grew(bytes.length);
    // Who waits has waited for the lines that were there when it came, which have been written now or come next.
    if (this.#pending.length === 0) this.#release();
    else if (this.#waiters.size > 0) this.#pump();
    else if (!this.#scheduled) this.#schedule();
  }

  #recovered(): void {
    if (!this.#failing) return;
    this.#failing = false;
    const { what, path } = this.#place;
    const lost = this.#dropped - this.#toldDropped;
    this.#toldDropped = this.#dropped;
    this.#notice(`${what} takes lines again`, { path, dropped: lost });
    if (lost > 0) this.#pending.prepend(this.#lossLine(lost));
  }

  #fail(error: Error): void {
    this.#release();
    if (this.#failing) return;
    this.#failing = true;
    const { what, path } = this.#place;
    const details = { path, error: error.message };
    this.#notice(`${what} takes no more lines; the server goes on`, details);
  }

  #release(): void {
    for (const done of this.#waiters) done();
  }

  /** Writes what is left, as far as it is taken, and closes. Used at the end of a process. */
  closeNow(): void {
    if (this.#closed || !this.isOpen) return;
    this.#closed = true;
    try {
      if (this.#pending.length > 0) this.#place.sink!.takeNow(this.#pending.take());
    } catch {
      // Told already when it began to fail; at the end of the process there is nobody left to tell.
    }
    this.#place.closeNow();
  }

  /** Writes what is left, then closes. */
  async close(): Promise<void> {
    await this.flushed();
    if (this.#closed) return;
    this.#closed = true;
    await this.#place.close();
  }
}

/** Where the line begins that `at` is in. */
function lineStart(bytes: Buffer, at: number): number {
  return bytes.subarray(0, at).lastIndexOf(0x0a) + 1;
}
