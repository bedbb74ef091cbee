import { expect, test } from 'vitest';
import { SeatLines } from '../../src/daemon/seat-lines.ts';
import type { LedgerEvent } from '../../src/domain/ledger/events.ts';
import type { Client } from '../../src/domain/ledger/model.ts';

const names = { display: '', platform: '', pid: 0, project: '', address: '', hostids: [] };
const ann: Client = { ...names, user: 'ann', host: 'ws1' };
const zoe: Client = { ...names, user: 'zoë', host: 'ws2' };

/** What a seat's event has for its line; the rest of it is nothing to that. */
function seat(kind: 'seatTaken' | 'seatReturned', client: Client, rest: object = {}): LedgerEvent {
  const usual = { feature: 'solve', count: 1, data: '', reason: 'checkin' };
  return { kind, client, ...usual, ...rest } as unknown as LedgerEvent;
}

function said(lines: SeatLines, event: LedgerEvent): string | undefined {
  const bytes = lines.usual(event);
  return bytes && Buffer.from(bytes).toString();
}

test('usual seats have their lines at once, whoever asks in between and whatever for', () => {
  const lines = new SeatLines();
  const told = [
    seat('seatTaken', ann),
    seat('seatTaken', zoe),
    seat('seatTaken', ann, { feature: 'mesh' }),
    seat('seatReturned', ann),
    seat('seatReturned', zoe, { reason: 'disconnect' }),
  ].map((event) => said(lines, event));
  expect(told).toEqual([
    'OUT: "solve" ann@ws1  \n',
    'OUT: "solve" zoë@ws2  \n',
    'OUT: "mesh" ann@ws1  \n',
    'IN: "solve" ann@ws1  \n',
    'IN: "solve" zoë@ws2  \n',
  ]);
  expect(lines.nameOf(zoe)).toBe('zoë@ws2');
});

test.each([
  ['more than one license', seat('seatTaken', ann, { count: 2 })],
  ['checkout data', seat('seatTaken', ann, { data: 'job 7' })],
  ['a reason', seat('seatReturned', ann, { reason: 'shutdown' })],
  ['another reason', seat('seatReturned', ann, { reason: 'inactive' })],
  ['a refusal', { ...seat('seatTaken', ann), kind: 'checkoutDenied' } as LedgerEvent],
])('with %s there is more to say', (_, event) => {
  expect(said(new SeatLines(), event)).toBeUndefined();
});
