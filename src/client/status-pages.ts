import type { FeatureUsage, PoolEntry, PoolLock, PoolUsage } from '../text/lmstat-report.ts';
import { text16, u8 } from '../wire/fields.ts';
import {
  kindOfCode,
  RECORD_HEAD_BYTES,
  readStatusRecord,
  type StatusKind,
  type StatusRecord,
  statusLayouts,
} from '../wire/status-records.ts';

/** A record's place: the page it is on, and its bytes there. */
interface Place {
  readonly page: Buffer;
  readonly code: number;
  readonly start: number;
  readonly end: number;
}

const codes = {
  feature: statusLayouts.feature.code,
  pool: statusLayouts.pool.code,
} as const;

/**
 * Whether a page is whole: every record ends inside it, and the fields of every known one inside the record.
 * Looks at lengths only, so that what passes can be decoded later, one record at a time.
 */
export function pageHolds(page: Buffer): boolean {
  let at = 0;
  while (at < page.length) {
    if (at + RECORD_HEAD_BYTES > page.length) return false;
    const end = at + RECORD_HEAD_BYTES + page.readUInt16BE(at + 1);
    if (end > page.length) return false;
    const kind = kindOfCode.get(page[at]!);
    if (kind && !fieldsFit(kind, page, at + RECORD_HEAD_BYTES, end)) return false;
    at = end;
  }
  return true;
}

function fieldsFit(kind: StatusKind, page: Buffer, start: number, end: number): boolean {
  const layout: Record<string, unknown> = statusLayouts[kind].layout;
  let at = start;
  for (const name in layout) {
    const field = layout[name];
    if (field === text16) {
      if (at + 2 > end) return false;
      at += 2 + page.readUInt16BE(at);
    } else {
      at += field === u8 ? 1 : 4;
    }
    if (at > end) return false;
  }
  return true;
}

/**
 * The features that status pages hold, in their order. A page is kept as the bytes that came, about 90 a
 * user; a user becomes an object only while its line is printed. Pages must have passed `pageHolds`.
 */
export function* featuresOfPages(pages: readonly Buffer[]): Generator<FeatureUsage> {
  let feature: Extract<StatusRecord, { kind: 'feature' }> | undefined;
  let pools: PoolPlaces[] = [];
  for (const place of placesOf(pages)) {
    if (place.code === codes.feature) {
      if (feature) yield usageOf(feature, pools);
      feature = decodeAt(place) as typeof feature;
      pools = [];
    } else if (place.code === codes.pool) {
      pools.push({ place, entries: [] });
    } else {
      extendRun(pools.at(-1), place);
    }
  }
  if (feature) yield usageOf(feature, pools);
}

/** What the daemon says of itself before its first feature; '' when nothing. */
export function dialectOfPages(pages: readonly Buffer[]): string {
  for (const place of placesOf(pages)) {
    const record = decodeAt(place);
    return record?.kind === 'daemon' ? record.dialect : '';
  }
  return '';
}

/** A pool, and where its entries stand: one run of whole records per page. */
interface PoolPlaces {
  readonly place: Place;
  readonly entries: Run[];
}

interface Run {
  readonly page: Buffer;
  readonly start: number;
  end: number;
}

function extendRun(pool: PoolPlaces | undefined, place: Place): void {
  if (!pool) return;
  const last = pool.entries.at(-1);
  if (last?.page === place.page) last.end = place.end;
  else pool.entries.push({ page: place.page, start: place.start, end: place.end });
}

function* placesOf(pages: readonly Buffer[]): Generator<Place> {
  for (const page of pages) {
    for (let start = 0, end: number; start < page.length; start = end) {
      end = endOf(page, start);
      yield { page, code: page[start]!, start, end };
    }
  }
}

/** Where the record that starts at `start` ends. */
function endOf(page: Buffer, start: number): number {
  return start + RECORD_HEAD_BYTES + page.readUInt16BE(start + 1);
}

function decodeAt({ page, start, end }: Place): StatusRecord | undefined {
  return readStatusRecord(page, start, end);
}

/** `state` is 0 for counted, 1 for uncounted, 2 for licensed and not served. */
function usageOf(
  { name, state, issued, used }: Extract<StatusRecord, { kind: 'feature' }>,
  places: readonly PoolPlaces[],
): FeatureUsage {
  if (state === 2) return { kind: 'unsupported', name, issued };
  const pools = places.flatMap(poolOf);
  return state === 1
    ? { kind: 'uncounted', name, pools }
    : { kind: 'counted', name, issued, used, pools };
}

/** A pool that is in use or reserved, and no other: lmstat prints only those. */
function poolOf({ place, entries }: PoolPlaces): readonly PoolUsage[] {
  const pool = decodeAt(place) as Extract<StatusRecord, { kind: 'pool' }>;
  if (pool.used === 0 && entries.length === 0) return [];
  return [
    {
      name: pool.name,
      version: pool.version,
      vendor: pool.vendor,
      ...(pool.expiry === '' ? {} : { expiry: pool.expiry }),
      ...(pool.vendorString === '' ? {} : { vendorString: pool.vendorString }),
      lock: lockOf(pool.lock, pool.lockedTo),
      entries: entriesOf(entries),
    },
  ];
}

function lockOf(lock: number, hostid: string): PoolLock {
  if (lock === 1) return { kind: 'nodelocked', hostid };
  return lock === 2 ? { kind: 'uncountedNodelocked', hostid } : { kind: 'floating' };
}

function* entriesOf(runs: readonly Run[]): Generator<PoolEntry> {
  for (const { page, start, end } of runs) {
    for (let at = start; at < end; ) {
      const next = endOf(page, at);
      const entry = entryOf(readStatusRecord(page, at, next));
      at = next;
      if (entry) yield entry;
    }
  }
}

const reservationTypes = [
  'USER',
  'HOST',
  'GROUP',
  'HOST_GROUP',
  'DISPLAY',
  'INTERNET',
  'PROJECT',
] as const;

function entryOf(record: StatusRecord | undefined): PoolEntry | undefined {
  switch (record?.kind) {
    case 'user':
      return userOf(record);
    case 'queued':
      return record;
    case 'reservation': {
      const type = reservationTypes.find((known) => known === record.type);
      return type && { kind: 'reservation', count: record.count, type, name: record.name };
    }
    default:
      return undefined;
  }
}

/** Bit of a user record's flags. */
const BORROWED = 1;

function userOf(record: Extract<StatusRecord, { kind: 'user' }>): PoolEntry {
  const { user, host, display, version, handle, count, since, data, pid, project, flags } = record;
  const linger = {
    remainingSeconds: record.lingerRemaining,
    totalSeconds: record.lingerTotal,
  };
  return {
    kind: 'user',
    user,
    host,
    display,
    version,
    handle,
    count,
    since: since * 1000,
    ...(data === '' ? {} : { checkoutData: data }),
    ...(linger.totalSeconds === 0 ? {} : { linger }),
    ...((flags & BORROWED) === 0 ? {} : { borrowed: true }),
    ...(pid === 0 ? {} : { pid }),
    ...(project === '' ? {} : { project }),
  };
}
