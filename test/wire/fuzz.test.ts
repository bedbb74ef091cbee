import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { KnownError } from '../../src/base/errors.ts';
import { readCheckout } from '../../src/wire/hot.ts';
import type { Message } from '../../src/wire/message.ts';
import { messages } from '../../src/wire/messages/index.ts';
import { Reader } from '../../src/wire/reader.ts';
import { MessageSplitter } from '../../src/wire/splitter.ts';
import { resealed } from './by-hand.ts';
import { exampleList } from './examples.ts';
import { split, splitBy } from './split.ts';
import { decodeStatusRecords } from './status-bytes.ts';

/** How many streams and messages of each sort; FAUXLM_FUZZ=1000000 for an afternoon's worth. */
const numRuns = Number(process.env['FAUXLM_FUZZ'] ?? 10_000);

const anyExample = fc.constantFrom(...exampleList).map(({ bytes }) => bytes);

/** A message with some bytes changed, cut out or put in; its sums are as they fall. */
const mutated = fc
  .tuple(
    anyExample,
    fc.array(fc.tuple(fc.nat(300), fc.nat(255)), { maxLength: 4 }),
    fc.tuple(fc.nat(300), fc.nat(40)),
    fc.uint8Array({ maxLength: 40 }),
  )
  .map(([bytes, changes, [at, gone], more]) => {
    const changed = Buffer.from(bytes);
    for (const [where, value] of changes) changed[where % changed.length] = value;
    const cutAt = at % changed.length;
    return Buffer.concat([changed.subarray(0, cutAt), more, changed.subarray(cutAt + gone)]);
  });

/** The same with right sums, so that it gets past the splitter and its fields are read. */
const sealed = mutated.map((bytes) => resealed(bytes.length < 20 ? Buffer.alloc(20, 0x2f) : bytes));

const anyStream = fc.array(
  fc.oneof(fc.uint8Array({ maxLength: 400 }), anyExample, mutated, sealed),
  { maxLength: 6 },
);

describe('a stream of anything', () => {
  test('is told to the sink as messages and at most one fault, which comes last', () => {
    fc.assert(
      fc.property(anyStream, (pieces) => {
        const splitter = new MessageSplitter();
        const told = splitBy(splitter, pieces);
        const faults = told.filter((each) => 'fault' in each);
        expect(faults.length).toBe(splitter.broken ? 1 : 0);
        if (splitter.broken) expect(told.at(-1)).toBe(faults[0]);
        const came = pieces.reduce((sum, piece) => sum + piece.length, 0);
        const out = told.reduce((sum, each) => sum + ('hex' in each ? each.hex.length / 2 : 0), 0);
        if (!splitter.broken) expect(out + splitter.pendingBytes).toBe(came);
        expect(splitter.roomBytes).toBeLessThanOrEqual(Math.max(256, 2 * came));
      }),
      { numRuns },
    );
  });

  test('is told the same however it is cut', () => {
    fc.assert(
      fc.property(anyStream, fc.array(fc.nat(1_000), { maxLength: 5 }), (pieces, cuts) => {
        const whole = Buffer.concat(pieces);
        const at = [0, ...cuts.map((cut) => Math.min(cut, whole.length)), whole.length];
        at.sort((a, b) => a - b);
        const cutUp = at.slice(1).map((end, index) => whole.subarray(at[index], end));
        expect(split(...cutUp)).toEqual(split(whole));
      }),
      { numRuns },
    );
  });
});

/** Everything here that reads fields. */
const readers: readonly ((bytes: Buffer) => unknown)[] = [
  ...Object.values(messages).map((message) => {
    const { decode, generation } = message as unknown as Message<string, never>;
    return (bytes: Buffer) =>
      (bytes[0] === 0x2f) === (generation === 'frame') && decode(bytes, 0, bytes.length);
  }),
  (bytes) => decodeStatusRecords(bytes.subarray(26)),
  (bytes) => {
    const into = { tag: 0, flags: 0, count: 0, feature: 'solver', version: '', data: '' };
    readCheckout(new Reader('', bytes, 0, 0), bytes, 0, bytes.length, into);
  },
];

describe('a message with right sums and any content', () => {
  test('reads as a value or is refused as WIRE_LAYOUT, whoever reads it', () => {
    const seen = { messages: 0, values: 0, refusals: 0 };
    fc.assert(
      fc.property(sealed, (bytes) => {
        seen.messages++;
        for (const read of readers) {
          try {
            read(bytes);
            seen.values++;
          } catch (error) {
            if (!(error instanceof KnownError) || error.code !== 'WIRE_LAYOUT') throw error;
            seen.refusals++;
          }
        }
      }),
      { numRuns },
    );
    expect(seen.values).toBeGreaterThan(seen.messages);
    expect(seen.refusals).toBeGreaterThan(seen.messages / 10);
  });
});
