import type { LedgerPool } from './holdings.ts';
import { findFeature, type Ledger } from './state.ts';

/** Pools where something has come back and that the same requests may wait for: of one feature, or serial number. */
export function freedTogether(ledger: Ledger, one: LedgerPool): readonly LedgerPool[] {
  const { freed } = ledger.queue;
  const together = new Set([one]);
  const seen = new Set<object>();
  // A set that grows is walked to its end.
  for (const { feature, serial } of together) {
    for (const group of [findFeature(ledger, feature)!, serial]) {
      if (group === undefined || seen.has(group)) continue;
      seen.add(group);
      for (const pool of group.pools) if (freed.has(pool)) together.add(pool);
    }
  }
  return [...together];
}
