import { expect, test } from 'vitest';
import { didYouMean, nearest } from '../../src/base/nearest.ts';

test.each([
  ['carsh', 'crash'],
  ['crsh', 'crash'],
  ['CRASH', 'crash'],
  ['warm', 'warn'],
  ['wran', 'warn'],
  ['rain', undefined],
  ['x', undefined],
  ['', undefined],
  ['c'.repeat(100_000), undefined],
])('%#: the word meant is found, or none', (word, meant) => {
  expect(nearest(word, ['crash', 'warn', 'hold'])).toBe(meant);
});

test('nothing is said when no word is near', () => {
  expect(didYouMean('carsh', ['crash'])).toBe('; did you mean crash?');
  expect(didYouMean('rain', ['crash'])).toBe('');
});
