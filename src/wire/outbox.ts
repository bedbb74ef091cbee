import { assert } from '../base/errors.ts';
import { limits } from '../base/limits.ts';
import { crc14, headerSum, legacySum } from './checksum.ts';
import { utf8Within } from './text.ts';

/** Of a 0x2f frame. Source: docs/protocol.md, "The frame". */
export const HEADER_BYTES = 20;
/** Of a whole message of the older generation. Source: docs/protocol.md, "The 147-byte message". */
export const LEGACY_BYTES = 147;
/** Room for what follows a frame's header. */
export const BODY_BYTES_MAX = limits.frameBytesMax - HEADER_BYTES;
/** Bytes of one text field at most: a few of them must fit a frame, whatever a file or a user says. */
export const TEXT_BYTES_MAX = 4 * limits.fieldCharactersMax;
/** Room that a message gets at first. */
const START_BYTES = 256;
/** More than this is no slab's: it would leave most of one unused. */
const SLAB_SHARE_MAX = 2 * 1024;
/** As Node's own pool: what one slow client leaves unread keeps no more than this alive. */
const SLAB_BYTES = 8 * 1024;
/** A UTF-16 unit makes at most three bytes of UTF-8. */
const UTF8_BYTES_PER_UNIT = 3;

const nothing = Buffer.alloc(0);
/** What all outboxes write into, one piece after another: messages are small, and gone in a moment. */
let slab = Buffer.allocUnsafeSlow(SLAB_BYTES);
let slabEnd = 0;

/**
 * Collects outgoing messages, so that all answers to one read leave in one write (two writes without it cost
 * a thousandfold: Nagle and delayed acknowledgement). Not reentrant: begin, fields, end.
 *
 * Between two takes it owns the bytes from `#base` to `#limit` of a slab that it shares with others, or of a buffer
 * of its own when there are many; what is taken is that piece itself. An outbox that has nothing to say owns nothing.
 */
export class Outbox {
  #bytes = nothing;
  #base = 0;
  #limit = 0;
  #end = 0;
  #start = 0;

  /** Bytes collected. */
  get length(): number {
    return this.#end - this.#base;
  }

  /** Bytes of memory held to collect them in. */
  get roomBytes(): number {
    return this.#limit - this.#base;
  }

  /** Starts a 0x2f frame of `type`; `time` is Unix seconds or 0. */
  begin(type: number, time = 0): void {
    this.#reserve(HEADER_BYTES);
    const b = this.#bytes;
    const at = this.#end;
    this.#start = at;
    b[at] = 0x2f;
    b[at + 6] = type >>> 8;
    b[at + 7] = type;
    b[at + 8] = time >>> 24;
    b[at + 9] = time >>> 16;
    b[at + 10] = time >>> 8;
    b[at + 11] = time;
    for (let i = at + 12; i < at + HEADER_BYTES; i++) b[i] = 0;
    this.#end = at + HEADER_BYTES;
  }

  /** Ends the frame: fills in length, CRC and sum. The caller has kept it within `frameBytesMax`. */
  end(): void {
    const b = this.#bytes;
    const start = this.#start;
    const size = this.#end - start;
    assert(size <= limits.frameBytesMax, 'a frame of at most 65,535 bytes');
    b[start + 4] = size >>> 8;
    b[start + 5] = size;
    const crc = crc14(b, start + 4, this.#end);
    b[start + 2] = crc >>> 8;
    b[start + 3] = crc;
    b[start + 1] = headerSum(b, start);
  }

  /** Starts a 147-byte message of `kind`, all NUL; `endLegacy` fills in its sum. */
  beginLegacy(kind: number): void {
    this.#reserve(LEGACY_BYTES);
    this.#start = this.#end;
    this.#bytes.fill(0, this.#start, this.#start + LEGACY_BYTES);
    this.#bytes[this.#start] = kind;
    this.#end = this.#start + 2;
  }

  endLegacy(): void {
    assert(this.#end <= this.#start + LEGACY_BYTES, 'a legacy message of 147 bytes');
    this.#end = this.#start + LEGACY_BYTES;
    this.#bytes[this.#start + 1] = legacySum(this.#bytes, this.#start);
  }

  /** Bytes of the message that is being written, its header included. */
  get messageBytes(): number {
    return this.#end - this.#start;
  }

  /** Forgets everything after `length` bytes: a message that turned out not to fit. */
  rewind(length: number): void {
    this.#end = this.#base + length;
  }

  u8(value: number): void {
    this.#reserve(1);
    this.#bytes[this.#end++] = value;
  }

  u16(value: number): void {
    this.#reserve(2);
    this.#bytes[this.#end++] = value >>> 8;
    this.#bytes[this.#end++] = value;
  }

  u32(value: number): void {
    this.#reserve(4);
    const b = this.#bytes;
    b[this.#end++] = value >>> 24;
    b[this.#end++] = value >>> 16;
    b[this.#end++] = value >>> 8;
    b[this.#end++] = value;
  }

  /** Writes over the u16 at `at`: a count that was not known before. */
  patchU16(at: number, value: number): void {
    this.#bytes[this.#base + at] = value >>> 8;
    this.#bytes[this.#base + at + 1] = value;
  }

  raw(bytes: Uint8Array): void {
    this.#reserve(bytes.length);
    this.#bytes.set(bytes, this.#end);
    this.#end += bytes.length;
  }

  /** A 16-bit byte count and that many bytes of UTF-8: the text, cut at `TEXT_BYTES_MAX`. */
  text16(text: string): void {
    if (text.length * UTF8_BYTES_PER_UNIT > TEXT_BYTES_MAX) this.#longText16(text);
    else this.#shortText16(text);
  }

  /** Names are short and mostly ASCII: a loop beats the call into C++ that `write` is. */
  #shortText16(text: string): void {
    const length = text.length;
    this.#reserve(2 + length * UTF8_BYTES_PER_UNIT);
    const b = this.#bytes;
    const start = this.#end + 2;
    let at = start;
    for (let i = 0; i < length; i++) {
      const code = text.charCodeAt(i);
      if (code > 0x7f) {
        at = start + b.write(text, start, 'utf8');
        break;
      }
      b[at++] = code;
    }
    this.#end = at;
    b[start - 2] = (at - start) >>> 8;
    b[start - 1] = at - start;
  }

  #longText16(text: string): void {
    const bytes = utf8Within(text, TEXT_BYTES_MAX);
    this.u16(bytes.length);
    this.raw(bytes);
  }

  /** What was collected, to be read before anything is written or taken. */
  view(): Buffer {
    return this.#bytes.subarray(this.#base, this.#end);
  }

  /** Hands out what was collected, and starts anew: nobody writes into those bytes any more. */
  take(): Buffer {
    const taken = this.#bytes.subarray(this.#base, this.#end);
    if (this.#isLast()) slabEnd = this.#end;
    this.#bytes = nothing;
    this.#base = 0;
    this.#limit = 0;
    this.#end = 0;
    return taken;
  }

  /** Its bytes are the last of the slab that are anybody's. */
  #isLast(): boolean {
    return this.#bytes === slab && this.#limit === slabEnd;
  }

  #reserve(more: number): void {
    if (this.#end + more > this.#limit) this.#grow(more);
  }

  #grow(more: number): void {
    const { length } = this;
    const needed = length + more;
    if (this.#isLast() && this.#base + needed <= SLAB_BYTES && needed <= SLAB_SHARE_MAX) {
      this.#limit = Math.min(SLAB_BYTES, this.#base + Math.max(needed, 2 * length));
      slabEnd = this.#limit;
      return;
    }
    const old = this.#bytes;
    const from = this.#base;
    this.#room(Math.max(needed, START_BYTES, 2 * length));
    if (length > 0) this.#bytes.set(old.subarray(from, from + length), this.#base);
    this.#start += this.#base - from;
    this.#end = this.#base + length;
  }

  /** Makes `size` bytes its own: those behind the last in the slab, or a buffer. */
  #room(size: number): void {
    if (size > SLAB_SHARE_MAX) {
      this.#bytes = Buffer.allocUnsafeSlow(size);
      this.#base = 0;
    } else {
      if (slabEnd + size > slab.length) {
        slab = Buffer.allocUnsafeSlow(SLAB_BYTES);
        slabEnd = 0;
      }
      this.#bytes = slab;
      this.#base = slabEnd;
      slabEnd += size;
    }
    this.#limit = this.#base + size;
  }
}
