import type { LicenseServer } from '../daemon/server.ts';
import { flexnetVersion } from '../daemon/versions.ts';
import type { Exposition, Labels } from './exposition.ts';
import { serversOf } from './server-rows.ts';
import type { PoolRow, UserRow } from './status-schemas.ts';
import type { StatusView } from './status-view.ts';

/** Series of users at most: more than Prometheus should be given of one target. */
const USERS_MAX = 10_000;

const version = `v${flexnetVersion.text}`;

/**
 * What the public flexlm_exporter says of a server, by its names and labels, so that dashboards and rules written for
 * it work on ours. An app there is an entry of its configuration; here it is a vendor daemon.
 * Source: github.com/mjtrangoni/flexlm_exporter, collector/.
 */
export function tellAsExporter(
  out: Exposition,
  server: LicenseServer,
  view: StatusView,
  withUsers: boolean,
): void {
  const { build } = flexnetVersion;
  const info = out.metric(
    'flexlm_lmstat_info',
    'gauge',
    'The lmstat that this server agrees with.',
  );
  info({ arch: 'x64_lsb', build: String(build), version }, 1);
  tellServers(out, server);
  tellFeatures(out, view);
  if (withUsers) tellUsers(out, view.users);
  tellReservations(out, view);
  tellExpirations(out, view.pools);
  const error = out.metric('flexlm_scrape_error', 'gauge', 'Always 0: nothing is scraped.');
  for (const { name } of server.vendors) error({ collector: 'lmstat', name }, 0);
}

function tellServers(out: Exposition, server: LicenseServer): void {
  const status = out.metric('flexlm_server_status', 'gauge', 'Whether a license server is up.');
  const servers = serversOf(server);
  for (const { name: app } of server.vendors) {
    for (const { host, port, state } of servers) {
      const labels = { app, fqdn: host.toLowerCase(), port: String(port ?? ''), version };
      status({ ...labels, master: String(state === 'master') }, state === 'down' ? 0 : 1);
    }
  }
  const vendor = out.metric('flexlm_vendor_status', 'gauge', 'Whether a vendor daemon is up.');
  for (const { name, up } of server.vendors) vendor({ app: name, name, version }, up ? 1 : 0);
}

function tellFeatures(out: Exposition, { features }: StatusView): void {
  const counted = features.filter((feature) => feature.counted);
  const issued = out.metric('flexlm_feature_issued', 'gauge', 'Licenses issued of a feature.');
  for (const { vendor, feature, capacity, overdraft } of counted) {
    issued({ app: vendor, name: feature }, capacity - overdraft);
  }
  const used = out.metric(
    'flexlm_feature_used',
    'gauge',
    'Licenses in use of a feature, idle reservations included, as lmstat has it.',
  );
  for (const { vendor, feature, used: out_, reserved } of counted) {
    used({ app: vendor, name: feature }, out_ + reserved);
  }
}

/** Those of one user of one version since one time are one series. */
function tellUsers(out: Exposition, users: readonly UserRow[]): void {
  const sample = out.metric('flexlm_feature_used_users', 'gauge', 'Licenses that a user has.');
  const sums = new Sums(USERS_MAX);
  for (const { vendor, feature, user, since, version: asked, count } of users) {
    const seconds = String(Math.floor(Date.parse(since) / 1_000));
    const labels = { app: vendor, name: feature, user, since: seconds, version: `(v${asked})` };
    sums.add(labels, count);
  }
  sums.tell(sample);
}

function tellReservations(out: Exposition, { reservations }: StatusView): void {
  const kinds = [
    ['flexlm_feature_reserved_groups', 'group', 'GROUP', 'a group of users'],
    ['flexlm_feature_reserved_host', 'host', 'HOST', 'a host'],
  ] as const;
  for (const [name, label, type, words] of kinds) {
    const sample = out.metric(name, 'gauge', `Licenses reserved for ${words} that nobody uses.`);
    const sums = new Sums();
    for (const each of reservations) {
      if (each.type !== type) continue;
      sums.add({ app: each.vendor, name: each.feature, [label]: each.name }, each.count);
    }
    sums.tell(sample);
  }
}

/** Counts of rows whose labels are the same are one series: a text has each once. */
class Sums {
  readonly #sums = new Map<string, { readonly labels: Labels; count: number }>();
  readonly #seriesMax: number;

  /** Further series are left out. */
  constructor(seriesMax = Number.POSITIVE_INFINITY) {
    this.#seriesMax = seriesMax;
  }

  add(labels: Labels, count: number): void {
    const key = JSON.stringify(labels);
    const known = this.#sums.get(key);
    if (known !== undefined) known.count += count;
    else if (this.#sums.size < this.#seriesMax) this.#sums.set(key, { labels, count });
  }

  tell(sample: (labels: Labels, count: number) => void): void {
    for (const { labels, count } of this.#sums.values()) sample(labels, count);
  }
}

function tellExpirations(out: Exposition, pools: readonly PoolRow[]): void {
  const each = out.metric(
    'flexlm_feature_expiration_seconds',
    'gauge',
    'When a feature expires, in seconds since 1970; +Inf: never.',
  );
  pools.forEach(({ vendor, feature, capacity, overdraft, version: own, expires }, index) => {
    const licenses = String(capacity - overdraft);
    const labels = { app: vendor, name: feature, index: String(index + 1), licenses };
    each({ ...labels, vendor, version: own }, expirySeconds(expires));
  });
  tellAggregates(out, pools);
}

function tellAggregates(out: Exposition, pools: readonly PoolRow[]): void {
  const sample = out.metric(
    'flexlm_feature_aggregate_expiration_seconds',
    'gauge',
    'Days on which licenses expire, with how many licenses and features.',
  );
  const apps = new Map<string, Map<number, { licenses: number; features: number }>>();
  for (const { vendor, expires, capacity, overdraft } of pools) {
    const days = apps.get(vendor) ?? new Map<number, { licenses: number; features: number }>();
    apps.set(vendor, days);
    const day = days.get(expirySeconds(expires)) ?? { licenses: 0, features: 0 };
    days.set(expirySeconds(expires), day);
    day.licenses += capacity - overdraft;
    day.features++;
  }
  for (const [app, days] of apps) {
    const ordered = [...days].sort(([a], [b]) => (a < b ? -1 : 1));
    ordered.forEach(([seconds, { licenses, features }], index) => {
      const labels = { app, index: String(index), licenses: String(licenses) };
      sample({ ...labels, features: String(features) }, seconds);
    });
  }
}

function expirySeconds(expires: string | null): number {
  return expires === null ? Number.POSITIVE_INFINITY : Date.parse(expires) / 1_000;
}
