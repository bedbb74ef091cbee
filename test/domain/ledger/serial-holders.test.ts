import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { SerialHolders, SerialHoldersLeft } from '../../../src/domain/ledger/serial-holders.ts';

/** Checkouts that are out: whose, and of how many seats. */
type Out = { readonly key: string; readonly seats: number };

const out = fc.array(
  fc.record({ key: fc.constantFrom('ann', 'ben', 'cat'), seats: fc.integer({ min: 1, max: 3 }) }),
  { maxLength: 12 },
);

/** Of each key the largest, as plainly as it can be said. */
function largest(all: readonly Out[], key: string): number {
  return Math.max(0, ...all.flatMap((each) => (each.key === key ? [each.seats] : [])));
}

function total(all: readonly Out[]): number {
  return ['ann', 'ben', 'cat'].reduce((sum, key) => sum + largest(all, key), 0);
}

function holdersOf(all: readonly Out[]): SerialHolders {
  const holders = new SerialHolders();
  for (const { key, seats } of all) holders.add(key, seats);
  return holders;
}

describe('holders of a serial number', () => {
  test('have as many seats as the largest of their checkouts, in whatever order these come and go', () => {
    fc.assert(
      fc.property(out, fc.infiniteStream(fc.nat()), (all, picks) => {
        const holders = holdersOf(all);
        const left = [...all];
        for (;;) {
          expect(holders.seats).toBe(total(left));
          expect(holders.equals(holdersOf(left))).toBe(true);
          for (const key of ['ann', 'ben', 'cat']) {
            expect(holders.seatsOf(key)).toBe(largest(left, key));
          }
          if (left.length === 0) break;
          const [gone] = left.splice(Number(picks.next().value) % left.length, 1);
          holders.add(gone!.key, -gone!.seats);
        }
        expect(holders.equals(new SerialHolders())).toBe(true);
      }),
    );
  });

  test('with some seats thought back are as they would be, and stay as they are', () => {
    fc.assert(
      fc.property(out, fc.nat(12), (all, split) => {
        const [gone, left] = [all.slice(0, split), all.slice(split)];
        const holders = holdersOf(all);
        const taken = new Map<string, number[]>();
        for (const { key, seats } of gone) taken.set(key, [...(taken.get(key) ?? []), seats]);
        const picture = new SerialHoldersLeft(holders, taken);
        expect(picture.seats).toBe(total(left));
        for (const key of ['ann', 'ben', 'cat']) {
          expect(picture.seatsOf(key)).toBe(largest(left, key));
        }
        expect(holders.seats).toBe(total(all));
      }),
    );
  });
});
