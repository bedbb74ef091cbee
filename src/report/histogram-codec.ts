import { deflateSync, inflateSync } from 'node:zlib';
import { KnownError } from '../base/errors.ts';
import { HIGHEST_US, Histogram, indexOf } from './histogram.ts';

/**
 * HdrHistogram's V2 payload, compressed and in base64 (`HISTFAAA...`): other tools of that family read it.
 * Source: the HdrHistogram project's encoding; 3.0.1 of its JavaScript port reads ours (test/report).
 */
const COOKIE = 0x1c849313;
const COMPRESSED_COOKIE = 0x1c849314;
const HEADER_BYTES = 40;
const DIGITS = 3;
/** A whole histogram of ours has less: 24,000 steps of at most 9 bytes. */
const BYTES_MAX = 512 * 1024;

/** A histogram as text. */
export function encodeHistogram(histogram: Histogram): string {
  const payload = Buffer.from(payloadOf(histogram));
  const plain = Buffer.alloc(HEADER_BYTES + payload.length);
  plain.writeInt32BE(COOKIE, 0);
  plain.writeInt32BE(payload.length, 4);
  plain.writeInt32BE(0, 8); // normalizing index offset
  plain.writeInt32BE(DIGITS, 12);
  plain.writeBigInt64BE(1n, 16); // lowest discernible value
  plain.writeBigInt64BE(BigInt(HIGHEST_US), 24);
  plain.writeDoubleBE(1, 32); // integer to double conversion ratio
  payload.copy(plain, HEADER_BYTES);
  const packed = deflateSync(plain);
  const head = Buffer.alloc(8);
  head.writeInt32BE(COMPRESSED_COOKIE, 0);
  head.writeInt32BE(packed.length, 4);
  return Buffer.concat([head, packed]).toString('base64');
}

/** @throws KnownError LOAD_BUNDLE for what `encodeHistogram` does not write; `where` says what was read. */
export function decodeHistogram(text: string, where: string): Histogram {
  try {
    const packed = Buffer.from(text, 'base64');
    if (packed.readInt32BE(0) !== COMPRESSED_COOKIE) throw new Error('another cookie');
    const plain = inflateSync(packed.subarray(8), { maxOutputLength: BYTES_MAX });
    if (plain.readInt32BE(0) !== COOKIE || plain.readInt32BE(12) !== DIGITS) {
      throw new Error('another version or precision');
    }
    return histogramOf(plain.subarray(HEADER_BYTES, HEADER_BYTES + plain.readInt32BE(4)));
  } catch (cause) {
    const text = `${where}: expected an HdrHistogram (V2, three digits), got: ${(cause as Error).message}`;
    throw new KnownError('LOAD_BUNDLE', text, {}, { cause });
  }
}

/** Counts in order of their steps, runs of empty ones as negative numbers. */
function payloadOf(histogram: Histogram): number[] {
  const bytes: number[] = [];
  let next = 0;
  for (const { index, count } of histogram.steps()) {
    if (index > next) pushNumber(bytes, next - index);
    pushNumber(bytes, count);
    next = index + 1;
  }
  return bytes;
}

function histogramOf(payload: Buffer): Histogram {
  const histogram = new Histogram();
  const highest = indexOf(HIGHEST_US);
  let index = 0;
  for (const reader = { payload, at: 0 }; reader.at < payload.length; ) {
    const value = readNumber(reader);
    if (value < 0) index -= value;
    else {
      if (index > highest) throw new Error('a step beyond the longest time');
      if (value > 0) histogram.addAt(index, value);
      index++;
    }
  }
  return histogram;
}

/** ZigZag, then seven bits a byte, the low ones first; the ninth byte has eight. */
function pushNumber(bytes: number[], value: number): void {
  let rest = value < 0 ? -2 * value - 1 : 2 * value;
  for (let at = 0; at < 8; at++) {
    if (rest < 128) {
      bytes.push(rest);
      return;
    }
    bytes.push((rest % 128) | 128);
    rest = Math.floor(rest / 128);
  }
  bytes.push(rest);
}

function readNumber(reader: { readonly payload: Buffer; at: number }): number {
  let value = 0;
  for (let place = 0; place < 9; place++) {
    const byte = reader.payload[reader.at++];
    if (byte === undefined) throw new Error('a number without its end');
    const isLast = place === 8 || byte < 128;
    value += (isLast ? byte : byte - 128) * 2 ** (7 * place);
    if (isLast) break;
  }
  return value % 2 === 1 ? -(value + 1) / 2 : value / 2;
}
