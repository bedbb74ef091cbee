import type { FeatureSnapshot, LedgerSnapshot, PoolSnapshot } from '../domain/ledger/snapshot.ts';
import type { StandFeature, StandPool } from './stand.ts';

/** What scenarios ask of ledgers. */
export function featuresOf(ledgers: readonly LedgerSnapshot[]): readonly StandFeature[] {
  return ledgers.flatMap(({ features }) => features).map(featureOf);
}

function featureOf({ name, reserved, pools }: FeatureSnapshot): StandFeature {
  return {
    name,
    used: pools.reduce((sum, { used }) => sum + used, 0),
    waiting: pools.reduce((sum, { queued }) => sum + queued.length, 0),
    reserved,
    pools: pools.map(poolOf),
  };
}

function poolOf({ id, counted, phase, capacity, used }: PoolSnapshot): StandPool {
  return { id, used, ...(counted && phase === 'valid' ? { capacity } : {}) };
}
