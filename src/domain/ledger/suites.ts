import { sharingKey } from './dup-groups.ts';
import type { LedgerPool } from './holdings.ts';
import type { Client } from './model.ts';
import type { Ledger } from './state.ts';
import { SuiteCount, SuiteHolds } from './suite-holds.ts';

/**
 * Ties the pools of suites' components to the pools whose seats go out with theirs. To be called when all pools
 * of a reread are there, and before what is out is counted against new rules.
 */
export function tieSuites(ledger: Ledger): void {
  const components = new Map<LedgerPool, LedgerPool[]>();
  for (const pool of ledger.pools.values()) {
    const { suite: id, reserves } = pool.definition.package ?? {};
    const suite = id === undefined ? undefined : ledger.pools.get(id);
    pool.suite = suite;
    pool.suiteCount = undefined;
    if (suite === undefined || !reserves) continue;
    const siblings = components.get(suite);
    if (siblings === undefined) components.set(suite, [pool]);
    else siblings.push(pool);
  }
  for (const [suite, pools] of components) {
    const holds = new SuiteHolds(suite, pools);
    for (const pool of [suite, ...pools]) pool.suiteCount = new SuiteCount(holds, pool);
  }
}

/** With whom a checkout of a SUITE_RESERVED component, or of the suite, counts. */
export function suiteKey({ holds }: SuiteCount, client: Client, data: string): string {
  return sharingKey(holds.suite, client, data) ?? '';
}
