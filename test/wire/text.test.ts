import fc from 'fast-check';
import { expect, test } from 'vitest';
import { readText, utf8Within } from '../../src/wire/text.ts';
import { anyText, arriving } from './arbitraries.ts';

const read = (...bytes: number[]): string => readText(Buffer.from(bytes), 0, bytes.length);

test('ASCII and UTF-8 read as written', () => {
  expect(read(0x61, 0x64, 0x61)).toBe('ada');
  expect(read(0x4d, 0xc3, 0xbc)).toBe('Mü');
  expect(readText(Buffer.from('xxMüxx'), 2, 5)).toBe('Mü');
});

test('bytes that are no UTF-8 read as Latin-1, the C1 range included', () => {
  expect(read(0x4d, 0xfc)).toBe('Mü');
  expect(read(0x80, 0x9f)).toBe('\u0080\u009f');
  expect(read(0xc3)).toBe('Ã');
});

test('the replacement character is itself where the bytes spell it', () => {
  expect(read(0xef, 0xbf, 0xbd)).toBe('\ufffd');
  expect(read(0xef, 0xbf, 0xbd, 0xff)).toBe('ï¿½ÿ');
});

test('any text reads back as it went out', () => {
  fc.assert(
    fc.property(anyText, (text) => {
      const bytes = Buffer.from(text, 'utf8');
      expect(readText(bytes, 0, bytes.length)).toBe(arriving(text));
    }),
  );
});

test('text that is too long is cut between characters, never inside one', () => {
  expect(utf8Within('aüb', 2).toString()).toBe('a');
  expect(utf8Within('aüb', 3).toString()).toBe('aü');
  expect(utf8Within('😀😀', 7).toString()).toBe('😀');
  expect(utf8Within('abc', 0).toString()).toBe('');
  fc.assert(
    fc.property(anyText, fc.nat(60), (text, bytesMax) => {
      const kept = utf8Within(text, bytesMax);
      const whole = Buffer.from(text, 'utf8');
      expect(whole.subarray(0, kept.length).equals(kept)).toBe(true);
      expect(kept.length).toBeLessThanOrEqual(bytesMax);
      // Less than one character more would have fitted.
      expect(kept.length).toBeGreaterThan(Math.min(bytesMax, whole.length) - 4);
      expect(arriving(text).startsWith(kept.toString())).toBe(true);
    }),
  );
});
