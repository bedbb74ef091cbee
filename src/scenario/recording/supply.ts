import { compareVersions } from '../../domain/license/versions.ts';
import type { LogEvent } from './log-events.ts';
import { featureKey, SeatsOut } from './seats-out.ts';

/** Licenses that a log shows to have been there. */
export interface Supply {
  readonly vendor: string;
  readonly feature: string;
  count: number;
  version: string;
}

export interface LogFacts {
  /** By `featureKey`, in the order of first appearance. */
  readonly supplies: ReadonlyMap<string, Supply>;
  /** What was out when the log began: it is given back, and nobody has taken it. */
  readonly before: readonly LogEvent[];
}

/** The lowest version a license line of ours has. */
const VERSION = '1.0';

/**
 * What there must have been: as many licenses as were out at a time, or as a verbose line says; the newest version
 * that was granted.
 */
export function factsOf(events: readonly LogEvent[]): LogFacts {
  const before = outBefore(events);
  const supplies = new Map<string, Supply>();
  const used = new Map<string, number>();
  const out = new SeatsOut();
  const take = (event: LogEvent): void => {
    const key = featureKey(event);
    out.add(event);
    used.set(key, (used.get(key) ?? 0) + event.count);
    const { vendor, feature } = event;
    const supply = supplies.get(key) ?? { vendor, feature, count: 0, version: VERSION };
    supply.count = Math.max(supply.count, used.get(key)!, event.outOf ?? 0);
    const { version = VERSION } = event;
    if (compareVersions(version, supply.version) > 0) supply.version = version;
    supplies.set(key, supply);
  };
  const give = (event: LogEvent): void => {
    const key = featureKey(event);
    used.set(key, (used.get(key) ?? 0) - event.count);
  };
  for (const event of before) take(event);
  for (const event of events) {
    if (event.kind === 'out') take(event);
    else if (event.kind === 'in') for (const open of out.take(event)) give(open.event);
    else if (event.kind === 'restarted') {
      for (const open of out.takeAll(event.vendor).flat()) give(open.event);
    }
  }
  return { supplies, before };
}

/** Check-ins without a checkout tell of licenses that were out before the log's first line; not after a restart. */
function outBefore(events: readonly LogEvent[]): readonly LogEvent[] {
  const before: LogEvent[] = [];
  const restarted = new Set<string>();
  const out = new SeatsOut();
  for (const event of events) {
    const { kind, vendor } = event;
    if (kind === 'out') out.add(event);
    else if (kind === 'restarted') {
      restarted.add(vendor.toLowerCase());
      out.takeAll(vendor);
    } else if (kind === 'in') {
      const taken = out.take(event);
      if (taken.length > 0 || restarted.has(vendor.toLowerCase())) continue;
      before.push({ ...event, kind: 'out' });
    }
  }
  return before;
}

/** A license file with these licenses. Nothing shares them: each checkout of the log had one of its own. */
export function licenseText(supplies: Iterable<Supply>): string {
  const all = [...supplies];
  const vendors = new Map(all.map(({ vendor }) => [vendor.toLowerCase(), vendor]));
  return [
    'SERVER this_host ANY',
    ...[...vendors.values()].map((vendor) => `VENDOR ${vendor}`),
    ...all.map(({ vendor, feature, count, version }) => {
      return `INCREMENT ${feature} ${vendor} ${version} permanent ${count} DUP_GROUP=NONE SIGN=00`;
    }),
    '',
  ].join('\n');
}
