import { describe, expect, test } from 'vitest';
import { audit } from '../../../src/domain/ledger/audit.ts';
import type { LedgerEvent } from '../../../src/domain/ledger/events.ts';
import {
  decide,
  decideReread,
  nextDeadline,
  record,
  replaceDefinitions,
} from '../../../src/domain/ledger/ledger.ts';
import { snapshot } from '../../../src/domain/ledger/snapshot.ts';
import {
  makeCheckout,
  makeClient,
  makeExpiry,
  makeFeatureLine,
  makeLedger,
  makePoolDefinition,
  monday,
} from '../../make.ts';
import { perform } from './perform.ts';

const kinds = (events: readonly LedgerEvent[]): string[] => events.map(({ kind }) => kind);

describe('features', () => {
  test('are found in any letter case, and named as the license file spells them', () => {
    const ledger = makeLedger([makePoolDefinition({ feature: 'Solver' })]);
    const [event] = perform(ledger, makeCheckout({ feature: 'sOLVER' }));
    expect(event).toMatchObject({ kind: 'seatTaken', feature: 'Solver' });
  });

  test('of a vendor that tells letter cases apart are found only as they are spelled', () => {
    const definitions = [
      makePoolDefinition({ feature: 'solver' }),
      makePoolDefinition({ feature: 'SOLVER' }),
    ];
    const ledger = makeLedger(definitions, { caseSensitive: true });
    expect(snapshot(ledger).features.map(({ name }) => name)).toEqual(['solver', 'SOLVER']);
    const [event] = perform(ledger, makeCheckout({ feature: 'Solver' }));
    expect(event).toMatchObject({ kind: 'featureUnsupported', feature: 'Solver' });
  });

  test.each(['__proto__', 'constructor', ''])('"%s" is a name like any other', (feature) => {
    expect(kinds(perform(makeLedger(), makeCheckout({ feature })))).toEqual(['featureUnsupported']);
    const ledger = makeLedger([makePoolDefinition({ feature })]);
    expect(kinds(perform(ledger, makeCheckout({ feature })))).toEqual(['seatTaken']);
  });

  test('asked for in ever new spellings do not make the ledger grow', () => {
    const name = 'abcdefghijklmnop';
    const ledger = makeLedger([makePoolDefinition({ feature: name })]);
    for (let bits = 0; bits < 1_000; bits++) {
      const feature = [...name]
        .map((letter, i) => (bits & (1 << i) ? letter.toUpperCase() : letter))
        .join('');
      expect(kinds(decide(ledger, makeCheckout({ feature }), monday))).toEqual(['seatTaken']);
    }
    expect([...ledger.spellings.entries()].length).toBeLessThanOrEqual(4);
  });
});

describe('requests no client should make', () => {
  test.each([0, -1, 1.5, Number.NaN, Infinity, 2 ** 31])('a count of %d is refused', (count) => {
    const uncounted = makePoolDefinition({ counted: false });
    const [event] = perform(makeLedger([uncounted]), makeCheckout({ count }));
    expect(event).toMatchObject({ kind: 'checkoutDenied', refusal: { major: -42 } });
  });

  test.each(['1.2.3', '1a', '-1', ' 1', '.', '١'])('a version of "%s" is refused', (version) => {
    const [event] = perform(makeLedger(), makeCheckout({ version }));
    expect(event).toMatchObject({ kind: 'checkoutDenied', refusal: { major: -77 } });
  });

  test.each([Number.NaN, 101.5, -1, 2 ** 40])('handle %d is not out', (handle) => {
    const ledger = makeLedger();
    perform(ledger, makeCheckout());
    const [event] = perform(ledger, { kind: 'checkin', session: 1, handle });
    expect(event).toMatchObject({ kind: 'checkinRefused', refusal: { major: -41 } });
  });
});

describe('versions', () => {
  test.each(['', '0', '0.0', '00.000', '1', '1.0', '01.00', '0.9'])('"%s" fits 1.0', (version) => {
    expect(kinds(perform(makeLedger(), makeCheckout({ version })))).toEqual(['seatTaken']);
  });
});

describe('handles', () => {
  test('begin where the host says and are never used again', () => {
    const ledger = makeLedger([makePoolDefinition()], { firstHandle: 1_000 });
    const handles = [0, 1, 2].map(() => {
      const [event] = perform(ledger, makeCheckout());
      const handle = event?.kind === 'seatTaken' ? event.handle : -1;
      perform(ledger, { kind: 'checkin', session: 1, handle });
      return handle;
    });
    expect(handles).toEqual([1_000, 1_001, 1_002]);
  });
});

describe('a session with many checkouts', () => {
  test('gives all of them back, in order, and those of others stay', () => {
    const ledger = makeLedger([makePoolDefinition({ count: 5_000, dupGroup: { kind: 'site' } })]);
    for (let i = 0; i < 2_000; i++) {
      for (const event of decide(ledger, makeCheckout({ session: i % 2 }), monday))
        record(ledger, event);
    }
    const returned = perform(ledger, { kind: 'disconnect', session: 0 });
    expect(returned.map((event) => (event.kind === 'seatReturned' ? event.handle : -1))).toEqual(
      Array.from({ length: 1_000 }, (_, i) => 101 + 2 * i),
    );
    expect(snapshot(ledger).features[0]).toMatchObject({ used: 1 });
    perform(ledger, { kind: 'disconnect', session: 1 });
    expect(snapshot(ledger).features[0]).toMatchObject({ used: 0 });
  });
});

describe('deadlines', () => {
  test('the next one is the earliest day on which a line begins or ends', () => {
    const ending = (month: number) =>
      makePoolDefinition({
        id: `ends in ${month}`,
        lines: [makeFeatureLine({ expiry: makeExpiry(2030, month, 28) })],
      });
    const ledger = makeLedger([ending(9), ending(2), ending(5)]);
    expect(nextDeadline(ledger)).toBe(Date.UTC(2030, 2 - 1, 29));
    expect(kinds(perform(ledger, { kind: 'timePassed' }, Date.UTC(2030, 5, 1)))).toEqual([
      'poolCapacityChanged',
      'poolCapacityChanged',
    ]);
    expect(nextDeadline(ledger)).toBe(Date.UTC(2030, 9 - 1, 29));
    perform(ledger, { kind: 'timePassed' }, Date.UTC(2031, 0, 1));
    expect(nextDeadline(ledger)).toBeUndefined();
  });

  test('a pool that waits for a later line has not expired for good', () => {
    const lines = [
      makeFeatureLine({ expiry: makeExpiry(2030, 1, 7) }),
      makeFeatureLine({ attributes: { start: { year: 2030, month: 1, day: 9 } }, count: 4 }),
    ];
    const ledger = makeLedger([makePoolDefinition({ lines })]);
    const between = perform(ledger, { kind: 'timePassed' }, Date.UTC(2030, 0, 8));
    expect(between).toMatchObject([{ capacity: 0, expired: true }]);
    const [event] = perform(ledger, makeCheckout(), Date.UTC(2030, 0, 8));
    expect(event).toMatchObject({ refusal: { major: -31 } });
    const later = perform(ledger, { kind: 'timePassed' }, Date.UTC(2030, 0, 9));
    expect(later).toMatchObject([{ capacity: 4, expired: false }]);
  });

  test('a line that ends before it starts is never valid', () => {
    const line = makeFeatureLine({
      attributes: { start: { year: 2030, month: 2, day: 1 } },
      expiry: makeExpiry(2030, 1, 15),
    });
    const ledger = makeLedger([makePoolDefinition({ lines: [line] })]);
    for (const now of [monday, Date.UTC(2030, 0, 20), Date.UTC(2030, 2, 1)]) {
      const events = perform(ledger, makeCheckout(), now);
      expect(events.at(-1)).toMatchObject({ kind: 'checkoutDenied', refusal: { major: -10 } });
    }
  });
});

describe('a reread', () => {
  test('of the same files changes nothing', () => {
    const definitions = [makePoolDefinition({ count: 2 })];
    const ledger = makeLedger(definitions);
    perform(ledger, makeCheckout());
    const before = snapshot(ledger);
    expect(decideReread(ledger, definitions, monday)).toEqual([]);
    replaceDefinitions(ledger, definitions, monday);
    expect(snapshot(ledger)).toEqual(before);
    expect(audit(ledger)).toEqual([]);
  });

  test('forgets the deadlines of pools that are gone', () => {
    const ledger = makeLedger([
      makePoolDefinition({ lines: [makeFeatureLine({ expiry: makeExpiry(2030, 2, 1) })] }),
    ]);
    replaceDefinitions(ledger, [makePoolDefinition({ feature: 'mesh' })], monday);
    expect(nextDeadline(ledger)).toBeUndefined();
    expect(audit(ledger)).toEqual([]);
  });

  test('before the seats of vanished pools came back is a defect of ours', () => {
    const ledger = makeLedger();
    perform(ledger, makeCheckout());
    expect(() => replaceDefinitions(ledger, [], monday)).toThrow('fauxlm defect');
  });
});

describe('snapshot', () => {
  test('is plain data that shares nothing with the ledger', () => {
    const hostids = ['ANY'];
    const ledger = makeLedger([
      makePoolDefinition({
        count: 3,
        hostids,
        platforms: ['x64_lsb'],
        vendorString: 'lab',
        dupGroup: { kind: 'site' },
        lines: [
          makeFeatureLine({ expiry: makeExpiry(2030, 3, 1) }),
          makeFeatureLine({ expiry: makeExpiry(2031, 3, 1), count: 2 }),
        ],
      }),
      makePoolDefinition({ feature: 'viewer', counted: false }),
    ]);
    perform(ledger, makeCheckout({ version: '1.0', data: 'job1' }));
    perform(ledger, makeCheckout({ session: 2, client: makeClient({ user: 'bob' }) }));
    const first = snapshot(ledger);
    expect(JSON.parse(JSON.stringify(first))).toEqual(first);
    perform(ledger, { kind: 'stop' });
    expect(first).toMatchObject({
      vendor: 'acmed',
      nextHandle: 103,
      nextDeadline: Date.UTC(2030, 2, 2),
      features: [
        {
          name: 'solver',
          counted: true,
          capacity: 3,
          used: 1,
          pools: [
            {
              phase: 'valid',
              expiry: { date: { year: 2031 } },
              dupGroup: 'SITE',
              hostids: ['ANY'],
              platforms: ['x64_lsb'],
              vendorString: 'lab',
              checkouts: [
                {
                  handle: 101,
                  session: 1,
                  user: 'ann',
                  version: '1.0',
                  data: 'job1',
                  shared: false,
                },
                {
                  handle: 102,
                  session: 2,
                  user: 'bob',
                  version: '0.0',
                  shared: true,
                  since: monday,
                },
              ],
            },
          ],
        },
        { name: 'viewer', counted: false, capacity: 0, used: 0 },
      ],
    });
  });
});
