import type { Cancel } from '../../base/clock.ts';
import type { Command } from '../../domain/ledger/commands.ts';
import type { scopeWords } from './common-words.ts';
import type { FaultInForce } from './fault-in-force.ts';
import type { SiteFaults } from './site-faults.ts';
import type { ValuesOf } from './words.ts';

/**
 * Calls `apply` for each fault that takes a feature away, when it comes into force: who holds it loses it then. One
 * that acts on some calls only (`nth`, `probability` ...) is about who asks. Gives what ends that.
 */
export function withdrawWhenRemoved(
  faults: SiteFaults,
  apply: (command: Extract<Command, { kind: 'withdraw' }>) => void,
): Cancel {
  let known: ReadonlySet<FaultInForce> = new Set();
  const look = (): void => {
    const own = faults.checkouts?.filter(({ row, isChancy }) => row.withdraws && !isChancy) ?? [];
    const begun = own.filter((fault) => !known.has(fault));
    known = new Set(own);
    for (const fault of begun) {
      const imposed = fault.row.checkout!(fault.values as never);
      const {
        feature: features,
        user: users,
        host: hosts,
      } = fault.values as ValuesOf<typeof scopeWords>;
      if (imposed.kind !== 'denied') continue;
      apply({ kind: 'withdraw', features, users, hosts, refusal: imposed.refusal });
    }
  };
  look();
  return faults.onChange(look);
}
