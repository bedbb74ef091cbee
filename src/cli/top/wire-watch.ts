import { homedir } from 'node:os';
import { KnownError } from '../../base/errors.ts';
import { clientContext } from '../../client/context.ts';
import { searchPath } from '../../client/search-path.ts';
import { readStatus } from '../../client/status.ts';
import { statusSources } from '../../lmutil/sources.ts';
import { renderShortError } from '../../text/error-message.ts';
import type {
  FeatureUsage,
  LmstatReport,
  PoolEntry,
  ServerSection,
} from '../../text/lmstat-report.ts';
import type { clientWaits } from '../flag-values.ts';
import {
  FEATURES_MAX,
  HOLDERS_MAX,
  type Holder,
  type Watch,
  type Watched,
  type WatchedFeature,
} from './watched.ts';

/** Asks license servers as lmstat does: any FlexNet server, of which denials are not to be had. */
export class WireWatch implements Watch {
  readonly #explicit: string | undefined;
  readonly #waits: ReturnType<typeof clientWaits>;

  constructor(explicit: string | undefined, waits: ReturnType<typeof clientWaits>) {
    this.#explicit = explicit;
    this.#waits = waits;
  }

  /** @throws KnownError USAGE for a path that is none; NET_UNREACHABLE when no server of it answers */
  async read(): Promise<Watched> {
    const { clock, ...dialogue } = clientContext(this.#waits);
    const at = clock.now();
    const path = searchPath({
      ...(this.#explicit === undefined ? {} : { explicit: this.#explicit }),
      ...{ env: process.env, home: homedir(), platform: process.platform },
    });
    const options = { ...dialogue, at, program: 'lmutil', usage: 'users' } as const;
    return watchedOf(await readStatus(await statusSources(path), options), this.#explicit);
  }
}

/**
 * What a report of `lmutil lmstat` says, of the path that was given, if one was.
 * @throws KnownError NET_UNREACHABLE when no server answered; USAGE when none was named
 */
export function watchedOf(report: LmstatReport, explicit?: string): Watched {
  const sections = report.sections.filter((section) => section.kind === 'server');
  if (sections.length === 0) throw unreachable(report, explicit);
  const features: WatchedFeature[] = [];
  const gathered: Gathered = { holders: [], count: 0 };
  for (const { vendors } of sections) {
    for (const { name, features: used } of vendors) {
      for (const feature of used) {
        const row = featureOf(name, feature, gathered);
        if (row !== undefined && features.length < FEATURES_MAX) features.push(row);
      }
    }
  }
  return {
    source: sections.map(({ address }) => address.spec).join(' '),
    at: report.at,
    hosts: sections.flatMap(hostsOf),
    vendors: sections.flatMap(({ vendors }) =>
      vendors.map(({ name, state }) => ({ name, up: state.kind === 'up' })),
    ),
    features,
    holders: gathered.holders,
    holderCount: gathered.count,
  };
}

/** A license file is not there, has no SERVER lines, or may not be read. */
const ofFiles: ReadonlySet<number> = new Set([-1, -13, -30]);

function unreachable({ sections }: LmstatReport, explicit: string | undefined): KnownError {
  const [first] = sections;
  // No file is there that would name a server: nothing was asked, so neither host nor firewall is to blame.
  if (first?.kind === 'failure' && ofFiles.has(first.refusal.major)) {
    const got = `${explicit ?? 'none'}: ${renderShortError(first.refusal)}`;
    const text = `top: expected port@host, a license file with SERVER lines, or LM_LICENSE_FILE, got ${got}`;
    return new KnownError('USAGE', text);
  }
  const why = first?.kind === 'failure' ? renderShortError(first.refusal) : 'no server in the path';
  const where = first?.address?.spec ?? explicit ?? 'license path';
  return new KnownError('NET_UNREACHABLE', `${where}: expected a license manager, got: ${why}`);
}

function hostsOf({ hosts }: ServerSection): Watched['hosts'] {
  return hosts.map((host) => {
    if (host.state !== 'up') return { name: host.name, state: 'down' };
    return { name: host.name, state: host.master ? 'master' : 'up' };
  });
}

interface Gathered {
  readonly holders: Holder[];
  count: number;
}

/** Entries of a feature are read once, as they come. */
function featureOf(
  vendor: string,
  feature: FeatureUsage,
  gathered: Gathered,
): WatchedFeature | undefined {
  if (feature.kind !== 'counted' && feature.kind !== 'uncounted') return undefined;
  const { name, pools } = feature;
  const sums = { out: 0, borrowed: 0, reserved: 0, queued: 0 };
  for (const { entries } of pools) {
    for (const entry of entries) {
      if (entry.kind === 'reservation') sums.reserved += entry.count;
      else {
        if (entry.kind === 'queued') sums.queued++;
        else sums.out += entry.count;
        if (entry.kind === 'user' && entry.borrowed) sums.borrowed += entry.count;
        gathered.count++;
        if (gathered.holders.length < HOLDERS_MAX)
          gathered.holders.push(holderOf(vendor, name, entry));
      }
    }
  }
  const { borrowed, reserved, queued } = sums;
  const own = { vendor, name, borrowed, reserved, queued };
  if (feature.kind === 'uncounted') return { ...own, seats: undefined, used: sums.out, free: 0 };
  const { issued, used } = feature;
  const free = Math.max(0, issued - used);
  return { ...own, seats: issued, used: Math.max(0, used - reserved), free };
}

function holderOf(
  vendor: string,
  feature: string,
  entry: Exclude<PoolEntry, { kind: 'reservation' }>,
): Holder {
  const { user, host, count } = entry;
  const own = { vendor, feature, user, host, count };
  if (entry.kind === 'queued') return { ...own, since: undefined, state: 'waits' };
  const stay = entry.borrowed ? 'borrowed' : 'lingers';
  return { ...own, since: entry.since, state: entry.linger === undefined ? 'out' : stay };
}
