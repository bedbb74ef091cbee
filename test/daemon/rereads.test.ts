import { setImmediate as turn } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { Rereads } from '../../src/daemon/rereads.ts';

test('who asks for a reread that has not begun shares it', async () => {
  const rereads = new Rereads();
  let done = 0;
  const step = async (): Promise<void> => void done++;
  await Promise.all(['', '', 'acmed', 'ACMED', ''].map((vendor) => rereads.take(vendor, step)));
  expect(done).toBe(2);
  await rereads.take('', step);
  expect(done).toBe(3);
});

test('who asks while a reread is under way gets one that begins afterwards', async () => {
  const rereads = new Rereads();
  const begun: string[] = [];
  let end = (): void => {};
  const first = rereads.take('', () => {
    begun.push('first');
    return new Promise((resolve) => {
      end = resolve;
    });
  });
  while (begun.length === 0) await turn();
  const second = rereads.take('', async () => void begun.push('second'));
  await turn();
  expect(begun).toEqual(['first']);
  end();
  await Promise.all([first, second]);
  expect(begun).toEqual(['first', 'second']);
});

test('a reread that fails fails for all who share it, and for nobody else', async () => {
  const rereads = new Rereads();
  const step = (): Promise<void> => Promise.reject(new Error('gone'));
  const both = [rereads.take('', step), rereads.take('', step)];
  const outcomes = await Promise.allSettled([...both, rereads.take('acmed', async () => {})]);
  expect(outcomes.map(({ status }) => status)).toEqual(['rejected', 'rejected', 'fulfilled']);
});

test('between two rereads everybody else has a turn', async () => {
  const rereads = new Rereads();
  const order: string[] = [];
  const one = rereads.take('a', async () => {
    order.push('a');
    setImmediate(() => order.push('somebody else'));
  });
  await Promise.all([one, rereads.take('b', async () => void order.push('b'))]);
  expect(order).toEqual(['a', 'somebody else', 'b']);
});
