import { crc14, headerSum } from '../../wire/checksum.ts';
import { HEADER_BYTES, LEGACY_BYTES } from '../../wire/outbox.ts';
import type { ReplyFate } from './reply-fate.ts';

/** Bytes to be written at a time of their own. */
export interface Piece {
  readonly bytes: Buffer;
  /** How long they are on their way. */
  readonly latencyMs: number;
  /** How long the line is busy with them: what follows comes later. */
  readonly busyMs: number;
}

export interface Delivery {
  readonly pieces: readonly Piece[];
  /** The connection ends behind the last piece. */
  readonly ends: boolean;
}

/** In which order several fates of one reply take hold: what is in it, whether it goes out, how it goes out. */
const order: readonly ReplyFate['kind'][] = [
  'garble',
  'length',
  'lose',
  'truncate',
  'repeat',
  'slice',
  'slow',
];

/** What is sent in place of a reply: whole messages, as they would have gone out. */
export function deliveryOf(reply: Buffer, fates: readonly ReplyFate[]): Delivery {
  let delivery: Delivery = { pieces: [{ bytes: reply, latencyMs: 0, busyMs: 0 }], ends: false };
  const inOrder = [...fates].sort((a, b) => order.indexOf(a.kind) - order.indexOf(b.kind));
  for (const fate of inOrder) delivery = afterFate(delivery, fate);
  return delivery;
}

function afterFate({ pieces, ends }: Delivery, fate: ReplyFate): Delivery {
  switch (fate.kind) {
    case 'garble':
      return {
        pieces: pieces.map((piece) => altered(piece, garbled(piece.bytes, fate.dice))),
        ends,
      };
    case 'length':
      return {
        pieces: pieces.map((piece) => altered(piece, misSized(piece.bytes, fate.by))),
        ends,
      };
    case 'lose':
      return { pieces: [], ends };
    case 'truncate': {
      const [first] = pieces;
      if (first === undefined) return { pieces, ends: true };
      const kept = Math.min(fate.bytes ?? first.bytes.length >> 1, first.bytes.length - 1);
      return { pieces: [altered(first, first.bytes.subarray(0, kept))], ends: true };
    }
    case 'repeat':
      return { pieces: Array.from({ length: fate.times }, () => pieces).flat(), ends };
    case 'slice':
      return { pieces: pieces.flatMap((piece) => sliced(piece, fate)), ends };
    case 'slow': {
      const { latencyMs, bytesPerSecond = Number.POSITIVE_INFINITY } = fate;
      const slowed = pieces.map((piece) => ({
        bytes: piece.bytes,
        latencyMs: piece.latencyMs + latencyMs,
        busyMs: piece.busyMs + Math.ceil((piece.bytes.length * 1_000) / bytesPerSecond),
      }));
      return { pieces: slowed, ends };
    }
  }
}

function altered(piece: Piece, bytes: Buffer): Piece {
  return { ...piece, bytes };
}

const FRAME_MARK = 0x2f;
/** Behind a frame's length field: a bit here changes a sum, and not where the frame ends. */
const FRAME_CONTENT_AT = 6;
/** Behind the sum of a 147-byte message. */
const LEGACY_CONTENT_AT = 2;

/** One bit of the first message flipped: both kinds of sums find every single bit. */
function garbled(reply: Buffer, dice: number): Buffer {
  const from = reply[0] === FRAME_MARK ? FRAME_CONTENT_AT : LEGACY_CONTENT_AT;
  const room = firstSize(reply) - from;
  if (room <= 0) return reply;
  const bytes = Buffer.from(reply);
  const at = from + ((dice >>> 3) % room);
  bytes[at] = bytes[at]! ^ (1 << (dice & 7));
  return bytes;
}

/** Bytes of the first message of a reply. */
function firstSize(reply: Buffer): number {
  const size = reply[0] === FRAME_MARK ? reply.readUInt16BE(4) : LEGACY_BYTES;
  return Math.min(size, reply.length);
}

/**
 * The first frame says that it is longer or shorter than it is, and its sums agree with what it says. A 147-byte
 * message has no length field: it has so many bytes too many or too few.
 */
function misSized(reply: Buffer, by: number): Buffer {
  const size = firstSize(reply);
  if (reply[0] !== FRAME_MARK) {
    const rest = reply.subarray(size);
    if (by > 0) return Buffer.concat([reply.subarray(0, size), Buffer.alloc(by), rest]);
    return Buffer.concat([reply.subarray(0, Math.max(0, size + by)), rest]);
  }
  const said = Math.min(Math.max(size + by, HEADER_BYTES), 0xffff);
  const bytes = Buffer.from(reply);
  bytes.writeUInt16BE(said, 4);
  // A longer one has no bytes to sum up yet: whatever follows will not fit.
  bytes.writeUInt16BE(crc14(bytes, 4, Math.min(said, bytes.length)), 2);
  bytes[1] = headerSum(bytes, 0);
  return bytes;
}

/** Pieces of one reply at most: a byte each of the longest frame would be a write each. */
const PIECES_MAX = 4_096;

function sliced(
  piece: Piece,
  { bytes: wanted, everyMs }: Extract<ReplyFate, { kind: 'slice' }>,
): readonly Piece[] {
  const { bytes } = piece;
  const size = Math.max(wanted, Math.ceil(bytes.length / PIECES_MAX));
  const slices: Piece[] = [];
  for (let at = 0; at < bytes.length; at += size) {
    const busyMs = at === 0 ? piece.busyMs : everyMs;
    slices.push({ bytes: bytes.subarray(at, at + size), latencyMs: piece.latencyMs, busyMs });
  }
  return slices;
}
