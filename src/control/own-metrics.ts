import type { LicenseServer } from '../daemon/server.ts';
import { type EventCounts, waitBounds } from './event-counts.ts';
import type { Exposition } from './exposition.ts';
import type { FeatureRow } from './status-schemas.ts';

/** Gauges of features: name, what it is, and where it is found. */
const featureGauges: readonly (readonly [string, string, (row: FeatureRow) => number | null])[] = [
  ['seats', 'Seats there are, overdraft included.', ({ capacity }) => capacity],
  ['seats_out', 'Seats out.', ({ used }) => used],
  ['seats_reserved', 'Seats reserved that nobody uses.', ({ reserved }) => reserved],
  ['seats_free', 'Seats that somebody may have.', ({ free }) => free],
  ['seats_borrowed', 'Of those out, borrowed.', ({ borrowed }) => borrowed],
  ['seats_lingering', 'Of those out, left by their clients.', ({ lingering }) => lingering],
  [
    'utilisation_ratio',
    'Seats out and reserved of those there are.',
    ({ capacity, used, reserved }) => (capacity === 0 ? null : (used + reserved) / capacity),
  ],
];

/** What flexlm_exporter cannot know, by names of ours. */
export function tellOurs(
  out: Exposition,
  server: LicenseServer,
  features: readonly FeatureRow[],
  counts: EventCounts,
): void {
  for (const [name, help, value] of featureGauges) {
    const sample = out.metric(`fauxlm_feature_${name}`, 'gauge', help);
    for (const row of features) {
      const told = row.counted ? value(row) : null;
      if (told !== null) sample({ vendor: row.vendor, feature: row.feature }, told);
    }
  }
  const queued = out.metric('fauxlm_feature_queued', 'gauge', 'Requests that wait for seats.');
  for (const { vendor, feature, queued: count } of features) queued({ vendor, feature }, count);
  const days = out.metric(
    'fauxlm_feature_expiry_days',
    'gauge',
    'Whole days to the first expiry of a feature, on the clock of the server.',
  );
  for (const { vendor, feature, expiresInDays } of features) {
    if (expiresInDays !== null) days({ vendor, feature }, expiresInDays);
  }
  tellEvents(out, counts);
  tellServer(out, server);
  tellTriad(out, server);
}

function tellEvents(out: Exposition, counts: EventCounts): void {
  const all = [...counts.features];
  const granted = out.metric('fauxlm_checkouts_granted_total', 'counter', 'Checkouts granted.');
  for (const { vendor, feature, granted: count } of all) {
    if (count > 0) granted({ vendor, feature }, count);
  }
  const denied = out.metric(
    'fauxlm_checkouts_denied_total',
    'counter',
    'Checkouts denied, by FlexNet code; without a feature those for what no line has.',
  );
  for (const { vendor, feature, denied: codes } of all) {
    for (const [code, count] of codes) denied({ vendor, feature, code: String(code) }, count);
  }
  const returned = out.metric('fauxlm_checkouts_returned_total', 'counter', 'Checkouts over.');
  const lost = new Map<string, number>();
  for (const { vendor, feature, returned: reasons } of all) {
    for (const [reason, count] of reasons) returned({ vendor, feature, reason }, count);
    lost.set(vendor, (lost.get(vendor) ?? 0) + (reasons.get('timedOut') ?? 0));
  }
  const beats = out.metric(
    'fauxlm_heartbeats_lost_total',
    'counter',
    'Checkouts over because nothing was heard of their client.',
  );
  for (const [vendor, count] of lost) beats({ vendor }, count);
  tellWaits(out, counts);
}

function tellWaits(out: Exposition, counts: EventCounts): void {
  const name = 'fauxlm_queue_wait_seconds';
  out.metric(name, 'histogram', 'How long requests waited that were served.');
  for (const { vendor, feature, waits } of counts.features) {
    let below = 0;
    for (const [index, bound] of waitBounds.entries()) {
      below += waits.counts[index]!;
      out.sample(`${name}_bucket`, { vendor, feature, le: String(bound) }, below);
    }
    below += waits.counts[waitBounds.length]!;
    out.sample(`${name}_bucket`, { vendor, feature, le: '+Inf' }, below);
    out.sample(`${name}_sum`, { vendor, feature }, waits.sumSeconds);
    out.sample(`${name}_count`, { vendor, feature }, below);
  }
}

function tellServer(
  out: Exposition,
  { clock, connections, journal, vendors }: LicenseServer,
): void {
  const time = out.metric('fauxlm_clock_seconds', 'gauge', 'The time on the clock of the server.');
  time({}, clock.now() / 1_000);
  const open = out.metric('fauxlm_connections', 'gauge', 'Connections of license clients.');
  open({}, connections);
  const events = out.metric('fauxlm_journal_events', 'gauge', 'Events since the start or a reset.');
  events({}, journal.count);
  const up = out.metric('fauxlm_vendor_up', 'gauge', 'Whether a vendor daemon is up.');
  for (const vendor of vendors) up({ vendor: vendor.name }, vendor.up ? 1 : 0);
}

function tellTriad(out: Exposition, { triad, catalog }: LicenseServer): void {
  if (triad === undefined) return;
  const { up, master, serving } = triad.view;
  const members = out.metric('fauxlm_triad_members', 'gauge', 'Members of the triad.');
  members({}, catalog.servers.length);
  const there = out.metric('fauxlm_triad_members_up', 'gauge', 'Members that this one hears of.');
  there({}, up.length);
  const known = out.metric('fauxlm_triad_has_master', 'gauge', 'Whether this one knows a master.');
  known({}, master === undefined ? 0 : 1);
  const own = out.metric('fauxlm_triad_serving', 'gauge', 'Whether its own daemons serve.');
  own({}, serving ? 1 : 0);
  const gap = out.metric(
    'fauxlm_triad_failover_gap_seconds',
    'gauge',
    'How long this one knew no master, the last time.',
  );
  gap({}, triad.gap.lastMs / 1_000);
}
