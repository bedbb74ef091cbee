/** Room that a quiet log has. */
const START_BYTES = 16 * 1024;
/** A buffer that had to grow past this in a bad hour is not kept for the next. */
const KEPT_BYTES_MAX = 1024 * 1024;

/**
 * Lines that wait to be written, as the bytes they will be. Strings that are joined piece by piece have to be put in
 * one row and encoded in the end, which cost a busy daemon a sixth of its time (bench/README.md).
 *
 * There are two buffers: one takes lines while the other is being written.
 */
export class LogBytes {
  #bytes: Buffer = Buffer.allocUnsafeSlow(START_BYTES);
  #spare: Buffer | undefined;
  #end = 0;

  get length(): number {
    return this.#end;
  }

  /** Appends a text that makes so many bytes of UTF-8. */
  text(text: string, size: number): void {
    this.#reserve(size);
    this.#bytes.write(text, this.#end, size, 'utf8');
    this.#end += size;
  }

  /** Appends bytes as they are. */
  raw(bytes: Uint8Array): void {
    this.#reserve(bytes.length);
    this.#bytes.set(bytes, this.#end);
    this.#end += bytes.length;
  }

  #reserve(size: number): void {
    const needed = this.#end + size;
    if (needed <= this.#bytes.length) return;
    const grown = Buffer.allocUnsafeSlow(Math.max(needed, 2 * this.#bytes.length));
    grown.set(this.#bytes.subarray(0, this.#end));
    this.#bytes = grown;
  }

  /** What was collected, which is the caller's until it gives it back. */
  take(): Buffer {
    const taken = this.#bytes.subarray(0, this.#end);
    this.#bytes = this.#spare ?? Buffer.allocUnsafeSlow(START_BYTES);
    this.#spare = undefined;
    this.#end = 0;
    return taken;
  }

  /** Takes back what `take` gave: nobody reads it any more. */
  giveBack(taken: Buffer): void {
    if (taken.buffer.byteLength <= KEPT_BYTES_MAX) this.#spare = Buffer.from(taken.buffer);
  }

  /** Puts a text before everything that was collected. */
  prepend(text: string): void {
    const rest = this.take();
    this.text(text, Buffer.byteLength(text));
    this.raw(rest);
    this.giveBack(rest);
  }
}
