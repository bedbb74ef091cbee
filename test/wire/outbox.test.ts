import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Rng } from '../../src/base/rng.ts';
import type { Message } from '../../src/wire/message.ts';
import { type MessageKind, messages } from '../../src/wire/messages/index.ts';
import { BODY_BYTES_MAX, Outbox, TEXT_BYTES_MAX } from '../../src/wire/outbox.ts';
import { anyText } from './arbitraries.ts';
import { frame, legacy, nuls, text16 } from './by-hand.ts';
import { exampleList, examples } from './examples.ts';
import { split } from './split.ts';

describe('an outbox', () => {
  test('collects messages until they are taken, then starts anew', () => {
    const out = new Outbox();
    for (const { kind, value, time } of exampleList) {
      const message = messages[kind] as unknown as Message<string, never>;
      message.write(out, value as never, time);
    }
    const all = Buffer.concat(exampleList.map(({ bytes }) => bytes));
    expect(out.length).toBe(all.length);
    expect(out.take().equals(all)).toBe(true);
    expect(out.length).toBe(0);
    expect(out.take().length).toBe(0);
  });

  test('hands out bytes that what follows does not touch', () => {
    for (const size of [10, 5_000, 60_000]) {
      const out = new Outbox();
      const fill = (byte: number): Buffer => {
        out.raw(Buffer.alloc(size, byte));
        return out.take();
      };
      const first = fill(1);
      fill(2);
      expect(first.equals(Buffer.alloc(size, 1))).toBe(true);
    }
  });

  test('shares its room with others, and no byte of it', () => {
    const seed = process.env['FAUXLM_PROPERTY_SEED'] ?? 'outboxes';
    const rng = new Rng(`outboxes ${seed}`);
    const outs = Array.from({ length: 5 }, () => ({ out: new Outbox(), bytes: [] as number[] }));
    const taken: { readonly bytes: Buffer; readonly expected: Buffer }[] = [];
    for (let step = 0; step < 20_000; step++) {
      const { out, bytes } = rng.pick(outs);
      if (rng.below(6) === 0) {
        taken.push({ bytes: out.take(), expected: Buffer.from(bytes.splice(0)) });
      } else if (rng.below(40) === 0) {
        bytes.length = rng.below(bytes.length + 1);
        out.rewind(bytes.length);
      } else {
        const piece = Buffer.alloc(1 + rng.below(rng.pick([4, 300, 3_000, 9_000])), rng.below(256));
        out.raw(piece);
        bytes.push(...piece);
      }
    }
    const spoilt = taken.findIndex(({ bytes, expected }) => !bytes.equals(expected));
    expect(taken.length).toBeGreaterThan(1_000);
    expect(`first spoilt: ${spoilt}, seed ${seed}`).toBe(`first spoilt: -1, seed ${seed}`);
  });

  test('owns nothing while it has nothing to say', () => {
    const out = new Outbox();
    expect(out.roomBytes).toBe(0);
    out.raw(Buffer.alloc(30));
    expect(out.roomBytes).toBeLessThanOrEqual(256);
    out.take();
    expect(out.roomBytes).toBe(0);
  });

  test('gives back the room of a long answer', () => {
    const out = new Outbox();
    out.raw(Buffer.alloc(1_000_000));
    expect(out.roomBytes).toBeGreaterThanOrEqual(1_000_000);
    out.take();
    expect(out.roomBytes).toBeLessThanOrEqual(1_024);
  });

  test('forgets a message that turned out not to fit', () => {
    const out = new Outbox();
    messages.accepted.write(out, examples.accepted.value);
    const { length } = out;
    out.begin(0x0146);
    out.raw(Buffer.alloc(BODY_BYTES_MAX + 1));
    expect(out.messageBytes).toBe(65_536);
    out.rewind(length);
    messages.accepted.write(out, examples.accepted.value);
    expect(
      out.take().equals(Buffer.concat([examples.accepted.bytes, examples.accepted.bytes])),
    ).toBe(true);
  });

  test('writes the largest frame there is, and holds a larger one for a defect', () => {
    const out = new Outbox();
    messages.sets.write(out, { strings: Buffer.alloc(BODY_BYTES_MAX) });
    expect(out.take().equals(frame(0x0128, nuls(BODY_BYTES_MAX)))).toBe(true);
    const tooLarge = { strings: Buffer.alloc(BODY_BYTES_MAX + 1) };
    expect(() => messages.sets.write(out, tooLarge)).toThrow('fauxlm defect: a frame of at most');
  });

  test('leaves nothing of an earlier message in the gaps of a later one', () => {
    const out = new Outbox();
    out.raw(Buffer.alloc(400, 0xff));
    out.rewind(0);
    messages.legacyError.write(out, { code: '-5' });
    messages.redirect.write(out, { host: 'h', port: 1, trail: undefined });
    const expected = [
      legacy(0x57, [0x2d, 0x35]),
      frame(0x0113, [0x68, 0, 0, 0, 0, 1, ...nuls(5), 0x54, 0x44]),
    ];
    expect(out.take().equals(Buffer.concat(expected))).toBe(true);
  });
});

test('text16 is cut at its limit, between characters', () => {
  const out = new Outbox();
  out.text16('ü'.repeat(TEXT_BYTES_MAX));
  out.text16(`${'x'.repeat(TEXT_BYTES_MAX - 1)}ü`);
  out.text16('x'.repeat(TEXT_BYTES_MAX));
  const expected = [
    ...text16('ü'.repeat(TEXT_BYTES_MAX / 2)),
    ...text16('x'.repeat(TEXT_BYTES_MAX - 1)),
    ...text16('x'.repeat(TEXT_BYTES_MAX)),
  ];
  expect(out.take().equals(Buffer.from(expected))).toBe(true);
});

/** A value like `value`, all of its texts being `text` and all of its lists `length` times as long. */
function stuffed(value: unknown, text: string, length: number): unknown {
  if (typeof value === 'string') return text;
  if (Array.isArray(value)) {
    const items = value.map((each) => stuffed(each, text, length));
    return Array.from({ length }, () => items).flat();
  }
  if (typeof value !== 'object' || value === null || Buffer.isBuffer(value)) return value;
  const fields = Object.entries(value).map(([name, each]) => [name, stuffed(each, text, length)]);
  return Object.fromEntries(fields);
}

/** Its texts are digits that we make ourselves. */
const ofNumbersOnly: readonly MessageKind[] = ['legacyStatus'];
const withTexts = exampleList.filter(({ kind }) => !ofNumbersOnly.includes(kind));

describe.each(withTexts)('$kind, whatever texts and lists it is given', ({ kind, value }) => {
  test('is a message that fits and can be read', () => {
    const message = messages[kind] as unknown as Message<string, never>;
    fc.assert(
      fc.property(anyText, fc.constantFrom(0, 1, 3, 20_000), (text, length) => {
        const out = new Outbox();
        message.write(out, stuffed(value, text, length) as never);
        const bytes = out.take();
        const told = split(bytes);
        expect(told).toEqual([expect.objectContaining({ hex: bytes.toString('hex') })]);
        const read = message.decode(bytes, 0, bytes.length);
        // What arrived is within all limits, so it goes out again as it came.
        message.write(out, read);
        expect(out.take().equals(bytes)).toBe(true);
      }),
      { numRuns: 40 },
    );
  });
});
