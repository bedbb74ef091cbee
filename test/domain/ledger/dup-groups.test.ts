import { describe, expect, test } from 'vitest';
import { dupGroupText, dupKey, sharedFields } from '../../../src/domain/ledger/dup-groups.ts';
import { decide, record } from '../../../src/domain/ledger/ledger.ts';
import type { Client } from '../../../src/domain/ledger/model.ts';
import type { DupGroup } from '../../../src/domain/license/model.ts';
import { makeCheckout, makeClient, makeLedger, makePoolDefinition, monday } from '../../make.ts';

const base = { user: 'ann', host: 'ws1', display: ':0', data: 'job1' };

/** Another client that differs in one field. */
const changes = {
  U: { ...base, user: 'bob' },
  H: { ...base, host: 'ws2' },
  D: { ...base, display: ':1' },
  V: { ...base, data: 'job2' },
} as const;

/** All sixteen choices out of the four letters. */
const choices = Array.from({ length: 16 }, (_, bits) =>
  [...'UHDV'].filter((_, index) => bits & (1 << index)).join(''),
);

function groupOf(letters: string): DupGroup {
  const has = (letter: string): boolean => letters.includes(letter);
  return { kind: 'fields', user: has('U'), host: has('H'), display: has('D'), vendor: has('V') };
}

/** Seats in use after two checkouts of two clients. */
function seatsOfTwo(dupGroup: DupGroup, first: typeof base, second: typeof base): number {
  const ledger = makeLedger([makePoolDefinition({ dupGroup, count: 9 })]);
  for (const { data, ...client } of [first, second]) {
    const request = makeCheckout({ client: makeClient(client), data });
    for (const event of decide(ledger, request, monday)) record(ledger, event);
  }
  return [...ledger.pools.values()][0]!.used;
}

describe('DUP_GROUP', () => {
  test.each(choices.slice(1))(
    '%s: checkouts that are equal in these fields share a seat',
    (letters) => {
      expect(seatsOfTwo(groupOf(letters), base, base)).toBe(1);
      for (const [letter, other] of Object.entries(changes)) {
        expect(seatsOfTwo(groupOf(letters), base, other), letter).toBe(
          letters.includes(letter) ? 2 : 1,
        );
      }
    },
  );

  test('that names no field shares nothing, like NONE', () => {
    expect(seatsOfTwo(groupOf(''), base, base)).toBe(2);
    expect(seatsOfTwo({ kind: 'none' }, base, base)).toBe(2);
  });

  test('SITE: everyone shares', () => {
    const stranger = { user: 'zoe', host: 'ws9', display: ':9', data: 'job9' };
    expect(seatsOfTwo({ kind: 'site' }, base, stranger)).toBe(1);
  });

  test('no client can choose names that read as another client', () => {
    const key = (client: Partial<Client>): string => dupKey(groupOf('UH'), makeClient(client), '');
    expect(key({ user: 'a', host: 'bc' })).not.toBe(key({ user: 'ab', host: 'c' }));
    expect(key({ user: 'a1:b', host: 'c' })).not.toBe(key({ user: 'a', host: 'b1:c' }));
    expect(key({ user: '', host: '1:a' })).not.toBe(key({ user: '1:a', host: '' }));
  });

  test('names that differ in letter case are different', () => {
    expect(seatsOfTwo(groupOf('U'), base, { ...base, user: 'ANN' })).toBe(2);
  });

  test('is spelled as on a FEATURE line', () => {
    expect(choices.map((letters) => dupGroupText(groupOf(letters)))).toEqual(choices);
    expect(dupGroupText({ kind: 'none' })).toBe('NONE');
    expect(dupGroupText({ kind: 'site' })).toBe('SITE');
    expect(sharedFields({ kind: 'none' })).toBeUndefined();
  });
});
