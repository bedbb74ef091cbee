import {
  close,
  closeSync,
  constants,
  fstatSync,
  openSync,
  type Stats,
  statSync,
  write,
  writeSync,
} from 'node:fs';
import { KnownError } from '../base/errors.ts';
import { shownPath, writeReason } from '../files/system-reasons.ts';

/** Where the bytes of a log go. Taking them never holds up the event loop, nor the end of the process. */
export interface LogSink {
  /** Takes some of `bytes` from `from` on; tells how many, or why none. One call at a time. */
  take(bytes: Buffer, from: number, done: (error: Error | null, taken: number) => void): void;
  /** Takes what it can without waiting: at the end of a process. */
  takeNow(bytes: Buffer): void;
  close(): Promise<void>;
  closeNow(): void;
}

/** A file or a device. */
export class FileSink implements LogSink {
  readonly #fd: number;
  readonly #isOurs: boolean;

  constructor(fd: number, isOurs: boolean) {
    this.#fd = fd;
    this.#isOurs = isOurs;
  }

  /** What it is, wherever it stands by now. @throws Error of the file system */
  stats(): Stats {
    return fstatSync(this.#fd);
  }

  take(bytes: Buffer, from: number, done: (error: Error | null, taken: number) => void): void {
    write(this.#fd, bytes, from, bytes.length - from, null, done);
  }

  takeNow(bytes: Buffer): void {
    writeSync(this.#fd, bytes);
  }

  close(): Promise<void> {
    return this.#isOurs ? new Promise((done) => close(this.#fd, () => done())) : Promise.resolve();
  }

  closeNow(): void {
    if (this.#isOurs) closeSync(this.#fd);
  }
}

/**
 * Standard output that is a pipe. A thread that writes to one which nobody empties waits, and the end of the
 * process with it; Node's own stream waits without a thread.
 */
class OutputSink implements LogSink {
  constructor() {
    const { stdout } = process;
    // The callback of each write is told; an event that nobody listens to would end the process.
    if (!stdout.listeners('error').includes(ignore)) stdout.on('error', ignore);
  }

  take(bytes: Buffer, from: number, done: (error: Error | null, taken: number) => void): void {
    process.stdout.write(bytes.subarray(from), (error) => done(error ?? null, bytes.length - from));
  }

  takeNow(bytes: Buffer): void {
    process.stdout.write(bytes);
  }

  async close(): Promise<void> {}

  closeNow(): void {}
}

function ignore(): void {}

/** Standard output, or whatever it was redirected to. */
export function openOutput(): LogSink {
  const output = fstatSync(1);
  return output.isFIFO() || output.isSocket() ? new OutputSink() : new FileSink(1, false);
}

/**
 * A file for appending, emptied first unless told to append. Daemons in processes of their own share it line by
 * line. Messages call it `what`.
 * @throws KnownError FILE_UNREADABLE when it cannot be opened.
 */
export function openFile(path: string, append: boolean, what: string): FileSink {
  const { O_APPEND, O_CREAT, O_NONBLOCK, O_RDWR, O_TRUNC, O_WRONLY } = constants;
  try {
    // A named pipe is opened for reading, too: for writing alone one would have to wait for a reader. What is
    // written waits in it, as far as there is room, until somebody reads.
    const access = isNamedPipe(path) ? O_RDWR : O_WRONLY;
    // Windows knows no O_NONBLOCK, nor what it is for.
    const how = access | O_APPEND | O_CREAT | (O_NONBLOCK ?? 0) | (append ? 0 : O_TRUNC);
    return new FileSink(openSync(path, how, 0o666), true);
  } catch (cause) {
    const reason = writeReason(cause);
    const text = `${shownPath(path)}: expected a ${what} that can be written, got: ${reason}`;
    throw new KnownError('FILE_UNREADABLE', text, { path }, { cause });
  }
}

function isNamedPipe(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isFIFO() ?? false;
}
