import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Chain, type Linked } from '../../../src/domain/ledger/chains.ts';
import { Handful } from '../../../src/domain/ledger/handfuls.ts';

class Item implements Linked<Item> {
  readonly handle: number;
  previous: Item | undefined = undefined;
  next: Item | undefined = undefined;

  constructor(handle: number) {
    this.handle = handle;
  }
}

/** Adds an item, or takes out the one at a place. */
const actions = fc.array(fc.oneof(fc.constant('add' as const), fc.nat(9)), { maxLength: 60 });

describe('Chain and Handful', () => {
  test('keep what an array would keep, in order', () => {
    fc.assert(
      fc.property(actions, (steps) => {
        const chain = new Chain<Item>();
        const handful = new Handful<Item>();
        const array: Item[] = [];
        for (const [handle, step] of steps.entries()) {
          if (step === 'add') {
            const item = new Item(handle);
            for (const keeper of [chain, handful]) keeper.add(item);
            array.push(item);
          } else {
            for (const item of array.splice(step, 1)) {
              chain.remove(item);
              handful.delete(item);
            }
          }
          expect([...chain.values()]).toEqual(array);
          expect(handful.toArray()).toEqual(array);
          expect([chain.first, chain.last]).toEqual([array[0], array.at(-1)]);
          expect([chain.size, handful.size]).toEqual([array.length, array.length]);
          expect(handful.first).toBe(array[0]);
        }
      }),
      { numRuns: 300 },
    );
  });

  test('a walk that pauses sees nothing twice, nothing that is gone, and what stayed', () => {
    const chain = new Chain<Item>();
    const items = Array.from({ length: 6 }, (_, handle) => new Item(handle));
    for (const item of items.slice(0, 5)) chain.add(item);
    const walk = chain.values();
    const seen = [walk.next().value?.handle, walk.next().value?.handle];
    chain.remove(items[1]!);
    chain.remove(items[2]!);
    chain.remove(items[0]!);
    chain.add(items[5]!);
    for (const item of walk) seen.push(item.handle);
    expect(seen).toEqual([0, 1, 3, 4, 5]);
  });

  test('an item that is gone points at nothing that lives', () => {
    const chain = new Chain<Item>();
    const [first, second] = [new Item(1), new Item(2)];
    chain.add(first);
    chain.add(second);
    chain.remove(first);
    expect([first.next, first.previous, second.previous]).toEqual([
      undefined,
      undefined,
      undefined,
    ]);
  });
});
