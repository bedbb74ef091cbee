import { KnownError } from '../../base/errors.ts';
import { limits } from '../../base/limits.ts';
import { firstOf, hashOf, hashStep, viewOf, withBytesBehind } from './byte-words.ts';

/**
 * Names as bytes, each kept once and numbered from 0: a name seen a million times costs no string. `tag` tells apart
 * equal bytes that mean different things (the daemon of a feature, the kind of event of a line's end).
 */
export class ByteNames {
  #slots = new Int32Array(1 << 10).fill(-1);
  #hashes = new Int32Array(512);
  #tags = new Int32Array(512);
  /** Where the bytes of each begin, a multiple of four; behind them zeros up to the next. */
  #starts = new Int32Array(512);
  #lengths = new Int32Array(512);
  #marks = new Uint8Array(512);
  #bytes = Buffer.alloc(16 * 1024);
  #view = viewOf(this.#bytes);
  #bytesEnd = 0;
  #size = 0;
  readonly #texts: string[] = [];

  get size(): number {
    return this.#size;
  }

  /**
   * The number of the name of `length` bytes from `start` on, whose hash by `NameEnds` is `hash`; up to
   * `BYTES_BEHIND` more are there.
   * @throws KnownError PLAN_TOO_LARGE for more than `limits.logNamesMax` names.
   */
  idOf(view: DataView, start: number, length: number, hash: number, tag: number): number {
    const own = hashStep(hash, tag);
    const slot = this.#slotOf(view, start, length, own, tag);
    const id = this.#slots[slot]!;
    return id < 0 ? this.#add(view, start, length, own, tag, slot) : id;
  }

  /** The same, or -1 when it has none yet. */
  find(view: DataView, start: number, length: number, hash: number, tag: number): number {
    return this.#slots[this.#slotOf(view, start, length, hashStep(hash, tag), tag)]!;
  }

  /** The slot that it is in, or would be. */
  #slotOf(view: DataView, start: number, length: number, own: number, tag: number): number {
    const slots = this.#slots;
    const mask = slots.length - 1;
    let slot = own & mask;
    for (;;) {
      const id = slots[slot]!;
      if (id < 0) return slot;
      const isAlike = this.#hashes[id] === own && this.#tags[id] === tag;
      if (isAlike && this.#isAt(id, view, start, length)) return slot;
      slot = (slot + 1) & mask;
    }
  }

  /** The number of a text, as UTF-8. */
  idOfText(text: string, tag: number): number {
    return this.idOfBytes(Buffer.from(text), tag);
  }

  idOfBytes(bytes: Buffer, tag: number): number {
    const view = viewOf(withBytesBehind(bytes));
    return this.idOf(view, 0, bytes.length, hashOf(view, 0, bytes.length), tag);
  }

  tagOf(id: number): number {
    return this.#tags[id]!;
  }

  /** Something was found out about a name that need not be found out again. */
  mark(id: number): void {
    this.#marks[id] = 1;
  }

  isMarked(id: number): boolean {
    return this.#marks[id] === 1;
  }

  /** Its text: UTF-8 where its bytes are, else Latin-1. */
  textOf(id: number): string {
    let known = this.#texts[id];
    if (known === undefined) {
      const start = this.#starts[id]!;
      known = textOfBytes(this.#bytes.subarray(start, start + this.#lengths[id]!));
      this.#texts[id] = known;
    }
    return known;
  }

  #isAt(id: number, view: DataView, start: number, length: number): boolean {
    if (this.#lengths[id] !== length) return false;
    const own = this.#view;
    const from = this.#starts[id]!;
    let at = 0;
    for (; at + 4 <= length; at += 4) {
      if (own.getInt32(from + at, true) !== view.getInt32(start + at, true)) return false;
    }
    if (at === length) return true;
    return own.getInt32(from + at, true) === firstOf(view.getInt32(start + at, true), length - at);
  }

  #add(
    view: DataView,
    start: number,
    length: number,
    own: number,
    tag: number,
    slot: number,
  ): number {
    const id = this.#size++;
    if (id >= limits.logNamesMax) {
      const text = `debug log: expected at most ${limits.logNamesMax} different names, got more`;
      throw new KnownError('PLAN_TOO_LARGE', text);
    }
    if (id === this.#starts.length) this.#growNames();
    const from = this.#bytesEnd;
    this.#bytesEnd = from + ((length + 3) & ~3);
    if (this.#bytesEnd > this.#bytes.length) this.#growBytes();
    this.#bytes.set(new Uint8Array(view.buffer, view.byteOffset + start, length), from);
    this.#starts[id] = from;
    this.#lengths[id] = length;
    this.#hashes[id] = own;
    this.#tags[id] = tag;
    this.#slots[slot] = id;
    if (2 * this.#size > this.#slots.length) this.#rehash();
    return id;
  }

  #growNames(): void {
    this.#starts = grownInts(this.#starts);
    this.#lengths = grownInts(this.#lengths);
    this.#hashes = grownInts(this.#hashes);
    this.#tags = grownInts(this.#tags);
    const marks = new Uint8Array(2 * this.#marks.length);
    marks.set(this.#marks);
    this.#marks = marks;
  }

  #growBytes(): void {
    const grown = Buffer.alloc(2 * this.#bytesEnd);
    grown.set(this.#bytes);
    this.#bytes = grown;
    this.#view = viewOf(grown);
  }

  #rehash(): void {
    const slots = new Int32Array(2 * this.#slots.length).fill(-1);
    const mask = slots.length - 1;
    for (let id = 0; id < this.#size; id++) {
      let slot = this.#hashes[id]! & mask;
      while (slots[slot]! >= 0) slot = (slot + 1) & mask;
      slots[slot] = id;
    }
    this.#slots = slots;
  }
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
