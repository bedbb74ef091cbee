import { expect, test } from 'vitest';
import { ManualClock } from '../../src/base/clock.ts';
import { Rng } from '../../src/base/rng.ts';
import { Journal, type JournalEvent, plainEvent } from '../../src/daemon/journal.ts';
import { startServer } from '../../src/daemon/server.ts';
import type { Command } from '../../src/domain/ledger/commands.ts';
import type { LedgerEvent } from '../../src/domain/ledger/events.ts';

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

/** Every kind of event that seats bring about: taken, shared, lingering, of a suite, queued, denied, borrowed. */
const license = `SERVER this_host ANY
VENDOR acmed
FEATURE solve acmed 2.0 permanent 3 DUP_GROUP=UH SIGN=00
FEATURE mesh acmed 1.5 permanent 2 LINGER=60 BORROW SIGN=00
PACKAGE suite acmed 1.0 COMPONENTS="left right" OPTIONS=SUITE SIGN=00
FEATURE suite acmed 1.0 permanent 2 SIGN=00
`;

test.each([7, 5_000, 100_000])(
  'a journal of %i gives back each event that it keeps as it was told',
  async (size) => {
    const clock = new ManualClock(Date.UTC(2030, 0, 7, 9));
    const server = await startServer({
      licenses: [{ name: 'a.lic', text: license }],
      port: 0,
      clock,
    });
    const daemon = server.daemon('acmed')!;
    const journal = new Journal({ size });
    const told: string[] = [];
    const plain = (event: LedgerEvent | JournalEvent): string => JSON.stringify(plainEvent(event));
    const tell = (events: readonly LedgerEvent[]): void => {
      for (const event of events) {
        told.push(plain(event));
        journal.push('acmed', event);
      }
    };
    const rng = new Rng('journal ring');
    for (let step = 0; step < 12_000; step++) {
      tell(daemon.apply(someCommand(rng, daemon.ledger.nextHandle, clock.now())));
      if (step % 100 === 0) await server.clock.advance('90s');
    }
    await server.stop();
    const kept = journal.entries().map(({ event }) => plain(event));
    expect(kept).toEqual(told.slice(-size));
    const kinds = new Set(told.map((text) => (JSON.parse(text) as JournalEvent).kind));
    expect([...kinds].sort()).toEqual(expect.arrayContaining(kindsOfSeats));
  },
);

const kindsOfSeats = [
  'checkinRefused',
  'checkoutDenied',
  'checkoutQueued',
  'seatKept',
  'seatReturned',
  'seatTaken',
];

function someCommand(rng: Rng, nextHandle: number, now: number): Command {
  const session = 1 + rng.below(8);
  if (rng.below(3) === 0) return { kind: 'disconnect', session };
  if (rng.below(3) === 0) {
    return { kind: 'checkin', session, handle: Math.max(1, nextHandle - rng.below(8)) };
  }
  const borrowUntil = rng.below(20) === 0 ? { borrowUntil: now + 3_600_000 } : {};
  return {
    kind: 'checkout',
    session,
    client: {
      ...{ user: `user${session}`, host: 'ws1', display: ':0', platform: 'x64_lsb', pid: session },
      ...{ project: '', address: '127.0.0.1', hostids: [] },
    },
    feature: rng.pick(['solve', 'mesh', 'left', 'right', 'none']),
    version: '1.0',
    count: 1 + rng.below(2),
    data: rng.pick(['', 'job 4']),
    queue: rng.pick([undefined, 'block']),
    ...borrowUntil,
  };
}
