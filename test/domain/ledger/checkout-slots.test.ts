import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { audit } from '../../../src/domain/ledger/audit.ts';
import type { Command } from '../../../src/domain/ledger/commands.ts';
import { createLedger, type Ledger } from '../../../src/domain/ledger/ledger.ts';
import { perform } from '../../../src/domain/ledger/performance.ts';
import { makeCheckout, makePoolDefinition, monday } from '../../make.ts';

const features = ['solver', 'mesh'] as const;

function ledgerOf(count: number): Ledger {
  const definitions = features.map((feature) =>
    makePoolDefinition({ id: feature, feature, count }),
  );
  return createLedger(definitions, { vendor: 'acmed' }, monday);
}

/** Without an audit at each step, which would take quadratic time. */
function apply(ledger: Ledger, command: Command) {
  return perform(ledger, command, monday, () => {});
}

function takeSeat(ledger: Ledger, feature: string): number {
  const [event] = apply(ledger, makeCheckout({ feature }));
  return event?.kind === 'seatTaken' ? event.handle : expect.unreachable();
}

function giveBack(ledger: Ledger, handle: number): void {
  apply(ledger, { kind: 'checkin', session: 1, handle });
}

function handlesOf(ledger: Ledger, feature: string): readonly number[] {
  return [...ledger.pools.get(feature)!.checkouts.values()].map(({ handle }) => handle);
}

describe('CheckoutSlots', () => {
  test('keep the order of each pool, whatever comes back', () => {
    const step = fc.oneof(fc.constantFrom(...features), fc.nat(600));
    fc.assert(
      fc.property(fc.array(step, { minLength: 1, maxLength: 700, size: 'max' }), (steps) => {
        const ledger = ledgerOf(1_000);
        const out = { solver: [] as number[], mesh: [] as number[] };
        for (const each of steps) {
          if (typeof each === 'string') out[each].push(takeSeat(ledger, each));
          else {
            const of = out[features[each % 2]!];
            for (const handle of of.splice(each >> 1, 1)) giveBack(ledger, handle);
          }
        }
        for (const feature of features) {
          expect(handlesOf(ledger, feature)).toEqual(out[feature]);
          expect(ledger.pools.get(feature)!.checkouts.size).toBe(out[feature].length);
        }
      }),
      { numRuns: 50 },
    );
  });

  test('keep the order of more checkouts than they had room for', () => {
    const ledger = ledgerOf(10_000);
    const handles = Array.from({ length: 10_000 }, () => takeSeat(ledger, 'solver'));
    for (const handle of handles.slice(0, 9_000)) giveBack(ledger, handle);
    const more = Array.from({ length: 9_000 }, () => takeSeat(ledger, 'solver'));
    expect(handlesOf(ledger, 'solver')).toEqual([...handles.slice(9_000), ...more]);
    expect(audit(ledger)).toEqual([]);
  });

  test('a walk that pauses at a seat that comes back, and whose object another pool uses, stays in its pool', () => {
    const ledger = ledgerOf(10);
    const handles = Array.from({ length: 4 }, () => takeSeat(ledger, 'solver'));
    const walk = ledger.pools.get('solver')!.checkouts.values();
    const seen = [walk.next().value?.handle];
    giveBack(ledger, handles[0]!);
    const elsewhere = takeSeat(ledger, 'mesh');
    giveBack(ledger, handles[2]!);
    const newest = takeSeat(ledger, 'solver');
    for (const { handle } of walk) seen.push(handle);
    expect(seen).toEqual([handles[0], handles[1], handles[3], newest]);
    expect(handlesOf(ledger, 'mesh')).toEqual([elsewhere]);
  });
});
