/**
 * Builds wire bytes from docs/protocol.md alone and imports nothing of src/wire, so that codec and tests
 * cannot be wrong together. Slow on purpose: one bit at a time, numbers in plain arrays.
 */
type Bytes = readonly number[];

/** `r = r >> 1 ^ 0x3a5d` per set low bit, starting at 0. */
export function crc(bytes: Bytes): number {
  let r = 0;
  for (const byte of bytes) {
    r ^= byte;
    for (let bit = 0; bit < 8; bit++) r = (r >> 1) ^ (r & 1 ? 0x3a5d : 0);
  }
  return r;
}

const sum = (bytes: Bytes): number => bytes.reduce((all, byte) => all + byte, 0) % 256;

export const u8 = (value: number): Bytes => [value];
export const u16 = (value: number): Bytes => [Math.floor(value / 256), value % 256];
export const u32 = (value: number): Bytes => [
  ...u16(Math.floor(value / 65536)),
  ...u16(value % 65536),
];
export const i32 = (value: number): Bytes => u32(value < 0 ? value + 2 ** 32 : value);
export const utf8 = (text: string): Bytes => [...new TextEncoder().encode(text)];
export const zero = (text: string): Bytes => [...utf8(text), 0];
export const nuls = (count: number): Bytes => Array.from({ length: count }, () => 0);
export const padded = (bytes: Bytes, size: number): Bytes => [
  ...bytes,
  ...nuls(size - bytes.length),
];
export const text16 = (text: string): Bytes => [...u16(utf8(text).length), ...utf8(text)];
export const list16 = (...items: Bytes[]): Bytes => [...u16(items.length), ...items.flat()];

/** A 0x2f frame; `reserved` is what stands in its bytes 12 to 19. */
export function frame(type: number, body: Bytes, time = 0, reserved: Bytes = nuls(8)): Buffer {
  const fromLength = [...u16(20 + body.length), ...u16(type), ...u32(time), ...reserved, ...body];
  const fromCrc = [...u16(crc(fromLength)), ...fromLength];
  return Buffer.from([0x2f, sum([0x2f, ...fromCrc.slice(0, 18)]), ...fromCrc]);
}

/** A 147-byte message. */
export function legacy(kind: number, payload: Bytes): Buffer {
  const all = padded(payload, 145);
  return Buffer.from([kind, sum([kind, ...all]), ...all]);
}

/** Bytes that are a message by their length and sums, whatever happened to the rest. */
export function resealed(message: Uint8Array): Buffer {
  const [kind, , ...payload] = message;
  if (kind !== 0x2f) return legacy(kind!, payload);
  const fromLength = [...u16(message.length), ...message.slice(6)];
  const fromCrc = [...u16(crc(fromLength)), ...fromLength];
  return Buffer.from([0x2f, sum([0x2f, ...fromCrc.slice(0, 18)]), ...fromCrc]);
}
