import type { Writable } from 'node:stream';

/** What may wait for a slow reader: as much as some thousand lines. */
const PENDING_BYTES_MAX = 256 * 1024;
/** At the end a reader gets so long to take what is left. */
const PATIENCE_MS = 500;

/**
 * Lines for a reader that may be slow or gone, such as a pipe that nobody empties: writing never waits. What does
 * not fit is dropped and counted, and the count is told when there is room again.
 */
export class LineSink {
  readonly #stream: Writable;
  readonly #tellDropped: (lines: number) => void;
  #dropped = 0;

  constructor(stream: Writable, tellDropped: (lines: number) => void) {
    this.#stream = stream;
    this.#tellDropped = tellDropped;
  }

  /** A whole line, with its line feed. */
  write(line: string): void {
    const stream = this.#stream;
    if (!stream.writable) return;
    if (this.#dropped === 0 && stream.writableLength + line.length <= PENDING_BYTES_MAX) {
      stream.write(line);
    } else if (this.#dropped++ === 0) {
      stream.once('drain', () => this.#resume());
    }
  }

  #resume(): void {
    const lines = this.#dropped;
    this.#dropped = 0;
    this.#tellDropped(lines);
  }

  settled(): Promise<boolean> {
    return settled(this.#stream);
  }
}

/** Resolves with true when everything written was taken; with false when the reader takes too long. */
export function settled(stream: Writable): Promise<boolean> {
  return new Promise((resolve) => {
    if (!stream.writable) return resolve(true);
    const patience = setTimeout(() => resolve(false), PATIENCE_MS);
    stream.write('', () => {
      clearTimeout(patience);
      resolve(true);
    });
  });
}
