import { expect, test } from 'vitest';
import { Journal, type JournalEvent } from '../../src/daemon/journal.ts';

const event = { kind: 'checkinRefused' } as unknown as JournalEvent;

test('a listener that throws is told of, and neither the others nor the event are lost', () => {
  const told: unknown[] = [];
  const journal = new Journal({ notice: (what, details) => told.push([what, details]) });
  const heard: number[] = [];
  const failure = new Error('expected 1 to be 2');
  journal.listen(() => {
    throw failure;
  });
  journal.listen(({ number }) => heard.push(number));
  journal.push('acmed', event);
  journal.push('acmed', event);
  expect(heard).toEqual([1, 2]);
  expect(journal.entries().map(({ number }) => number)).toEqual([1, 2]);
  const details = { vendor: 'acmed', number: 1, error: failure };
  expect(told[0]).toEqual(['journal listener failed', details]);
  expect(told).toHaveLength(2);
});

test('a listener that fails later, a promise, is told of as well', async () => {
  const told: unknown[] = [];
  const journal = new Journal({ notice: (what) => told.push(what) });
  journal.listen(async () => {
    throw new Error('late');
  });
  journal.push('acmed', event);
  await new Promise((turn) => setImmediate(turn));
  expect(told).toEqual(['journal listener failed']);
});

test('a listener that adds and ends listeners changes who hears the next event, not this one', () => {
  const journal = new Journal();
  const heard: string[] = [];
  const more = (): void => {
    heard.push('first');
    journal.listen(more);
  };
  journal.listen(more);
  journal.push('acmed', event);
  expect(heard).toEqual(['first']);
});

test('a full journal lets the oldest events go', () => {
  const journal = new Journal({ size: 3 });
  for (let count = 0; count < 5; count++) journal.push('acmed', event);
  expect(journal.entries().map(({ number }) => number)).toEqual([3, 4, 5]);
  expect(journal.entries(5).map(({ number }) => number)).toEqual([5]);
});

test('a journal full of long texts lets the oldest events go', () => {
  const journal = new Journal({ size: 4, characters: 100 });
  const event = (length: number) =>
    ({ kind: 'checkinRefused', feature: 'x'.repeat(length) }) as unknown as JournalEvent;
  const kept = (): readonly number[] => journal.entries().map(({ number }) => number);
  for (const length of [40, 40, 40]) journal.push('acmed', event(length));
  expect(kept()).toEqual([2, 3]);
  for (const length of [1, 1, 1]) journal.push('acmed', event(length));
  expect(kept()).toEqual([3, 4, 5, 6]);
  journal.push('acmed', event(500));
  expect(kept()).toEqual([7]);
  journal.push('acmed', event(1));
  expect(kept()).toEqual([8]);
  journal.clear();
  journal.push('acmed', event(100));
  expect(kept()).toEqual([1]);
});
