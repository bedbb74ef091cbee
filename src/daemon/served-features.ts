import type { PoolCapacityChanged } from '../domain/ledger/events.ts';
import type { Ledger, LedgerPool } from '../domain/ledger/state.ts';
import type { ListedFeature } from '../text/debug-log-features.ts';

/** One entry per expired line, as daemons log at start: a package's line under the package's name. */
export function expiredFeatures(ledger: Ledger, now: number): readonly string[] {
  const told = new Set<string>();
  const names: string[] = [];
  for (const { definition, terms } of ledger.pools.values()) {
    const { package: role, places, feature } = definition;
    for (const [index, { until }] of terms.entries()) {
      const { file = '', line = 0 } = places?.[index] ?? {};
      const key = role && `${role.name} ${line} ${file}`;
      if (until > now || (key !== undefined && told.has(key))) continue;
      if (key !== undefined) told.add(key);
      names.push(role?.name ?? feature);
    }
  }
  return names;
}

/**
 * The same for a pool whose capacity has just changed: an entry for each line that expired by that; once for what a
 * package's lines turn into.
 */
export function newlyExpired({ feature, pool, expired }: PoolCapacityChanged): readonly string[] {
  const { terms, standing, definition } = pool as LedgerPool;
  const lines = terms.filter(({ until }) => until === standing.since).length;
  const told = definition.package ? 0 : lines;
  return Array<string>(Math.max(told, expired ? 1 : 0)).fill(feature);
}

/**
 * The features that are served, in file order: packages with their components, which have no entry of their own
 * unless there are seats of them outside any package. Source: public debug logs of Autodesk's daemon.
 */
export function* listedFeatures(ledger: Ledger): Generator<ListedFeature> {
  const packages = componentsByPackage(ledger);
  const told = new Set<string>();
  for (const { name, pools } of ledger.features.values()) {
    for (const pool of pools) {
      const { package: role } = pool.definition;
      if (pool.phase === 'expired' || role?.role === 'bad') continue;
      const entry = role === undefined ? name : `package ${role.name}`;
      if (told.has(entry)) continue;
      told.add(entry);
      if (role === undefined) yield { name };
      else yield { name: role.name, components: [...packages.get(role.name)!] };
    }
  }
}

function componentsByPackage(ledger: Ledger): ReadonlyMap<string, ReadonlySet<string>> {
  const packages = new Map<string, Set<string>>();
  for (const pool of ledger.pools.values()) {
    const { package: role } = pool.definition;
    if (role === undefined) continue;
    const names = packages.get(role.name) ?? new Set();
    packages.set(role.name, names);
    if (isComponent(pool)) names.add(pool.feature);
  }
  return packages;
}

function isComponent({ definition }: LedgerPool): boolean {
  return definition.package?.role === 'component';
}
