import { KnownError } from '../base/errors.ts';
import { readText } from './text.ts';

/**
 * Reads fields by hand where binary-parser is too slow: the few hot messages, and status records by the
 * hundred thousand. Each twin is proven equal to its declared layout (test/wire/twins.test.ts).
 */
export class Reader {
  #bytes: Buffer;
  #at: number;
  #end: number;
  #kind: string;

  constructor(kind: string, bytes: Buffer, start: number, end: number) {
    this.#kind = kind;
    this.#bytes = bytes;
    this.#at = start;
    this.#end = end;
  }

  /** Starts over on other bytes: one reader serves a whole connection. */
  open(kind: string, bytes: Buffer, start: number, end: number): void {
    this.#kind = kind;
    this.#bytes = bytes;
    this.#at = start;
    this.#end = end;
  }

  get at(): number {
    return this.#at;
  }

  get left(): number {
    return this.#end - this.#at;
  }

  u8(): number {
    const at = this.#take(1);
    return this.#bytes[at]!;
  }

  u16(): number {
    const at = this.#take(2);
    return (this.#bytes[at]! << 8) | this.#bytes[at + 1]!;
  }

  u32(): number {
    const at = this.#take(4);
    const b = this.#bytes;
    return ((b[at]! << 24) | (b[at + 1]! << 16) | (b[at + 2]! << 8) | b[at + 3]!) >>> 0;
  }

  text16(): string {
    const length = this.u16();
    if (length === 0) return '';
    const at = this.#take(length);
    return readText(this.#bytes, at, at + length);
  }

  /**
   * As text16, but gives back `usual` when the bytes spell it: the same string object again and again costs
   * no allocation, and its hash is already known to the maps it is looked up in.
   */
  text16Like(usual: string): string {
    const length = this.u16();
    const at = this.#take(length);
    return spells(this.#bytes, at, length, usual) ? usual : readText(this.#bytes, at, at + length);
  }

  skip(length: number): void {
    this.#take(length);
  }

  #take(length: number): number {
    const at = this.#at;
    if (at + length > this.#end) {
      const early = at + length - this.#end;
      const text = `${this.#kind}: expected all its fields, got a body that ends ${early} bytes early`;
      throw new KnownError('WIRE_LAYOUT', text, { kind: this.#kind, side: 'remote' });
    }
    this.#at = at + length;
    return at;
  }
}

/** Whether the bytes are `usual` in ASCII: a byte over 0x7f may be part of a UTF-8 character. */
function spells(bytes: Buffer, start: number, length: number, usual: string): boolean {
  if (length !== usual.length) return false;
  for (let at = 0; at < length; at++) {
    const byte = bytes[start + at]!;
    if (byte > 0x7f || byte !== usual.charCodeAt(at)) return false;
  }
  return true;
}
