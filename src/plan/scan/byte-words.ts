/** Bytes four at a time: a name costs a step for four of its letters. */

/** So many bytes behind a range may be looked at, though never taken for anything. */
export const BYTES_BEHIND = 16;

export const HASH_START = 0x811c9dc5 | 0;
const HASH_FACTOR = 0x9e3779b1 | 0;
/** The highest bit of each byte. */
const HIGH_BITS = 0x80808080 | 0;

/** Four times the same byte. */
export function fourOf(byte: number): number {
  return Math.imul(byte, 0x01010101);
}

/** Four letters as a view reads them. */
export function wordOf(letters: string): number {
  return Buffer.from(letters, 'latin1').readInt32LE();
}

/** A hash that has taken four more bytes: each bit of them moves many. */
export function hashStep(hash: number, word: number): number {
  const product = Math.imul(hash ^ word, HASH_FACTOR);
  return product ^ (product >>> 15);
}

/** The first `bytes` of a word, 1 to 3, as if there were nothing behind. */
export function firstOf(word: number, bytes: number): number {
  return word & ((1 << (8 * bytes)) - 1);
}

/** Finds where names end, and adds up their hashes on the way. */
export class NameEnds {
  /** Of the bytes before the end that was found last. */
  hash = HASH_START;

  /** Where the first byte from `from` on is that is smaller than those of `bounds` (`fourOf` one up to 128). */
  endOf(view: DataView, from: number, bounds: number): number {
    let hash = HASH_START;
    let at = from;
    for (;;) {
      const word = view.getInt32(at, true);
      // A byte that is smaller borrows from its own highest bit; those below the first one are exact.
      const ends = (word - bounds) & ~word & HIGH_BITS;
      if (ends !== 0) {
        const bytes = (31 - Math.clz32(ends & -ends)) >> 3;
        this.hash = bytes === 0 ? hash : hashStep(hash, firstOf(word, bytes));
        return at + bytes;
      }
      hash = hashStep(hash, word);
      at += 4;
    }
  }
}

/** The hash of `length` bytes from `start` on, as `NameEnds` has it. */
export function hashOf(view: DataView, start: number, length: number): number {
  let hash = HASH_START;
  let at = 0;
  for (; at + 4 <= length; at += 4) hash = hashStep(hash, view.getInt32(start + at, true));
  return at === length
    ? hash
    : hashStep(hash, firstOf(view.getInt32(start + at, true), length - at));
}

/** Bytes with what has to be behind them. */
export function withBytesBehind(...parts: readonly Uint8Array[]): Buffer {
  return Buffer.concat([...parts, new Uint8Array(BYTES_BEHIND)]);
}

export function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
