import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { decodeText, encodeText } from '../../src/domain/text-encoding.ts';

const bytesOf = (...bytes: number[]): Uint8Array => Uint8Array.from(bytes);

describe('text encoding', () => {
  test('valid UTF-8 is read as UTF-8, and a byte-order mark stays in the text', () => {
    const read = decodeText('a.lic', bytesOf(0xef, 0xbb, 0xbf, 0x41, 0xc3, 0xbc));
    expect(read).toEqual({ name: 'a.lic', text: '\ufeffA\u00fc', encoding: 'utf-8' });
  });

  test('other bytes are one character each, also those that windows-1252 would change', () => {
    const read = decodeText('a.lic', bytesOf(0x41, 0xfc, 0x80, 0x9f));
    expect(read).toEqual({ name: 'a.lic', text: 'A\u00fc\u0080\u009f', encoding: 'latin1' });
  });

  test('every sequence of bytes survives being read and written', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
        const { text, encoding } = decodeText('any', bytes);
        expect([...encodeText(text, encoding)]).toEqual([...bytes]);
      }),
    );
  });

  test('a character that Latin-1 lacks is refused, with its place', () => {
    expect(() => encodeText('ab\u20ac', 'latin1')).toThrow('character 3: expected Latin-1');
  });
});
