import type { LogicalLine } from './logical-line.ts';

/** Longer words are signatures and the like, which do not come again. */
const BYTES_MAX = 40;
const SLOTS = 1024;
const NON_ASCII = 0x80;

/**
 * Remembers what words of one file were read as. A license file says the same few words thousands
 * of times (`DUP_GROUP=UH`, `permanent`, the vendor's name); what a word meant before, it means
 * again, and to compare bytes is several times as fast as to read them. A newer word takes the
 * place of an older one.
 */
export class WordMemory<T> {
  readonly #starts: number[] = [];
  readonly #lengths: number[] = [];
  readonly #values: T[] = [];
  #slot = -1;
  #start = 0;
  #length = 0;

  /** What an equal word was read as, or undefined. */
  recall(line: LogicalLine, index: number): T | undefined {
    const { bytes } = line;
    const start = line.wordStart(index);
    const length = line.wordEnd(index) - start;
    this.#slot = -1;
    if (length > BYTES_MAX) return undefined;
    const slot = slotOf(bytes, start, length);
    this.#slot = slot;
    this.#start = start;
    this.#length = length;
    if (this.#lengths[slot] !== length) return undefined;
    const known = this.#starts[slot]!;
    for (let i = 0; i < length; i++) {
      const byte = bytes[start + i]!;
      // Bytes over ASCII may stand for more than one character each.
      if (byte !== bytes[known + i] || byte >= NON_ASCII) return undefined;
    }
    return this.#values[slot];
  }

  /** Keeps what the word was read as that `recall` was last asked for. */
  remember(value: T): T {
    const slot = this.#slot;
    if (slot >= 0) {
      this.#starts[slot] = this.#start;
      this.#lengths[slot] = this.#length;
      this.#values[slot] = value;
    }
    return value;
  }
}

/** From the length, both ends and the middle: enough to keep a file's common words apart. */
function slotOf(bytes: Uint8Array, start: number, length: number): number {
  const end = start + length;
  let hash = Math.imul(length, 31) + bytes[start]!;
  hash = Math.imul(hash, 31) + bytes[start + (length >> 1)]!;
  hash = Math.imul(hash, 31) + bytes[end - 2]!;
  hash = Math.imul(hash, 31) + bytes[end - 1]!;
  return (hash ^ (hash >>> 10)) & (SLOTS - 1);
}
