import fc from 'fast-check';
import { expect, test } from 'vitest';
import { featuresOfPages, pageHolds } from '../../src/client/status-pages.ts';
import type { StatusRecord } from '../../src/wire/status-records.ts';
import { records } from '../lmutil/license-server.ts';
import { decodeStatusRecords, encodeStatusRecord } from '../wire/status-bytes.ts';

const { feature, pool, user } = records;

const page = (...all: readonly StatusRecord[]): Buffer =>
  Buffer.concat(all.map(encodeStatusRecord));

/** Features with their pools' entries, as plain lists. */
function readAll(pages: readonly Buffer[]) {
  return [...featuresOfPages(pages)].map((each) => {
    const pools = 'pools' in each ? each.pools : [];
    return { ...each, pools: pools.map((one) => ({ ...one, entries: [...one.entries] })) };
  });
}

test('a pool nobody uses is not listed; one whose users are not told is', () => {
  const [read] = readAll([page(feature({ used: 3 }), pool({}), pool({ used: 3, version: '2.0' }))]);
  expect(read?.pools.map(({ version, entries }) => [version, entries])).toEqual([['2.0', []]]);
});

test('locks, linger, queue and reservations come through', () => {
  const [read] = readAll([
    page(
      feature({ used: 1 }),
      pool({ lock: 1, lockedTo: 'ID=12', vendorString: 'x', expiry: '' }),
      user({ lingerRemaining: 5, lingerTotal: 9, pid: 0, data: 'd', project: 'p' }),
      { kind: 'reservation', count: 2, type: 'GROUP', name: 'crew' },
      { kind: 'reservation', count: 2, type: 'SPELL', name: 'crew' },
      { kind: 'queued', user: 'q', host: 'h', display: '', version: '1', handle: 3, count: 1 },
      pool({ lock: 2, lockedTo: 'ANY', used: 1 }),
    ),
  ]);
  const [locked, uncounted] = read!.pools;
  expect(locked).toMatchObject({
    lock: { kind: 'nodelocked', hostid: 'ID=12' },
    vendorString: 'x',
  });
  expect(locked).not.toHaveProperty('expiry');
  expect(locked?.entries.map(({ kind }) => kind)).toEqual(['user', 'reservation', 'queued']);
  expect(locked?.entries[0]).toMatchObject({
    linger: { remainingSeconds: 5, totalSeconds: 9 },
    checkoutData: 'd',
    project: 'p',
  });
  expect(locked?.entries[0]).not.toHaveProperty('pid');
  expect(uncounted?.lock).toEqual({ kind: 'uncountedNodelocked', hostid: 'ANY' });
});

test('records of an unknown kind are passed over', () => {
  const unknown = Buffer.from([99, 0, 2, 1, 2]);
  const bytes = Buffer.concat([unknown, page(feature({}), pool({})), unknown, page(user({}))]);
  expect(pageHolds(bytes)).toBe(true);
  expect(readAll([bytes])[0]?.pools[0]?.entries).toHaveLength(1);
});

test('a page holds exactly if all its records can be decoded', () => {
  const whole = page(feature({}), pool({}), user({}), user({ user: 'Müller' }));
  const decodes = (bytes: Buffer): boolean => {
    try {
      decodeStatusRecords(bytes);
      return true;
    } catch {
      return false;
    }
  };
  expect(pageHolds(whole)).toBe(true);
  const change = fc.record({
    at: fc.nat(whole.length - 1),
    to: fc.nat(255),
    cut: fc.nat(whole.length),
  });
  fc.assert(
    fc.property(change, ({ at, to, cut }) => {
      const changed = Buffer.from(whole.subarray(0, cut));
      if (at < cut) changed[at] = to;
      expect(pageHolds(changed)).toBe(decodes(changed));
    }),
    { numRuns: 3_000 },
  );
});

test('any bytes that hold can be read to their end', () => {
  fc.assert(
    fc.property(fc.array(fc.uint8Array({ maxLength: 60 })), (pages) => {
      const held = pages.map((bytes) => Buffer.from(bytes)).filter(pageHolds);
      expect(() => readAll(held)).not.toThrow();
    }),
    { numRuns: 2_000 },
  );
});

test('users are read one at a time, across pages, in order', () => {
  const users = Array.from({ length: 5_000 }, (_, handle) => encodeStatusRecord(user({ handle })));
  const pages = [page(feature({ used: 5_000 }), pool({ used: 5_000 })), Buffer.concat(users)];
  const [read] = featuresOfPages(pages);
  const { entries } = (read as { pools: readonly { entries: Iterable<unknown> }[] }).pools[0]!;
  const iterator = entries[Symbol.iterator]();
  expect(iterator.next().value).toMatchObject({ handle: 0 });
  expect(iterator.next().value).toMatchObject({ handle: 1 });
});
