import { expect, test } from 'vitest';
import type { LedgerEvent } from '../../../src/domain/ledger/events.ts';
import { perform } from '../../../src/domain/ledger/performance.ts';
import { makeCheckout, makeLedger, monday } from '../../make.ts';

test('a daemon that may not grant serves nobody who waits; when it may again, it does', () => {
  const ledger = makeLedger();
  const told: LedgerEvent[] = [];
  const tell = (event: LedgerEvent): void => void told.push(event);
  perform(ledger, makeCheckout({ session: 1 }), monday, tell);
  perform(ledger, makeCheckout({ session: 2, queue: 'block' }), monday, tell);
  told.length = 0;
  perform(ledger, { kind: 'disconnect', session: 1 }, monday + 1, tell, false);
  perform(ledger, { kind: 'timePassed' }, monday + 2, tell, false);
  expect(told.map(({ kind }) => kind)).toEqual(['seatReturned']);
  perform(ledger, { kind: 'timePassed' }, monday + 3, tell, true);
  expect(told.map(({ kind }) => kind)).toContain('seatTaken');
});
