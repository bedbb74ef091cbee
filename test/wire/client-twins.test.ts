import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { KnownError } from '../../src/base/errors.ts';
import { clientTwins, quickDecoder } from '../../src/wire/client-twins.ts';
import { messages } from '../../src/wire/messages/index.ts';
import { Outbox } from '../../src/wire/outbox.ts';
import { anyText, anyU8, anyU16, anyU32 } from './arbitraries.ts';

const anyI32 = fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 });
const text = anyText.map((value) => value.slice(0, 300));
const values = {
  greeting: fc.record({
    versionMajor: anyU8,
    versionMinor: anyU8,
    suffix: anyU16,
    host: text,
    daemon: text,
  }),
  redirect: fc.record({ host: text, port: anyU32, trail: fc.constant(undefined) }),
  serverAnswer: fc.record({
    ownVersion: anyU8,
    tag: anyU32,
    host: text,
    port: anyU32,
    version: text,
    serverTime: anyU32,
    licensePaths: fc.array(text, { maxLength: 5 }),
    servers: fc.array(fc.record({ host: text, port: anyU32, state: anyU8, version: text }), {
      maxLength: 3,
    }),
    vendors: fc.array(
      fc.record({ name: text, state: anyU8, port: anyU32, version: text, pid: anyU32 }),
      { maxLength: 5 },
    ),
  }),
  statusPage: fc.record({
    ownVersion: anyU8,
    tag: anyU32,
    more: anyU8,
    records: fc.uint8Array({ maxLength: 200 }).map((bytes) => Buffer.from(bytes)),
  }),
  failure: fc.record({
    ownVersion: anyU8,
    tag: anyU32,
    major: anyI32,
    minor: anyI32,
    sys: anyI32,
    sysText: text,
    text,
  }),
  granted: fc.record({ ownVersion: anyU8, tag: anyU32, handle: anyU32, poolVersion: text }),
  accepted: fc.record({ ownVersion: anyU8, tag: anyU32 }),
} as const;

function outcome(read: () => unknown): unknown {
  try {
    return read();
  } catch (error) {
    expect(error).toBeInstanceOf(KnownError);
    return (error as KnownError).code;
  }
}

describe.each(Object.keys(clientTwins) as (keyof typeof clientTwins)[])(
  'the twin of %s',
  (kind) => {
    const bytesOf = (value: unknown): Buffer => {
      const out = new Outbox();
      (messages[kind].write as (out: Outbox, value: unknown) => void)(out, value);
      return out.take();
    };
    const same = (bytes: Buffer): void => {
      const twin = outcome(() => clientTwins[kind](bytes, 0, bytes.length));
      expect(twin).toEqual(outcome(() => messages[kind].decode(bytes, 0, bytes.length)));
    };

    test('reads what the declared layout reads', () => {
      fc.assert(
        fc.property(values[kind] as fc.Arbitrary<unknown>, (value) => same(bytesOf(value))),
      );
    });

    test('refuses what it refuses: cut anywhere, or with any byte changed', () => {
      const change = fc.record({ value: values[kind], keep: fc.nat(), at: fc.nat(), to: anyU8 });
      fc.assert(
        fc.property(
          change as fc.Arbitrary<{ value: unknown; keep: number; at: number; to: number }>,
          (given) => {
            const whole = bytesOf(given.value);
            const end = 20 + (given.keep % (whole.length - 20 + 1));
            const bytes = Buffer.from(whole.subarray(0, end));
            if (end > 20) bytes[20 + (given.at % (end - 20))] = given.to;
            same(bytes);
          },
        ),
        { numRuns: 500 },
      );
    });
  },
);

test('a message without a twin is read by its layout, and keeps nothing of the bytes it is read from', () => {
  const out = new Outbox();
  const mark = Buffer.from('T\0fauxlm\x01\0\0\0\0', 'latin1');
  const texts = { user: 'u', host: 'h', vendor: 'v', display: 'd', pid: '1', platform: 'p' };
  const versions = { versionMajor: 11, versionMinor: 18 };
  messages.hello.write(out, { lead: undefined, trail: undefined, mark, ...texts, ...versions });
  const bytes = out.take();
  const value = quickDecoder(messages.hello)(bytes, 0, bytes.length) as { mark: Buffer };
  bytes.fill(0);
  expect(value.mark.equals(mark)).toBe(true);
});
