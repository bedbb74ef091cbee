import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { PagedTable } from '../../../src/domain/ledger/paged-table.ts';

describe('PagedTable', () => {
  test('agrees with a Map, whatever is put and deleted', () => {
    const action = fc.record({
      kind: fc.constantFrom('set' as const, 'set' as const, 'delete' as const),
      key: fc.oneof(fc.nat(400), fc.nat({ max: 2 ** 40 })),
    });
    fc.assert(
      fc.property(fc.array(action, { maxLength: 300 }), (actions) => {
        const table = new PagedTable<string>();
        const map = new Map<number, string>();
        for (const [index, { kind, key }] of actions.entries()) {
          if (kind === 'set') {
            table.set(key, `item ${index}`);
            map.set(key, `item ${index}`);
          } else {
            table.delete(key);
            map.delete(key);
          }
          expect(table.size).toBe(map.size);
          expect(table.get(key)).toBe(map.get(key));
        }
        expect([...table.values()].sort()).toEqual([...map.values()].sort());
        for (const [key, item] of map) expect(table.get(key)).toBe(item);
      }),
      { numRuns: 300 },
    );
  });

  test('gives its items in the order of growing keys', () => {
    const table = new PagedTable<number>();
    for (let key = 0; key < 2_000; key++) table.set(key, key);
    for (let key = 0; key < 2_000; key++) if (key % 3 !== 0) table.delete(key);
    expect([...table.values()]).toEqual(
      Array.from({ length: 2_000 }, (_, key) => key).filter((key) => key % 3 === 0),
    );
  });

  test.each([101.5, -1, Number.NaN, Infinity, 2 ** 60])('%d is no key of anything', (key) => {
    const table = new PagedTable<string>();
    table.set(101, 'there');
    expect(table.get(key)).toBeUndefined();
  });
});
