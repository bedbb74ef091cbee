import { expect, test } from 'vitest';
import { limits } from '../../src/base/limits.ts';
import { EventFeed } from '../../src/daemon/event-feed.ts';
import type { JournalEvent } from '../../src/daemon/journal.ts';
import { makeClient } from '../make.ts';

/** A manager that reads one message whenever the test says so. */
function slowManager(bounds: { eventsMax?: number; charactersMax?: number } = {}) {
  const heard: (readonly JournalEvent[])[] = [];
  const told: (number | undefined)[] = [];
  let taken = (): void => {};
  const feed = new EventFeed({
    send: (events) => {
      heard.push(events);
      return new Promise((done) => {
        taken = done;
      });
    },
    lost: (events) => told.push(events),
    ...bounds,
  });
  const turn = (): Promise<void> => new Promise((done) => setImmediate(done));
  /** Reads until nothing comes any more. */
  const read = async (): Promise<void> => {
    for (let before = -1; before !== heard.length; ) {
      before = heard.length;
      taken();
      await turn();
    }
  };
  return { feed, heard, told, turn, read };
}

function unsupported(number: number, text = ''): JournalEvent {
  const client = makeClient({ user: `user${text}` });
  const refusal = { major: -5, minor: 346 };
  return { kind: 'featureUnsupported', at: 0, session: number, client, feature: 'f', refusal };
}

function sessionsOf(heard: readonly (readonly JournalEvent[])[]): readonly number[] {
  return heard.flat().map((event) => (event as { session: number }).session);
}

test('events come in order, those of a turn together, a thousand or a million characters a message', async () => {
  const { feed, heard, told, read, turn } = slowManager();
  for (let n = 0; n < 2_500; n++) feed.push(unsupported(n));
  expect(heard).toEqual([]);
  await turn();
  await read();
  expect(heard.map(({ length }) => length)).toEqual([1_000, 1_000, 500]);
  expect(sessionsOf(heard)).toEqual(Array.from({ length: 2_500 }, (_, n) => n));
  const before = heard.length;
  for (let n = 0; n < 5; n++) feed.push(unsupported(n, 'x'.repeat(600_000)));
  await turn();
  await read();
  expect(heard.slice(before).map(({ length }) => length)).toEqual([2, 2, 1]);
  expect(told).toEqual([]);
});

test.each([
  ['events', { eventsMax: 10 }, ''],
  ['characters', { charactersMax: 10 * 1_050 }, 'x'.repeat(1_000)],
])(
  'past its bound in %s the oldest are lost, which is told once, and how many at the end',
  async (_of, bounds, text) => {
    const { feed, heard, told, read, turn } = slowManager(bounds);
    feed.push(unsupported(0, text));
    await turn();
    // The first is on its way; a manager that does not read it gets no more than what may wait.
    for (let n = 1; n <= 100; n++) feed.push(unsupported(n, text));
    expect(told).toEqual([undefined]);
    await read();
    await feed.drained();
    expect(sessionsOf(heard)).toEqual([0, ...Array.from({ length: 10 }, (_, n) => 91 + n)]);
    expect(told).toEqual([undefined, 90]);
    feed.push(unsupported(200, text));
    await turn();
    await read();
    expect(sessionsOf(heard).at(-1)).toBe(200);
    expect(told).toEqual([undefined, 90]);
  },
);

test('one event that is larger than all that may wait is sent all the same', async () => {
  const { feed, heard, told, read, turn } = slowManager({ charactersMax: 10 });
  feed.push(unsupported(1, 'x'.repeat(100)));
  await turn();
  await read();
  expect([sessionsOf(heard), told]).toEqual([[1], []]);
});

test('a million events that nobody reads cost what its bounds say', async () => {
  const { feed, heard, told, turn } = slowManager();
  feed.push(unsupported(0));
  await turn();
  const event = unsupported(1, 'x'.repeat(4_000));
  for (let n = 0; n < 1_000_000; n++) feed.push(event);
  const kept = limits.feedCharactersMax / 4_000;
  expect(told).toEqual([undefined]);
  expect(heard).toHaveLength(1);
  expect(feed.waiting).toBeLessThanOrEqual(kept);
  expect(feed.waiting).toBeGreaterThan(kept * 0.9);
});
