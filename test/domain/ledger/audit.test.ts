import { describe, expect, test } from 'vitest';
import { audit } from '../../../src/domain/ledger/audit.ts';
import { createLedger, type Ledger } from '../../../src/domain/ledger/ledger.ts';
import { SerialSeats } from '../../../src/domain/ledger/serial-seats.ts';
import { parseOptionsFile } from '../../../src/domain/options/parse.ts';
import { compileRules } from '../../../src/domain/options/rules.ts';
import {
  makeCheckout,
  makeClient,
  makeExpiry,
  makeFeatureLine,
  makePoolDefinition,
  monday,
} from '../../make.ts';
import { perform } from './perform.ts';
import { dupGroupOf } from './simple-pools.ts';

describe('audit', () => {
  /** A busy ledger to spoil: two share a seat, one stands alone. */
  function busy(): Ledger {
    const definitions = [
      makePoolDefinition({ dupGroup: { kind: 'site' }, count: 5 }),
      makePoolDefinition({
        feature: 'mesh',
        lines: [makeFeatureLine({ name: 'mesh', expiry: makeExpiry(2030, 2, 1), count: 2 })],
      }),
    ];
    const text = 'MAX 2 mesh USER ann\nRESERVE 2 mesh USER ann\n';
    const options = parseOptionsFile({ name: 'acmed.opt', text, encoding: 'utf-8' });
    const rules = compileRules(options, { definitions });
    const ledger = createLedger(definitions, { vendor: 'acmed', timeZone: 'UTC' }, monday, rules);
    perform(ledger, makeCheckout());
    perform(ledger, makeCheckout({ session: 2 }));
    perform(ledger, makeCheckout({ session: 2, feature: 'mesh' }));
    return ledger;
  }

  const spoilers: Record<string, (ledger: Ledger) => void> = {
    'a wrong use': (ledger) => [...ledger.pools.values()][0]!.used++,
    'a wrong capacity': (ledger) => [...ledger.pools.values()][1]!.capacity++,
    'a lost handle': (ledger) => ledger.checkouts.delete(102),
    'a handle given twice': (ledger) => {
      ledger.nextHandle = 103;
    },
    'a lost session': (ledger) => ledger.sessions.delete(ledger.checkouts.get(101)!),
    'a lost group': (ledger) => [...ledger.pools.values()][0]!.groups.clear(),
    'a group too small': (ledger) => {
      for (const group of [...ledger.pools.values()][0]!.groups.values()) group.seats = 0;
    },
    'a checkout out of its pool': (ledger) => {
      const checkout = ledger.checkouts.get(102)!;
      ledger.slots.unlink(checkout.pool, checkout);
    },
    'an end nobody watches': (ledger) => ledger.standings.remove(ledger.standings.first!),
    'a stray deadline': (ledger) => ledger.standings.add(monday, [...ledger.pools.values()][0]!),
    'a wrong spelling': (ledger) => ledger.spellings.set('solver', ledger.features.get('mesh')!),
    'pools out of order': ({ pools }) => {
      const [one, another] = [...pools.values()];
      one!.sibling = another!;
    },
    'limits that nothing counts': ({ pools }) => {
      [...pools.values()][1]!.drawn = false;
    },
    'a lost pool': (ledger) => ledger.pools.delete([...ledger.pools.keys()][1]!),
    'a wrong reservation': (ledger) => [...ledger.pools.values()][1]!.reservations[0]!.used++,
    'a wrong limit': (ledger) => [...ledger.pools.values()][1]!.maxLimits[0]!.add('', 1),
    'a limit of somebody who has nothing': (ledger) => {
      [...ledger.pools.values()][1]!.maxLimits[0]!.add('ben', 1);
    },
    'seats that no limit counts': (ledger) => {
      ledger.checkouts.get(103)!.draws = undefined;
    },
    'reservations that are gone': (ledger) => {
      [...ledger.pools.values()][1]!.reservations = [];
    },
    'a wrong overdraft': (ledger) => [...ledger.pools.values()][1]!.issued--,
    'a window too wide': (ledger) => {
      ledger.steadyUntil = Infinity;
    },
  };

  /** Of a vendor whose serial numbers have seats: one holder of two features, and one who waits. */
  function busySerial(): Ledger {
    const sharing = { serialNumber: 'S1', serialSharing: dupGroupOf('UH') };
    const definitions = ['solver', 'mesh'].map((feature) => ({
      ...makePoolDefinition({ feature, id: feature, count: 1 }),
      ...sharing,
    }));
    const ledger = createLedger(definitions, { vendor: 'acmed', timeZone: 'UTC' }, monday);
    perform(ledger, makeCheckout());
    perform(ledger, makeCheckout({ feature: 'mesh' }));
    const client = makeClient({ user: 'ben' });
    perform(ledger, makeCheckout({ session: 2, client, queue: 'block' }));
    return ledger;
  }

  const serialSpoilers: Record<string, (ledger: Ledger) => void> = {
    'a seat of a serial number that nobody has': ({ pools }) =>
      pools.get('mesh')!.serial!.holders.add('ben', 1),
    'a seat of a serial number that is not counted': ({ pools }) =>
      pools
        .get('mesh')!
        .serial!.holders.add(pools.get('mesh')!.serial!.keyOf(makeClient(), ''), -1),
    'a checkout that takes no seat of its serial number': (ledger) => {
      ledger.checkouts.get(102)!.draws = undefined;
    },
    'a pool that has lost its serial number': ({ pools }) => {
      pools.get('mesh')!.serial = undefined;
    },
    'a serial number of its own': (ledger) => {
      const { serial } = ledger.pools.get('mesh')!;
      ledger.pools.get('mesh')!.serial = new SerialSeats({ ...serial!, pools: [], reserves: [] });
    },
  };

  test('finds nothing in a ledger that was left alone, with serial numbers', () => {
    expect(audit(busySerial())).toEqual([]);
  });

  test.each(Object.entries(serialSpoilers))('finds %s', (_, spoil) => {
    const ledger = busySerial();
    spoil(ledger);
    expect(audit(ledger)).not.toEqual([]);
  });

  test('finds who waits and has a seat of the serial number, which the line does not know', () => {
    const ledger = busySerial();
    const { serial, waiting } = ledger.pools.get('solver')!;
    const { client, data } = waiting!.all.first!.waiting.request;
    serial!.holders.add(serial!.keyOf(client, data), 1);
    expect(audit(ledger)).toContain('solver: 103 has a seat of its serial number');
  });

  test('finds nothing in a ledger that was left alone', () => {
    expect(audit(busy())).toEqual([]);
  });

  test.each(Object.entries(spoilers))('finds %s', (_, spoil) => {
    const ledger = busy();
    spoil(ledger);
    expect(audit(ledger)).not.toEqual([]);
  });
});
