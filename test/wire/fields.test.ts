import { describe, expect, test } from 'vitest';
import {
  constant,
  decoderOf,
  type Field,
  type Layout,
  list16,
  paddedBytes,
  paddedText,
  record,
  rest,
  text16,
  u8,
  writeLayout,
  zeroText,
} from '../../src/wire/fields.ts';
import { messages } from '../../src/wire/messages/index.ts';
import { Outbox } from '../../src/wire/outbox.ts';
import { list16 as handList, text16 as handText, padded, utf8, zero } from './by-hand.ts';

function written<L extends Layout>(layout: L, value: object): string {
  const out = new Outbox();
  writeLayout(layout, out, value as never);
  return out.take().toString('hex');
}

const hex = (bytes: readonly number[]): string => Buffer.from(bytes).toString('hex');

describe('text fields', () => {
  test('leave out NULs, which would end them early', () => {
    expect(written({ a: zeroText, b: zeroText }, { a: 'x\0y', b: 'z' })).toBe(
      hex([...zero('xy'), ...zero('z')]),
    );
    expect(written({ a: paddedText(4) }, { a: '\0x\0' })).toBe(hex(padded(utf8('x'), 4)));
  });

  test('of a fixed size keep one NUL at the end, and cut between characters', () => {
    expect(written({ a: paddedText(4) }, { a: 'abcd' })).toBe(hex([...utf8('abc'), 0]));
    expect(written({ a: paddedText(4) }, { a: 'abü' })).toBe(hex([...utf8('ab'), 0, 0]));
  });

  test('of a fixed size may come without any NUL', () => {
    expect(decoderOf('t', { a: paddedText(3) })(Buffer.from('abcd'))).toEqual({ a: 'abc' });
  });

  test('ended by NUL stand inside records and lists as well', () => {
    const layout = { list: list16(record({ a: zeroText, b: u8 })), last: zeroText };
    const bytes = [...handList([...zero('one'), 1], [...zero(''), 2]), ...zero('end')];
    const value = {
      list: [
        { a: 'one', b: 1 },
        { a: '', b: 2 },
      ],
      last: 'end',
    };
    expect(decoderOf('t', layout)(Buffer.from(bytes))).toEqual(value);
    expect(written(layout, value)).toBe(hex(bytes));
  });

  test('without their NUL are refused', () => {
    const decode = decoderOf('t', { a: zeroText, b: zeroText });
    expect(() => decode(Buffer.from('a\0b'))).toThrow(
      't: expected all its fields, got a body of 3 bytes that ends early',
    );
    expect(() => decode(Buffer.from('ab'))).toThrow('ends early');
    expect(() => decode(Buffer.alloc(0))).toThrow('ends early');
  });

  test('with a count that goes beyond the end are refused', () => {
    expect(() => decoderOf('t', { a: text16 })(Buffer.from([0, 3, 0x61, 0x62]))).toThrow('early');
    expect(() => decoderOf('t', { a: text16, b: rest })(Buffer.from([255, 255, 1]))).toThrow(
      'early',
    );
    expect(() => decoderOf('t', { a: list16(text16) })(Buffer.from([255, 255, 0, 0]))).toThrow(
      'early',
    );
  });
});

test('bytes behind the fields are not read', () => {
  expect(decoderOf('t', { a: u8, b: text16 })(Buffer.from([7, 0, 1, 0x61, 9, 9]))).toEqual({
    a: 7,
    b: 'a',
  });
});

test('bytes of a fixed size are cut or filled up with NULs', () => {
  expect(written({ a: paddedBytes(3) }, { a: Buffer.from([1, 2]) })).toBe('010200');
  expect(written({ a: paddedBytes(3) }, { a: Buffer.from([1, 2, 3, 4]) })).toBe('010203');
});

test('constant bytes are written as they are and read as nothing, whatever they are', () => {
  const layout = { a: constant(0x31, 0x33), b: u8 };
  expect(written(layout, { b: 1 })).toBe('313301');
  expect(decoderOf('t', layout)(Buffer.from([9, 9, 1]))).toEqual({ b: 1 });
});

test('a list keeps the items that fit and counts those', () => {
  const layout = { list: list16(text16, 16) };
  const list = ['four', 'five5', 'x', 'left out'];
  expect(written(layout, { list })).toBe(hex(handList(...['four', 'five5'].map(handText))));
  expect(written(layout, { list: ['longer than all of it', 'x'] })).toBe('0000');
});

test('no text of a usage record has the byte that ends its texts', () => {
  const out = new Outbox();
  messages.usage.write(out, {
    ...{ user: 'a\x01da', host: '\x01', display: 'd', version: '\x011.0' },
    ...{ mark: undefined, since: 0, handleHigh: 0, handle: 0 },
  });
  const body = out.take().subarray(20);
  expect(body.subarray(0, body.indexOf(1)).toString('latin1')).toBe('ada\0\0d\x001.0\0');
});

test('a field that breaks a promise of ours is a defect, not a refusal', () => {
  const broken: Field<number> = {
    ...u8,
    addTo(parser) {
      parser.seek(() => {
        throw new TypeError('a defect');
      });
    },
  };
  expect(() => decoderOf('t', { a: broken })(Buffer.alloc(1))).toThrow(TypeError);
});
