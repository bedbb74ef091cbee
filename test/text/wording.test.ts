import { expect, test } from 'vitest';
import { printable } from '../../src/text/wording.ts';

test.each([
  ['a line end', 'eve\n13:00:00 (acmed) OUT', 'eve?13:00:00 (acmed) OUT'],
  ['an escape', '\u001b[2Jeve', '?[2Jeve'],
  ['an eight-bit escape', '\u009b31meve', '?31meve'],
  ['a line separator', 'e\u2028v\u2029e', 'e?v?e'],
  ['a change of direction', 'e\u202ev\u2066e\u200f', 'e?v?e?'],
])('%s in a name becomes a question mark', (_what, name, shown) => {
  expect(printable(name)).toBe(shown);
});

test('a name in any script stays as it is', () => {
  for (const name of ['Jürgen', '山田', 'محمد', 'דוד', 'a b', '😀'])
    expect(printable(name)).toBe(name);
});
