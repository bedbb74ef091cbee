import type { HeldCheckout, LedgerPool } from './holdings.ts';
import { RemoteSessions } from './remote-sessions.ts';
import type { Ledger } from './state.ts';
import type { SuiteHolds } from './suite-holds.ts';

/**
 * Looks whether each component of a suite is out together with its suite's seats and no suite's seats without a
 * component, and counts what suites hold back and which remote-desktop sessions there are again.
 */
export function auditSuites(ledger: Ledger): readonly string[] {
  const found: string[] = [];
  const holds = new Set<SuiteHolds>();
  for (const pool of ledger.pools.values()) {
    const sessions = new RemoteSessions();
    for (const checkout of pool.checkouts.values()) {
      sessions.add(checkout.client, 1);
      found.push(...auditCompanion(ledger, pool, checkout));
    }
    if (!sessions.equals(pool.remoteSessions)) {
      found.push(`${pool.definition.id}: remote-desktop sessions are miscounted`);
    }
    if (pool.suiteCount !== undefined) holds.add(pool.suiteCount.holds);
  }
  for (const each of holds) found.push(...each.disorder());
  return found;
}

function auditCompanion(ledger: Ledger, pool: LedgerPool, checkout: HeldCheckout): string[] {
  const { handle, companion, session, client, count } = checkout;
  const ofSuite = pool.definition.package?.role === 'suite';
  if (companion === undefined) {
    return pool.suite !== undefined || ofSuite ? [`${handle} is out without its companion`] : [];
  }
  const mutual = companion.companion === checkout && ledger.checkouts.get(companion.handle);
  const suite = ofSuite ? pool : pool.suite;
  const component = ofSuite ? companion : checkout;
  const pair = component.companion?.pool === suite && component.pool.suite === suite;
  const alike =
    companion.session === session && companion.client === client && companion.count === count;
  return mutual && pair && alike && checkout.isSuiteSeat === ofSuite
    ? []
    : [`${handle} does not go with ${companion.handle}`];
}
