import { KnownError } from '../../base/errors.ts';
import { limits } from '../../base/limits.ts';

/** FNV-1a, 32 bits: what a scanner adds up while it looks for the end of a name. */
export const HASH_START = 0x811c9dc5 | 0;
export const HASH_FACTOR = 0x01000193;

/**
 * Names as bytes, each kept once and numbered from 0: a name seen a million times costs no string. `tag` tells apart
 * equal bytes that mean different things (the daemon of a feature, the kind of event of a line's end).
 */
export class ByteNames {
  #slots = new Int32Array(1 << 10).fill(-1);
  #hashes = new Int32Array(512);
  #tags = new Int32Array(512);
  #ends = new Int32Array(512);
  #bytes = Buffer.allocUnsafe(16 * 1024);
  #size = 0;
  readonly #texts: string[] = [];

  get size(): number {
    return this.#size;
  }

  /**
   * The number of the name `bytes[start, end)`, whose hash over its bytes is `hash`.
   * @throws KnownError PLAN_TOO_LARGE for more than `limits.logNamesMax` names.
   */
  idOf(bytes: Uint8Array, start: number, end: number, hash: number, tag: number): number {
    const mixed = Math.imul(hash ^ tag, HASH_FACTOR);
    const mask = this.#slots.length - 1;
    let slot = (mixed ^ (mixed >>> 15)) & mask;
    for (;;) {
      const id = this.#slots[slot]!;
      if (id < 0) return this.#add(bytes, start, end, mixed, tag, slot);
      if (
        this.#hashes[id] === mixed &&
        this.#tags[id] === tag &&
        this.#isAt(id, bytes, start, end)
      ) {
        return id;
      }
      slot = (slot + 1) & mask;
    }
  }

  /** The number of a text, as UTF-8. */
  idOfText(text: string, tag: number): number {
    return this.idOfBytes(Buffer.from(text), tag);
  }

  idOfBytes(bytes: Buffer, tag: number): number {
    return this.idOf(bytes, 0, bytes.length, hashOf(bytes, 0, bytes.length), tag);
  }

  tagOf(id: number): number {
    return this.#tags[id]!;
  }

  /** Its text: UTF-8 where its bytes are, else Latin-1. */
  textOf(id: number): string {
    let known = this.#texts[id];
    if (known === undefined) {
      known = textOfBytes(this.#bytes.subarray(this.#startOf(id), this.#ends[id]));
      this.#texts[id] = known;
    }
    return known;
  }

  #startOf(id: number): number {
    return id === 0 ? 0 : this.#ends[id - 1]!;
  }

  #isAt(id: number, bytes: Uint8Array, start: number, end: number): boolean {
    const own = this.#bytes;
    let at = this.#startOf(id);
    if (this.#ends[id]! - at !== end - start) return false;
    for (let index = start; index < end; index++) {
      if (bytes[index] !== own[at++]) return false;
    }
    return true;
  }

  #add(
    bytes: Uint8Array,
    start: number,
    end: number,
    mixed: number,
    tag: number,
    slot: number,
  ): number {
    const id = this.#size++;
    if (id >= limits.logNamesMax) {
      const text = `debug log: expected at most ${limits.logNamesMax} different names, got more`;
      throw new KnownError('PLAN_TOO_LARGE', text);
    }
    if (id === this.#ends.length) this.#growNames();
    const from = this.#startOf(id);
    const to = from + end - start;
    if (to > this.#bytes.length) {
      const grown = Buffer.allocUnsafe(2 * to);
      grown.set(this.#bytes);
      this.#bytes = grown;
    }
    this.#bytes.set(bytes.subarray(start, end), from);
    this.#ends[id] = to;
    this.#hashes[id] = mixed;
    this.#tags[id] = tag;
    this.#slots[slot] = id;
    if (2 * this.#size > this.#slots.length) this.#rehash();
    return id;
  }

  #growNames(): void {
    this.#ends = grownInts(this.#ends);
    this.#hashes = grownInts(this.#hashes);
    this.#tags = grownInts(this.#tags);
  }

  #rehash(): void {
    const slots = new Int32Array(2 * this.#slots.length).fill(-1);
    const mask = slots.length - 1;
    for (let id = 0; id < this.#size; id++) {
      const mixed = this.#hashes[id]!;
      let slot = (mixed ^ (mixed >>> 15)) & mask;
      while (slots[slot]! >= 0) slot = (slot + 1) & mask;
      slots[slot] = id;
    }
    this.#slots = slots;
  }
}

/** The hash that `idOf` expects. */
export function hashOf(bytes: Uint8Array, start: number, end: number): number {
  let hash = HASH_START;
  for (let at = start; at < end; at++) hash = Math.imul(hash ^ bytes[at]!, HASH_FACTOR);
  return hash;
}

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** Bytes of a log as text: UTF-8 where they are, else one character a byte (Windows writes its code page). */
export function textOfBytes(bytes: Buffer): string {
  for (let at = 0; at < bytes.length; at++) {
    if (bytes[at]! < 0x80) continue;
    try {
      return utf8.decode(bytes);
    } catch {
      break;
    }
  }
  return bytes.toString('latin1');
}

function grownInts(old: Int32Array): Int32Array<ArrayBuffer> {
  const grown = new Int32Array(2 * old.length);
  grown.set(old);
  return grown;
}
