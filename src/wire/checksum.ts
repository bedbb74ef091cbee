/**
 * The two sums of a 0x2f frame and the one of a 147-byte message.
 * Frame: byte 1 is the sum of bytes 0 and 2..19; bytes 2..3 are a 14-bit CRC over bytes 4 to the end
 * (polynomial 0x2e97 reflected, that is `r = r >> 1 ^ 0x3a5d` per set low bit, starting at 0).
 * Source: docs/protocol.md, "The frame"; proven by a published capture of a redirect (test/wire).
 */
const CRC_POLYNOMIAL = 0x3a5d;

/** Four tables: entry k of table t is byte k followed by t zero bytes, so that four bytes go at once. */
const crcTables = buildTables();

function buildTables(): Uint16Array {
  const tables = new Uint16Array(4 * 256);
  for (let byte = 0; byte < 256; byte++) {
    let r = byte;
    for (let bit = 0; bit < 8; bit++) r = (r >> 1) ^ (r & 1 ? CRC_POLYNOMIAL : 0);
    tables[byte] = r;
  }
  for (let index = 256; index < tables.length; index++) {
    const before = tables[index - 256]!;
    tables[index] = (before >> 8) ^ tables[before & 0xff]!;
  }
  return tables;
}

/** The frame's CRC over `bytes[start..end)`. */
export function crc14(bytes: Uint8Array, start: number, end: number): number {
  const t = crcTables;
  let r = 0;
  let at = start;
  for (const last = end - 4; at <= last; at += 4) {
    r ^= bytes[at]! | (bytes[at + 1]! << 8);
    r = t[768 + (r & 0xff)]! ^ t[512 + (r >> 8)]! ^ t[256 + bytes[at + 2]!]! ^ t[bytes[at + 3]!]!;
  }
  for (; at < end; at++) r = (r >> 8) ^ t[(r ^ bytes[at]!) & 0xff]!;
  return r;
}

/** Sum of byte 0 and bytes 2..19 of the frame that starts at `start`, mod 256. */
export function headerSum(bytes: Uint8Array, start: number): number {
  let sum = bytes[start]!;
  for (let at = start + 2; at < start + 20; at++) sum += bytes[at]!;
  return sum & 0xff;
}

/** Sum of all bytes of a 147-byte message but the second, mod 256. */
export function legacySum(bytes: Uint8Array, start: number): number {
  let sum = bytes[start]!;
  for (let at = start + 2; at < start + 147; at++) sum += bytes[at]!;
  return sum & 0xff;
}
