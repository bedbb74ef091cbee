import { expect, test, vi } from 'vitest';
import { Handful } from '../../../src/domain/ledger/handfuls.ts';

test('the first is the oldest that is still there, whoever went and came', () => {
  const handful = new Handful<{ handle: number }>();
  const kept: { handle: number }[] = [];
  let seed = 4711;
  for (let step = 1; step <= 5_000; step++) {
    seed = (Math.imul(seed, 1103515245) + 12345) >>> 0;
    const goes = kept.length > 0 && (seed >>> 8) % 9 < 4;
    if (goes) handful.delete(kept.splice((seed >>> 16) % kept.length, 1)[0]!);
    else {
      const item = { handle: step };
      kept.push(item);
      handful.add(item);
    }
    expect(handful.first, `step ${step}, seed 4711`).toBe(kept[0]);
    expect(handful.size).toBe(kept.length);
  }
  expect(handful.toArray()).toEqual(kept);
});

test('asking for the first again does not search again', () => {
  const handful = new Handful<{ handle: number }>();
  const items = Array.from({ length: 1_000 }, (_, handle) => ({ handle }));
  for (const item of items) handful.add(item);
  for (const item of items.slice(0, 500)) handful.delete(item);
  const searches = vi.spyOn(Map.prototype, 'values');
  for (let asked = 0; asked < 500; asked++) expect(handful.first?.handle).toBe(500);
  const searched = searches.mock.calls.length;
  searches.mockRestore();
  expect(searched).toBe(1);
});
