import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type Deadline, DeadlineHeap } from '../../src/base/deadline-heap.ts';

describe('DeadlineHeap', () => {
  test('agrees with a sorted list, whatever is added and taken back', () => {
    const action = fc.oneof(
      fc.record({ kind: fc.constant('add' as const), at: fc.integer({ min: 0, max: 20 }) }),
      fc.record({ kind: fc.constant('remove' as const), which: fc.nat(30) }),
    );
    fc.assert(
      fc.property(fc.array(action, { maxLength: 200 }), (actions) => {
        const heap = new DeadlineHeap<number>();
        let list: Deadline<number>[] = [];
        for (const [index, action] of actions.entries()) {
          if (action.kind === 'add') list.push(heap.add(action.at, index));
          else {
            const gone = list[action.which % Math.max(list.length, 1)];
            if (gone !== undefined) heap.remove(gone);
            list = list.filter((each) => each !== gone);
          }
          // Array.sort is stable: of equal times, the one added first comes first.
          list.sort((a, b) => a.at - b.at || a.order - b.order);
          expect(heap.disorder()).toEqual([]);
          expect(heap.first).toBe(list[0]);
          expect(heap.due(10)).toEqual(list.filter(({ at }) => at <= 10));
          expect(heap.size).toBe(list.length);
        }
      }),
      { numRuns: 300 },
    );
  });

  test('one that was taken back can be taken back again, without harm', () => {
    const heap = new DeadlineHeap<string>();
    const first = heap.add(1, 'first');
    const second = heap.add(2, 'second');
    heap.remove(first);
    heap.remove(first);
    expect(heap.first).toBe(second);
    expect(heap.size).toBe(1);
    expect(heap.has(first)).toBe(false);
  });

  test('100,000 deadlines come out in order', () => {
    const heap = new DeadlineHeap<number>();
    const count = 100_000;
    // 7,919 is a prime that does not divide the count: every time comes once, in a scrambled order.
    for (let i = 0; i < count; i++) heap.add((i * 7_919) % count, i);
    expect(heap.due(2).map(({ at }) => at)).toEqual([0, 1, 2]);
    const order: number[] = [];
    for (let next = heap.first; next !== undefined; next = heap.first) {
      order.push(next.at);
      heap.remove(next);
    }
    expect(order.every((at, index) => at === index)).toBe(true);
    expect(order.length).toBe(count);
  });
});
