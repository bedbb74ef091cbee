import fc from 'fast-check';
import { expect, test } from 'vitest';
import { sortedOrder } from '../../src/plan/columns.ts';

const values = fc.oneof(
  fc.array(fc.integer({ min: 0, max: 20 }), { maxLength: 300 }),
  fc.array(fc.double({ noNaN: true }), { maxLength: 300 }),
);

test('the order of values is ascending, and of equal ones the first comes first', () => {
  fc.assert(
    fc.property(values, (numbers) => {
      const dumb = numbers.map((_, index) => index);
      dumb.sort((a, b) => compared(numbers[a]!, numbers[b]!) || a - b);
      expect([...sortedOrder(Float64Array.from(numbers))]).toEqual(dumb);
    }),
  );
});

/** By comparison: a difference of infinite numbers is none. */
function compared(a: number, b: number): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
