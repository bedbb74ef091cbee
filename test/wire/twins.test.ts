import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { KnownError } from '../../src/base/errors.ts';
import { decoderOf } from '../../src/wire/fields.ts';
import * as hot from '../../src/wire/hot.ts';
import { messages } from '../../src/wire/messages/index.ts';
import { Outbox } from '../../src/wire/outbox.ts';
import { Reader } from '../../src/wire/reader.ts';
import {
  type StatusKind,
  type StatusRecord,
  statusLayouts,
  statusRecordField,
} from '../../src/wire/status-records.ts';
import { anyText, anyU8, anyU16, anyU32 } from './arbitraries.ts';
import { frame, u8, u32 } from './by-hand.ts';
import { decodeStatusRecords, encodeStatusRecord } from './status-bytes.ts';

/** The bytes that a writer appends. */
function written(write: (out: Outbox) => void): string {
  const out = new Outbox();
  write(out);
  return out.take().toString('hex');
}

const checkoutFields = fc.record({
  tag: anyU32,
  flags: anyU16,
  count: anyU32,
  feature: anyText,
  version: anyText,
  data: anyText,
});

describe('writing by hand gives the bytes of the declared layout', () => {
  const head = { ownVersion: 1 } as const;

  test('checkout', () => {
    fc.assert(
      fc.property(checkoutFields, anyU32, (fields, time) => {
        expect(written((out) => hot.writeCheckout(out, fields, time))).toBe(
          written((out) => messages.checkout.write(out, { ...head, ...fields }, time)),
        );
      }),
    );
  });

  test('granted', () => {
    fc.assert(
      fc.property(anyU32, anyU32, anyText, (tag, handle, poolVersion) => {
        expect(written((out) => hot.writeGranted(out, tag, handle, poolVersion))).toBe(
          written((out) => messages.granted.write(out, { ...head, tag, handle, poolVersion })),
        );
      }),
    );
  });

  test('accepted, checkin and heartbeatAnswer', () => {
    fc.assert(
      fc.property(anyU32, anyU32, (tag, value) => {
        expect(written((out) => hot.writeAccepted(out, tag))).toBe(
          written((out) => messages.accepted.write(out, { ...head, tag })),
        );
        const checkin = { ...head, tag, handle: value };
        expect(written((out) => hot.writeCheckin(out, tag, value, value))).toBe(
          written((out) => messages.checkin.write(out, checkin, value)),
        );
        expect(written((out) => hot.writeHeartbeatAnswer(out, tag, value))).toBe(
          written((out) =>
            messages.heartbeatAnswer.write(out, { ...head, tag, serverTime: value }),
          ),
        );
      }),
    );
  });
});

/** A value, or the code of the error that took its place. */
function outcome<T>(read: () => T): T | string {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof KnownError)) throw error;
    return error.code;
  }
}

const reader = new Reader('', Buffer.alloc(0), 0, 0);

/** What both readers of a checkout make of a frame; `usual` stands in the reused fields. */
function bothCheckouts(
  bytes: Buffer,
  usual: hot.CheckoutFields,
): { hand: unknown; layout: unknown } {
  const hand = outcome(() => {
    const into = { ...usual };
    hot.readCheckout(reader, bytes, 0, bytes.length, into);
    return into;
  });
  const layout = outcome(() => {
    const { ownVersion, ...fields } = messages.checkout.decode(bytes, 0, bytes.length);
    expect(hot.ownVersionOf(bytes, 0, bytes.length)).toBe(ownVersion);
    expect(hot.tagOf(bytes, 0, bytes.length)).toBe(fields.tag);
    return fields;
  });
  return { hand, layout };
}

describe('reading by hand gives the values of the declared layout', () => {
  test('checkout, whatever strings the reused fields hold', () => {
    fc.assert(
      fc.property(checkoutFields, checkoutFields, (fields, usual) => {
        const out = new Outbox();
        hot.writeCheckout(out, fields);
        const bytes = out.take();
        for (const before of [usual, fields]) {
          const { hand, layout } = bothCheckouts(bytes, before);
          expect(hand).toEqual(layout);
        }
      }),
    );
  });

  test('a checkout of random bytes, or cut short, or longer: the same value or the same refusal', () => {
    const usual = { tag: 0, flags: 0, count: 0, feature: 'a', version: '', data: 'ä' };
    const tail = fc.uint8Array({ maxLength: 12 });
    const body = fc.oneof(
      fc.uint8Array({ maxLength: 40 }),
      fc.tuple(checkoutFields, fc.nat(60), tail).map(([fields, cut, more]) => {
        const out = new Outbox();
        hot.writeCheckout(out, fields);
        return Buffer.concat([out.take().subarray(20, -cut || undefined), more]);
      }),
    );
    fc.assert(
      fc.property(body, (bytes) => {
        const { hand, layout } = bothCheckouts(frame(0x7f03, [...bytes]), usual);
        expect(hand).toEqual(layout);
      }),
      { numRuns: 500 },
    );
  });

  test('strings that are repeated are the same objects', () => {
    const fields = { tag: 1, flags: 0, count: 1, feature: 'solver', version: '2026.0', data: '' };
    const out = new Outbox();
    hot.writeCheckout(out, fields);
    const bytes = out.take();
    const into = { ...fields, tag: 0 };
    hot.readCheckout(reader, bytes, 0, bytes.length, into);
    expect(into).toEqual(fields);
    // Latin-1 bytes that look like the usual string's UTF-16 units are still read as UTF-8.
    const accented = { ...fields, feature: '\u00c3\u00a9' };
    const utf8 = frame(0x7f03, [
      ...[...u8(1), ...u32(1), 0, 0, ...u32(1), 0, 2, 0xc3, 0xa9],
      ...[0, 0, 0, 0],
    ]);
    hot.readCheckout(reader, utf8, 0, utf8.length, accented);
    expect(accented.feature).toBe('é');
  });

  test('a check-in', () => {
    fc.assert(
      fc.property(anyU32, anyU32, (tag, handle) => {
        const bytes = frame(0x7f05, [...u8(1), ...u32(tag), ...u32(handle)]);
        expect(bytes.length).toBe(hot.CHECKIN_BYTES);
        expect(messages.checkin.decode(bytes, 0, bytes.length)).toEqual({
          ownVersion: hot.ownVersionOf(bytes, 0, bytes.length),
          tag: hot.tagOf(bytes, 0, bytes.length),
          handle: hot.secondU32Of(bytes, 0),
        });
      }),
    );
  });

  test('version and tag of a frame too short to have them are 0', () => {
    const empty = frame(0x7f05, []);
    expect(hot.ownVersionOf(empty, 0, empty.length)).toBe(0);
    expect(hot.tagOf(empty, 0, empty.length)).toBe(0);
    const heartbeat = frame(0x7f06, [...u8(1), ...u32(1), 0]);
    expect(heartbeat.length).toBe(hot.HEARTBEAT_BYTES);
  });

  test('hello, of any 147 bytes', () => {
    const anyHello = fc.oneof(
      fc.uint8Array({ minLength: 147, maxLength: 147 }),
      fc.array(fc.constantFrom(0, 0x41, 0xc3, 0xa9, 0xff), { minLength: 147, maxLength: 147 }),
    );
    fc.assert(
      fc.property(anyHello, fc.nat(9), (hello, before) => {
        const bytes = Buffer.concat([Buffer.alloc(before), Buffer.from(hello)]);
        const declared = messages.hello.decode(bytes, before, before + 147);
        expect(hot.readHello(bytes, before)).toEqual(declared);
      }),
    );
  });
});

describe.each(Object.keys(statusLayouts) as StatusKind[])('the status record %s', (kind) => {
  const { code, layout } = statusLayouts[kind];
  const field = statusRecordField(kind);
  const declared = decoderOf(kind, { record: field });
  const arbitraries = { u8: anyU8, u32: anyU32, text16: anyText } as const;
  const fields = Object.entries(layout).map(([name, { notation }]) => {
    return [name, arbitraries[notation as keyof typeof arbitraries]] as const;
  });
  const anyFields = fc.record(Object.fromEntries<fc.Arbitrary<unknown>>(fields));

  test('is written as declared, and read as declared', () => {
    fc.assert(
      fc.property(anyFields, (value) => {
        const bytes = encodeStatusRecord({ kind, ...value } as StatusRecord);
        const body = bytes.subarray(3);
        expect([...bytes.subarray(0, 3)]).toEqual([code, body.length >> 8, body.length & 0xff]);
        expect(written((out) => field.write(out, value as never))).toBe(body.toString('hex'));
        expect(decodeStatusRecords(bytes)).toEqual([{ kind, ...declared(body).record }]);
      }),
    );
  });
});
