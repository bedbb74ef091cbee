import { type Stats, stat } from 'node:fs';
import { rollOver } from './log-rollover.ts';
import { type FileSink, type LogSink, openFile, openOutput } from './log-sink.ts';
import type { Notice } from './server-config.ts';

/** What a log is, and where. */
export interface LogTarget {
  /** Absent: standard output. */
  readonly path?: string;
  /** Else it is emptied when it is opened. */
  readonly append?: boolean;
  /** What messages call it. */
  readonly what?: string;
  /** From this size on it is put aside as `path.1`, `path.2` ... and begun anew. */
  readonly rolloverBytes?: number;
  /** The line, with its end, that says how many lines were lost while nobody took any. */
  readonly lossLine?: (lines: number) => string;
}

/** The file at a log's path: opened, opened anew when another or none is in its place, put aside when it is full. */
export class LogPlace {
  readonly what: string;
  readonly path: string | undefined;
  readonly #target: LogTarget;
  readonly #notice: Notice;
  #sink: LogSink | undefined;
  /** Of the file that is open. */
  #identity: Pick<Stats, 'dev' | 'ino'> | undefined;
  /** A device or a pipe is not put aside. */
  #isPlain = false;
  #bytes = 0;
  /** When it was looked at last, on the monotonic clock. */
  #lookedAt = Number.NEGATIVE_INFINITY;

  constructor(target: LogTarget, notice: Notice) {
    this.what = target.what ?? 'debug log';
    this.path = target.path;
    this.#target = target;
    this.#notice = notice;
  }

  /** Where to write; undefined before `open` and when closed. */
  get sink(): LogSink | undefined {
    return this.#sink;
  }

  /** For appending, emptied first unless told to append. @throws KnownError FILE_UNREADABLE */
  open(): void {
    if (this.path === undefined) this.#sink = openOutput();
    else this.#adopt(openFile(this.path, this.#target.append ?? true, this.what));
  }

  #adopt(sink: FileSink): void {
    const found = sink.stats();
    this.#sink = sink;
    this.#identity = { dev: found.dev, ino: found.ino };
    this.#isPlain = found.isFile();
    this.#bytes = found.size;
    this.#lookedAt = performance.now();
  }

  /** Whether nobody has looked for so long. */
  isStale(ms: number): boolean {
    return this.path !== undefined && performance.now() - this.#lookedAt >= ms;
  }

  /** Somebody says that its file was put aside: nobody has looked since. */
  distrust(): void {
    this.#lookedAt = Number.NEGATIVE_INFINITY;
  }

  /** Opens the file anew if another one, or none, stands in its place; `then` hears whether it did. */
  look(then: (isNew: boolean) => void): void {
    this.#lookedAt = performance.now();
    if (this.path === undefined) return then(false);
    stat(this.path, (error, found) => {
      const moved = error ? error.code === 'ENOENT' : !isSame(found, this.#identity);
      then(moved && this.#sink !== undefined && this.#openAnew());
    });
  }

  /** So many bytes were written: it may be full. */
  grew(bytes: number): void {
    this.#bytes += bytes;
    const { rolloverBytes = Number.POSITIVE_INFINITY } = this.#target;
    if (this.#bytes < rolloverBytes || !this.#isPlain) return;
    try {
      rollOver(this.path!);
      this.#openAnew();
    } catch (error) {
      // Tried again when it has grown as much again.
      this.#bytes = 0;
      this.#notice(`${this.what} cannot be put aside; it goes on growing`, {
        path: this.path,
        error,
      });
    }
  }

  /** False in a place that does not allow it: the old file goes on. */
  #openAnew(): boolean {
    const old = this.#sink;
    try {
      this.#adopt(openFile(this.path!, true, this.what));
    } catch (error) {
      this.#notice(`${this.what} cannot be opened anew; the old file goes on`, {
        path: this.path,
        error,
      });
      return false;
    }
    void old?.close();
    return true;
  }

  async close(): Promise<void> {
    const sink = this.#sink;
    this.#sink = undefined;
    await sink?.close();
  }

  closeNow(): void {
    this.#sink?.closeNow();
    this.#sink = undefined;
  }
}

function isSame(found: Stats, identity: Pick<Stats, 'dev' | 'ino'> | undefined): boolean {
  return found.dev === identity?.dev && found.ino === identity.ino;
}
