import { describe, expect, test } from 'vitest';
import { audit } from '../../../src/domain/ledger/audit.ts';
import type { Borrowed } from '../../../src/domain/ledger/borrowed-seats.ts';
import { createLedger, type Ledger } from '../../../src/domain/ledger/ledger.ts';
import type { Lingering } from '../../../src/domain/ledger/lingering-seats.ts';
import { makeCheckout, makeClient, makePoolDefinition, monday } from '../../make.ts';
import { perform } from './perform.ts';

const MINUTE_MS = 60_000;

/** Seats in every state that time makes: 101 idle, 102 silent, 103 and 104 lingering, 105 borrowed. */
function busy(): Ledger {
  const definition = makePoolDefinition({ count: 9 });
  const borrow = {
    longestMs: 3_600_000,
    isLowered: false,
    lowWater: 0,
    excluded: [],
    included: [],
  };
  const times = new Map([
    [definition.id, { lingerMs: 10 * MINUTE_MS, timeoutMs: 20 * MINUTE_MS, borrow }] as const,
  ]);
  const ledger = createLedger([definition], { vendor: 'acmed' }, monday, undefined, times);
  for (const session of [1, 2, 3, 4]) perform(ledger, makeCheckout({ session }));
  perform(ledger, { kind: 'activity', session: 1, activity: 'idle', since: monday });
  perform(ledger, { kind: 'activity', session: 2, activity: 'silent', since: monday });
  perform(ledger, { kind: 'checkin', session: 3, handle: 103 });
  perform(ledger, { kind: 'disconnect', session: 4 }, monday + MINUTE_MS);
  const client = makeClient({ user: 'ben' });
  perform(ledger, makeCheckout({ session: 5, client, borrowUntil: monday + 3_600_000 }));
  return ledger;
}

const spoilers: Readonly<Record<string, (ledger: Ledger) => void>> = {
  'an idle seat nobody waits for': (ledger) => {
    ledger.lapses.remove(ledger.checkouts.get(101)!.deadline!);
  },
  'an idle seat waited for too long': (ledger) => {
    const seat = ledger.checkouts.get(101)!;
    ledger.lapses.remove(seat.deadline!);
    seat.deadline = ledger.lapses.add(monday + 3_600_000, seat);
  },
  'a seat in use that is waited for': (ledger) => ledger.quiet.delete(1),
  'a silent session nobody waits for': (ledger) => {
    ledger.lapses.remove(ledger.quiet.get(2)!.deadline!);
  },
  'a quiet session that holds nothing': (ledger) => {
    ledger.quiet.set(9, ledger.quiet.get(2)!);
  },
  'a seat that nobody holds and that does not linger': (ledger) => {
    ledger.checkouts.get(103)!.stay = undefined;
  },
  'a lingering seat that somebody holds': (ledger) => {
    ledger.checkouts.get(103)!.session = 3;
  },
  'lingering seats nobody waits for': (ledger) => {
    ledger.lapses.remove([...ledger.pools.values()][0]!.lingering!.deadline!);
  },
  'a lingering seat that is lost': (ledger) => {
    [...ledger.pools.values()][0]!.lingering!.delete(ledger.checkouts.get(104)!.stay as Lingering);
  },
  'a borrowed seat nobody waits for': (ledger) => {
    ledger.lapses.remove((ledger.checkouts.get(105)!.stay as Borrowed).deadline!);
  },
  'borrowed seats that are not counted': (ledger) => {
    [...ledger.pools.values()][0]!.borrowed!.count--;
  },
  'a borrow too many': (ledger) => {
    ledger.borrows++;
  },
  "a borrowed seat that is nobody's": (ledger) => {
    [...ledger.pools.values()][0]!.borrowed!.delete(ledger.checkouts.get(105)!);
  },
  'a stray deadline': (ledger) => ledger.lapses.add(monday, ledger.checkouts.get(103)!),
};

describe('audit', () => {
  test('finds nothing wrong with seats that linger, idle and silent clients', () => {
    expect(audit(busy())).toEqual([]);
  });

  test.each(Object.entries(spoilers))('finds %s', (_, spoil) => {
    const ledger = busy();
    spoil(ledger);
    expect(audit(ledger)).not.toEqual([]);
  });
});
