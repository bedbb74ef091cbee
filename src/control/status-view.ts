import type { EpochMs } from '../base/clock.ts';
import type {
  CheckoutSnapshot,
  FeatureSnapshot,
  LedgerSnapshot,
  PoolSnapshot,
} from '../domain/ledger/snapshot.ts';
import type { FeatureRow, PoolRow, QueueRow, ReservationRow, UserRow } from './status-schemas.ts';

/** What the ledgers of a server have, as rows. */
export interface StatusView {
  readonly features: readonly FeatureRow[];
  readonly pools: readonly PoolRow[];
  readonly users: readonly UserRow[];
  readonly queue: readonly QueueRow[];
  readonly reservations: readonly ReservationRow[];
}

const DAY_MS = 24 * 3_600_000;

/** Linear in pools and checkouts. `now` is the server's. */
export function statusView(ledgers: readonly LedgerSnapshot[], now: EpochMs): StatusView {
  const features: FeatureRow[] = [];
  const pools: PoolRow[] = [];
  const users: UserRow[] = [];
  const queue: QueueRow[] = [];
  const reservations: ReservationRow[] = [];
  for (const { vendor, features: list } of ledgers) {
    for (const feature of list) {
      features.push(featureOf(vendor, feature, now));
      for (const pool of feature.pools) {
        const place = { vendor, feature: feature.name, pool: pool.id };
        pools.push(poolOf(place, pool));
        for (const checkout of pool.checkouts) users.push(userOf(place, checkout));
        for (const each of pool.reservations) reservations.push({ ...place, ...each });
        pool.queued.forEach(({ session: _session, ...waiting }, index) => {
          queue.push({
            ...place,
            place: index + 1,
            ...waiting,
            since: timeText(waiting.since),
          });
        });
      }
    }
  }
  return { features, pools, users, queue, reservations };
}

type Place = Pick<UserRow, 'vendor' | 'feature' | 'pool'>;

function featureOf(vendor: string, feature: FeatureSnapshot, now: EpochMs): FeatureRow {
  const { name, counted, capacity, used, reserved, pools } = feature;
  const days = pools.flatMap((pool) => lastDay(pool) ?? []).sort();
  const expires = days[0] ?? null;
  return {
    vendor,
    feature: name,
    counted,
    capacity,
    overdraft: counted ? sumOf(pools, ({ overdraft }) => overdraft) : 0,
    used,
    reserved,
    free: Math.max(0, capacity - used - reserved),
    queued: sumOf(pools, ({ queued }) => queued.length),
    borrowed: sumOf(pools, (pool) => staying(pool, 'borrow')),
    lingering: sumOf(pools, (pool) => staying(pool, 'linger')),
    expires,
    expiresInDays: expires === null ? null : daysLeft(expires, now),
    pools: pools.length,
  };
}

/** Seats out without a client, of one kind. Who shares seats of another has none of his own. */
function staying({ checkouts, counted }: PoolSnapshot, kind: 'borrow' | 'linger'): number {
  if (!counted) return 0;
  let count = 0;
  for (const { stay, shared, count: own } of checkouts) {
    if (stay?.kind === kind && !shared) count += own;
  }
  return count;
}

function poolOf(place: Place, pool: PoolSnapshot): PoolRow {
  const { version, counted, phase, used, dupGroup, hostids, vendorString, serialNumber } = pool;
  const capacity = counted ? pool.capacity : 0;
  const reserved = sumOf(pool.reservations, ({ count }) => count);
  return {
    ...place,
    version,
    counted,
    phase,
    capacity,
    overdraft: counted ? pool.overdraft : 0,
    used,
    reserved,
    free: Math.max(0, capacity - used - reserved),
    queued: pool.queued.length,
    expires: lastDay(pool) ?? null,
    dupGroup,
    hostids: hostids === undefined ? [] : [...hostids],
    vendorString: vendorString ?? null,
    serialNumber: serialNumber ?? null,
    package: pool.package?.name ?? null,
  };
}

function userOf(place: Place, checkout: CheckoutSnapshot): UserRow {
  const { user, host, display, project, address, pid, handle, count, version } = checkout;
  const { since, shared, stay } = checkout;
  return {
    ...place,
    ...{ user, host, display, project, address, pid, handle, count, version },
    since: timeText(since),
    shared,
    stay: stay?.kind ?? null,
    until: stay === undefined ? null : timeText(stay.until),
  };
}

function timeText(at: EpochMs): string {
  return new Date(at).toISOString();
}

/** `2030-01-31`; undefined when it does not expire. */
function lastDay({ expiry }: PoolSnapshot): string | undefined {
  if (expiry.kind !== 'date') return undefined;
  const { year, month, day } = expiry.date;
  const padded = [String(year).padStart(4, '0'), two(month), two(day)];
  return padded.join('-');
}

function two(number: number): string {
  return String(number).padStart(2, '0');
}

/** It is valid to the end of its last day; zones of the world differ by less than what is told. */
function daysLeft(day: string, now: EpochMs): number {
  return Math.floor((Date.parse(day) + DAY_MS - now) / DAY_MS);
}

function sumOf<Item>(items: readonly Item[], count: (item: Item) => number): number {
  return items.reduce((sum, item) => sum + count(item), 0);
}
