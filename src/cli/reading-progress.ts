/** Says every second how far a log is read, on a terminal only, and wipes it away at the end. */
const EVERY_MS = 1_000;

interface Terminal {
  readonly isTTY?: boolean;
  write(text: string): unknown;
}

export class ReadingProgress {
  readonly #out: Terminal;
  #toldAt = performance.now();
  #told = false;

  constructor(out: Terminal) {
    this.#out = out;
  }

  report(path: string, bytes: number): void {
    this.tell(`${path}: ${Math.round(bytes / 1e6)} MB read`);
  }

  /** Takes the place of what was told before. */
  tell(text: string): void {
    const now = performance.now();
    if (this.#out.isTTY !== true || now - this.#toldAt < EVERY_MS) return;
    this.#toldAt = now;
    this.#told = true;
    this.#out.write(`\r\x1b[K${text}`);
  }

  end(): void {
    if (this.#told) this.#out.write('\r\x1b[K');
    this.#told = false;
  }
}
