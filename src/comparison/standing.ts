import { canonicalVersion } from '../domain/license/versions.ts';
import { vendorPolicy } from '../domain/vendors/index.ts';
import type {
  ParsedClient,
  ParsedExpiry,
  ParsedFeature,
  ParsedLmstat,
  ParsedPool,
  ParsedVendor,
} from '../text/lmstat-parser/parsed.ts';

/**
 * What lmstat shows of license servers, in a form in which two can be compared: without order, spacing, dialect, and
 * what is another in each run (handles, times, process ids, ports, paths). Keys are names as the vendor compares them.
 */
export interface Standing {
  readonly vendors: ReadonlyMap<string, VendorStanding>;
  /** Whether license lines are told: they are in the table of `lmstat -i` only. */
  readonly tellsLines: boolean;
}

export interface VendorStanding {
  readonly name: string;
  readonly state: ParsedVendor['state'];
  readonly features: ReadonlyMap<string, FeatureStanding>;
}

export interface FeatureStanding {
  readonly name: string;
  /** `counted`, `uncounted`, or why there are no numbers; undefined for one that only license lines name. */
  readonly kind: string | undefined;
  readonly issued: number | undefined;
  /** Seats out, idle reservations included. */
  readonly used: number | undefined;
  /** Licenses by `v2030, expires 2049-12-31`; lines that say the same are added up. */
  readonly lines: Tally;
  /** Those that are listed, in use or reserved, by version; several of one have numbers. */
  readonly pools: ReadonlyMap<string, PoolStanding>;
  /** Licenses by `ann ws1 :0, version 1`. */
  readonly users: Tally;
  readonly queued: Tally;
  /** Idle licenses by `GROUP crew`. */
  readonly reservations: Tally;
}

/** Undefined is what a dialect does not tell. */
export interface PoolStanding {
  readonly expiry: string | undefined;
  readonly vendorString: string | undefined;
  readonly lock: string | undefined;
}

export type Tally = ReadonlyMap<string, number>;

/** Licenses of a line without number. */
export const UNCOUNTED = 0;

/** A feature while its lines are gathered. */
interface Draft {
  readonly name: string;
  feature?: ParsedFeature;
  readonly pools: ParsedPool[];
  readonly lines: Map<string, number>;
}

interface VendorDraft {
  readonly name: string;
  state: ParsedVendor['state'];
  readonly features: Map<string, Draft>;
}

/** All servers of a text are taken together: a license path is one supply. */
export function standingOf({ servers, table }: ParsedLmstat): Standing {
  const drafts = new Map<string, VendorDraft>();
  for (const vendor of servers.flatMap(({ vendors }) => vendors)) {
    const draft = vendorDraft(drafts, vendor.name);
    // Of several servers one is enough.
    if (draft.state !== 'up') draft.state = vendor.state;
    for (const feature of vendor.features) addFeature(featureDraft(draft, feature.name), feature);
  }
  for (const { name, vendor, version, count, expiry } of table ?? []) {
    const { lines } = featureDraft(vendorDraft(drafts, vendor), name);
    add(lines, `v${versionOf(version)}, ${expiryOf(expiry)}`, count);
  }
  const vendors = [...drafts].map(([key, draft]) => [key, vendorOf(draft)] as const);
  return { vendors: new Map(vendors), tellsLines: table !== undefined };
}

function vendorDraft(drafts: Map<string, VendorDraft>, name: string): VendorDraft {
  const key = name.toLowerCase();
  const draft = drafts.get(key) ?? { name, state: 'unknown', features: new Map() };
  drafts.set(key, draft);
  return draft;
}

function featureDraft({ name: vendor, features }: VendorDraft, name: string): Draft {
  const key = vendorPolicy(vendor).caseSensitive ? name : name.toLowerCase();
  const draft = features.get(key) ?? { name, pools: [], lines: new Map() };
  features.set(key, draft);
  return draft;
}

function addFeature(draft: Draft, feature: ParsedFeature): void {
  const { feature: known } = draft;
  draft.pools.push(...feature.pools);
  draft.feature =
    known?.kind === 'counted' && feature.kind === 'counted'
      ? { ...known, issued: known.issued + feature.issued, used: known.used + feature.used }
      : (known ?? feature);
}

function vendorOf({ name, state, features }: VendorDraft): VendorStanding {
  const standings = [...features].map(([key, draft]) => [key, featureOf(draft)] as const);
  return { name, state, features: new Map(standings) };
}

function featureOf({ name, feature, pools, lines }: Draft): FeatureStanding {
  const users = new Map<string, number>();
  const queued = new Map<string, number>();
  const reservations = new Map<string, number>();
  for (const pool of pools) {
    for (const user of pool.users) add(users, clientKey(user), user.count);
    for (const client of pool.queued) add(queued, clientKey(client), client.count);
    for (const { type, name: whom, count } of pool.reservations) {
      add(reservations, `${type} ${whom}`, count);
    }
  }
  return {
    name,
    kind: feature && kindOf(feature),
    issued: feature && 'issued' in feature ? feature.issued : undefined,
    used: feature?.kind === 'counted' ? feature.used : undefined,
    ...{ lines, users, queued, reservations, pools: poolsOf(pools) },
  };
}

function kindOf(feature: ParsedFeature): string {
  if (feature.kind === 'unsupported') return 'unsupported by the server';
  if (feature.kind !== 'error') return feature.kind;
  // The words differ from release to release.
  const { text, major } = feature.error;
  return major === undefined ? text : `not told (${major})`;
}

/** The words as they stand, since nothing tells for sure where a name ends; and the version asked for. */
export function clientKey({ client, version }: ParsedClient): string {
  return `${client}, version ${versionOf(version)}`;
}

function poolsOf(pools: readonly ParsedPool[]): ReadonlyMap<string, PoolStanding> {
  const standings = new Map<string, PoolStanding>();
  const texts = pools.map((pool) => {
    const { version, expiry, vendorString, lock } = pool;
    const standing: PoolStanding = {
      expiry: expiry && expiryOf(expiry),
      // As No Magic's lmutil writes blanks.
      vendorString: vendorString?.replaceAll(String.raw`\u0020`, ' ').trim() || undefined,
      lock: lock && (lock.kind === 'floating' ? lock.kind : `${lock.kind} ${lock.hostid}`),
    };
    // The expiry last: old dialects do not tell it, and the order must be the same.
    const order = [standing.vendorString, standing.lock, standing.expiry].join('\n');
    return { version: versionOf(version), standing, order };
  });
  texts.sort((a, b) => (a.order < b.order ? -1 : Number(a.order > b.order)));
  for (const { version, standing } of texts) {
    let key = `v${version}`;
    for (let number = 2; standings.has(key); number++) key = `v${version} (${number})`;
    standings.set(key, standing);
  }
  return standings;
}

/** 1.000 is 1.0. */
function versionOf(text: string): string {
  return canonicalVersion(text);
}

function expiryOf({ never, date, text }: ParsedExpiry): string {
  return never ? 'permanent' : `expires ${date ?? text}`;
}

function add(tally: Map<string, number>, key: string, count: number): void {
  tally.set(key, (tally.get(key) ?? 0) + count);
}
