import { appendFileSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { alternate, measuredRow, meets, perSecond, renderRow } from '../../bench/harness.ts';
import { entryOf, History } from '../../bench/history.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'fauxlm-history-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const row = (ratio: number) => ({ name: 'pairs', ratio, detail: 'ours 1, theirs 1', hash: 'aaaa' });
const day = new Date(Date.UTC(2030, 0, 7));

test('a run is told beside the latest one of its size', () => {
  const history = new History(join(folder, 'results'));
  expect(history.latest('full').size).toBe(0);
  history.add(entryOf('full', [row(0.5)], day));
  history.add(entryOf('full', [row(0.75)], day));
  history.add(entryOf('small', [row(9)], day));
  expect([...history.latest('full')]).toEqual([['pairs', 0.75]]);
  expect(renderRow(row(0.8), 0.75)).toContain('before 0.750');
});

test('a line that was cut short is passed over, and skipped rows are kept', () => {
  const history = new History(folder);
  history.add(entryOf('full', [row(0.5), { name: 'Redis', skipped: 'not here' }], day));
  appendFileSync(history.path, '{"size":"full","rows":[');
  expect([...history.latest('full')]).toEqual([['pairs', 0.5]]);
});

test('the hash of a run is that of the work: not of its figures, and not of what was skipped', () => {
  const { hash } = entryOf('full', [row(0.5)], day);
  const skipped = { name: 'Redis', skipped: 'not here' };
  expect(entryOf('full', [row(0.9), skipped], day).hash).toBe(hash);
  expect(entryOf('full', [{ ...row(0.5), hash: 'bbbb' }], day).hash).not.toBe(hash);
});

test('rounds alternate who is first, and a row tells the median of their own ratios', async () => {
  const order: string[] = [];
  const side = (name: string, values: readonly number[]) => {
    const left = [...values];
    return async () => {
      order.push(name);
      return left.shift()!;
    };
  };
  const measured = await alternate(3, side('a', [2, 9, 30]), side('b', [1, 3, 5]));
  expect(order.join('')).toBe('abbaab');
  const asked = { name: 'pairs', bar: { atLeast: 3 }, other: 'theirs', hash: 'aaaa' };
  const told = measuredRow(asked, measured, perSecond);
  expect(told).toMatchObject({ ratio: 3, detail: 'ours 9/s, theirs 3/s, ratio 2.00-6.00' });
  expect([meets(told), meets({ ...told, bar: { exactly: 0 } })]).toEqual([true, false]);
});
