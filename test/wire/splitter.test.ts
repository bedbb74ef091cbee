import { describe, expect, test } from 'vitest';
import { MessageSplitter } from '../../src/wire/splitter.ts';
import { frame, nuls, resealed } from './by-hand.ts';
import { exampleList } from './examples.ts';
import { split, splitBy, type Told } from './split.ts';

const toldOf = (bytes: Buffer): Told => {
  const hex = bytes.toString('hex');
  return bytes[0] === 0x2f ? { frame: bytes.readUInt16BE(6), hex } : { legacy: bytes[0]!, hex };
};

const eachByte = (bytes: Buffer): Uint8Array[] => [...bytes].map((byte) => Uint8Array.of(byte));

describe.each(exampleList)('$kind', ({ bytes }) => {
  const whole = toldOf(bytes);

  test('comes out whole when it comes whole', () => {
    expect(split(bytes)).toEqual([whole]);
  });

  test('comes out the same, cut anywhere', () => {
    for (let cut = 0; cut <= bytes.length; cut++) {
      const pieces = [bytes.subarray(0, cut), bytes.subarray(cut)];
      expect(split(...pieces), `cut at ${cut}`).toEqual([whole]);
    }
  });

  test('comes out once, when its last byte has come', () => {
    const pieces = eachByte(bytes);
    expect(split(...pieces.slice(0, -1))).toEqual([]);
    expect(split(...pieces)).toEqual([whole]);
  });

  test('comes out before the beginning of another message behind it', () => {
    const other = frame(0x7fff, nuls(40));
    for (const cut of [1, 5, 6, 19, 59]) {
      const splitter = new MessageSplitter();
      const coalesced = Buffer.concat([bytes, other.subarray(0, cut)]);
      expect(splitBy(splitter, [coalesced])).toEqual([whole]);
      expect(splitter.pendingBytes).toBe(cut);
      expect(splitBy(splitter, [other.subarray(cut)])).toEqual([toldOf(other)]);
      expect(splitter.pendingBytes).toBe(0);
      expect(splitter.roomBytes).toBe(0);
    }
  });

  test('is never taken for a message when one of its bits is flipped', () => {
    for (let bit = 0; bit < bytes.length * 8; bit++) {
      const flipped = Buffer.from(bytes);
      flipped[bit >> 3]! ^= 1 << (bit & 7);
      // A length that grew, or a first byte that makes it an old message, is waited for: nothing comes out.
      const told = split(flipped);
      const isFault = told.length === 1 && 'fault' in told[0]!;
      expect(told.length === 0 || isFault, `bit ${bit}`).toBe(true);
    }
  });
});

test('all messages in one piece come out in order, and again when cut every seven bytes', () => {
  const all = Buffer.concat(exampleList.map(({ bytes }) => bytes));
  const expected = exampleList.map(({ bytes }) => toldOf(bytes));
  expect(split(all)).toEqual(expected);
  const pieces = [];
  for (let at = 0; at < all.length; at += 7) pieces.push(all.subarray(at, at + 7));
  expect(split(...pieces)).toEqual(expected);
});

test('messages before a fault come out, nothing after it does', () => {
  const { bytes } = exampleList.find(({ kind }) => kind === 'checkout')!;
  const broken = Buffer.from(bytes);
  broken[30]! ^= 1;
  const splitter = new MessageSplitter();
  expect(splitBy(splitter, [Buffer.concat([bytes, broken, bytes])])).toEqual([
    toldOf(bytes),
    { fault: 'checksum' },
  ]);
  expect(splitter.broken).toBe(true);
  expect(splitBy(splitter, [bytes, bytes])).toEqual([]);
  expect(splitter.roomBytes).toBe(0);
});

describe('the length of a frame', () => {
  const withLength = (length: number, bytes = 20): Buffer => {
    const message = Buffer.alloc(bytes);
    message[0] = 0x2f;
    message.writeUInt16BE(length, 4);
    return message;
  };

  test.each([0, 1, 5, 6, 19])('of %i is a fault as soon as it can be read', (length) => {
    const bytes = withLength(length);
    expect(split(bytes.subarray(0, 5))).toEqual([]);
    expect(split(bytes.subarray(0, 6))).toEqual([{ fault: 'layout' }]);
    expect(split(...eachByte(bytes))).toEqual([{ fault: 'layout' }]);
    expect(split(Buffer.concat([frame(0x7fff, []), bytes]))).toEqual([
      toldOf(frame(0x7fff, [])),
      { fault: 'layout' },
    ]);
  });

  test('of 20 is a frame without fields', () => {
    const bytes = frame(0x7fff, []);
    expect(bytes.length).toBe(20);
    expect(split(bytes)).toEqual([toldOf(bytes)]);
  });

  test('of 65,535 is the largest; the byte behind it starts the next message', () => {
    const largest = frame(0x0146, nuls(65_535 - 20));
    expect(split(largest)).toEqual([toldOf(largest)]);
    expect(split(Buffer.concat([largest, largest]))).toEqual([toldOf(largest), toldOf(largest)]);
    // One byte more does not fit 16 bits: the length reads 0.
    expect(split(resealed(Buffer.concat([largest, Buffer.alloc(1)])))).toEqual([
      { fault: 'layout' },
    ]);
  });
});

describe('memory for an unfinished message', () => {
  test('follows what came, not what the header claims', () => {
    const claims = frame(0x0146, nuls(65_000)).subarray(0, 6);
    const splitter = new MessageSplitter();
    splitBy(splitter, [claims]);
    expect(splitter.pendingBytes).toBe(6);
    expect(splitter.roomBytes).toBeLessThanOrEqual(256);
  });

  test('is at most twice what came, byte by byte', () => {
    const bytes = frame(0x0146, nuls(20_000));
    const splitter = new MessageSplitter();
    for (const piece of eachByte(bytes).slice(0, -1)) {
      splitBy(splitter, [piece]);
      expect(splitter.roomBytes).toBeLessThanOrEqual(Math.max(256, 2 * splitter.pendingBytes));
    }
    expect(splitter.pendingBytes).toBe(bytes.length - 1);
  });

  test('is one message, however large the piece that finishes it', () => {
    const small = frame(0x7fff, nuls(20));
    const many = Buffer.concat(Array.from({ length: 5_000 }, () => small));
    const splitter = new MessageSplitter();
    expect(splitBy(splitter, [many.subarray(0, 30), many.subarray(30, -5)]).length).toBe(4_999);
    expect(splitter.pendingBytes).toBe(35);
    expect(splitter.roomBytes).toBeLessThanOrEqual(256);
  });
});
