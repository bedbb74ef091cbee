import { crc14, headerSum, legacySum } from './checksum.ts';
import { HEADER_BYTES, LEGACY_BYTES } from './outbox.ts';

/** What is wrong with bytes that are no message. */
export type WireFault = 'checksum' | 'layout';

/**
 * Takes messages as the splitter finds them. Offsets are into `bytes`, which belongs to the caller of `push`
 * or to nobody: what is to outlive the call is copied. A sink does not throw.
 */
export interface MessageSink {
  /** A whole 0x2f frame with right sums: `bytes[start..end)`, header included. */
  frame(type: number, bytes: Buffer, start: number, end: number): void;
  /** A whole 147-byte message with a right sum; `kind` is its first byte. */
  legacy(kind: number, bytes: Buffer, start: number): void;
  /** Bytes that are no message. The splitter reads nothing more: the stream has lost its boundaries. */
  fault(fault: WireFault): void;
  /** True when it takes nothing more for now. Asked between two messages of one chunk; absent: never full. */
  full?(): boolean;
}

const FRAME_MARK = 0x2f;
/** A frame's length ends here; fewer bytes do not say how long it is. */
const LENGTH_END = 6;
const SIZE_UNKNOWN = Number.POSITIVE_INFINITY;
const KEPT_BYTES_MIN = 256;

/**
 * Cuts a byte stream into messages of both generations: a first byte 0x2f starts a frame with a length, any
 * other a 147-byte message. Keeps at most one unfinished message; room for it grows with the bytes that came,
 * not with the length it claims, so a header costs a hostile client more than it costs us.
 * Source: docs/protocol.md, "Two generations".
 */
export class MessageSplitter {
  #kept: Buffer | undefined;
  #keptBytes = 0;
  #broken = false;

  /** Bytes of an unfinished message that wait for more. */
  get pendingBytes(): number {
    return this.#keptBytes;
  }

  /** Bytes of memory held for the unfinished message. */
  get roomBytes(): number {
    return this.#kept?.length ?? 0;
  }

  get broken(): boolean {
    return this.#broken;
  }

  /**
   * Takes what the socket gave, the first `length` bytes of `chunk`; calls the sink once per whole message, in
   * order. Gives the bytes taken: all of them, unless the sink was full; the rest is to be pushed again when it no
   * longer is.
   */
  push(chunk: Buffer, sink: MessageSink, length = chunk.length): number {
    let at = this.#keptBytes > 0 && !this.#broken ? this.#complete(chunk, length, sink) : 0;
    while (at < length && !this.#broken) {
      if (at > 0 && sink.full?.()) return at;
      const size = sizeAt(chunk, at, length);
      if (size > length - at) {
        this.#keep(chunk, at, length);
        break;
      }
      this.#deliver(chunk, at, size, sink);
      at += size;
    }
    return length;
  }

  /** Gives the unfinished message what it lacks and no more. Returns the bytes taken of `chunk`. */
  #complete(chunk: Buffer, length: number, sink: MessageSink): number {
    let taken = 0;
    while (true) {
      const kept = this.#kept!;
      const size = sizeAt(kept, 0, this.#keptBytes);
      if (size <= this.#keptBytes) {
        this.#forget();
        this.#deliver(kept, 0, size, sink);
        return taken;
      }
      if (taken === length) return taken;
      const wanted = size === SIZE_UNKNOWN ? LENGTH_END : size;
      const end = Math.min(length, taken + wanted - this.#keptBytes);
      this.#keep(chunk, taken, end);
      taken = end;
    }
  }

  /** Gives the sink one message, or what is wrong with it. */
  #deliver(bytes: Buffer, at: number, size: number, sink: MessageSink): void {
    const isFrame = bytes[at] === FRAME_MARK;
    const fault = isFrame ? frameFault(bytes, at, size) : legacyFault(bytes, at);
    if (fault !== undefined) {
      this.#broken = true;
      sink.fault(fault);
    } else if (isFrame) {
      sink.frame((bytes[at + 6]! << 8) | bytes[at + 7]!, bytes, at, at + size);
    } else {
      sink.legacy(bytes[at]!, bytes, at);
    }
  }

  /** Appends to what is kept, by doubling, so that a message that comes byte by byte stays linear. */
  #keep(chunk: Buffer, start: number, end: number): void {
    const needed = this.#keptBytes + end - start;
    if (this.#kept === undefined || this.#kept.length < needed) {
      const room = Math.max(needed, KEPT_BYTES_MIN, this.#keptBytes * 2);
      const grown = Buffer.allocUnsafeSlow(room);
      if (this.#kept) grown.set(this.#kept.subarray(0, this.#keptBytes), 0);
      this.#kept = grown;
    }
    this.#kept.set(chunk.subarray(start, end), this.#keptBytes);
    this.#keptBytes = needed;
  }

  #forget(): void {
    this.#kept = undefined;
    this.#keptBytes = 0;
  }
}

/** Bytes that settle what is at `at`: the message's size, or up to a length that no message has. */
function sizeAt(bytes: Buffer, at: number, end: number): number {
  if (bytes[at] !== FRAME_MARK) return LEGACY_BYTES;
  if (end - at < LENGTH_END) return SIZE_UNKNOWN;
  const size = (bytes[at + 4]! << 8) | bytes[at + 5]!;
  return size < HEADER_BYTES ? LENGTH_END : size;
}

function frameFault(bytes: Buffer, at: number, size: number): WireFault | undefined {
  if (size < HEADER_BYTES) return 'layout';
  const holds =
    bytes[at + 1] === headerSum(bytes, at) &&
    ((bytes[at + 2]! << 8) | bytes[at + 3]!) === crc14(bytes, at + 4, at + size);
  return holds ? undefined : 'checksum';
}

function legacyFault(bytes: Buffer, at: number): WireFault | undefined {
  return bytes[at + 1] === legacySum(bytes, at) ? undefined : 'checksum';
}
