import type { EpochMs } from '../base/clock.ts';
import type { Checkout } from '../domain/ledger/model.ts';
import {
  idleSeats,
  type ListedReservation,
  listedReservations,
} from '../domain/ledger/reservations.ts';
import { findFeature, type LedgerFeature, type LedgerPool } from '../domain/ledger/state.ts';
import { listedQueue, type Waiting } from '../domain/ledger/waiting-lines.ts';
import type { FeatureLine } from '../domain/license/model.ts';
import { messages, OWN_VERSION } from '../wire/messages/index.ts';
import { Outbox } from '../wire/outbox.ts';
import { type StatusRecord, writeStatusRecord } from '../wire/status-records.ts';
import { holdersOf } from './holders.ts';
import type { Peer } from './peer.ts';
import { protocolRefusals, writeFailure } from './refusals.ts';
import type { VendorNotes } from './vendor-answers.ts';
import type { VendorDaemon } from './vendor-daemon.ts';

/** A listing that has been begun and not read to its end. */
export interface StatusPages {
  readonly records: Iterator<StatusRecord>;
  /** The page that may be asked for next. */
  next: number;
  /** A record that did not fit on the page before. */
  held?: StatusRecord;
}

/** In a user record's flags. */
const BORROWED = 1;

/** Record bytes of one page: a listing never keeps the daemon busy for more than this at a time. */
const PAGE_BYTES_MAX = 32 * 1024;

/**
 * Answers a page of a daemon's status. Page 0 begins a listing; it walks the living ledger, so what changes
 * meanwhile may or may not be on a later page, but nothing is listed twice.
 */
export function answerStatus(
  daemon: VendorDaemon,
  peer: Peer,
  bytes: Buffer,
  start: number,
  end: number,
): void {
  const { tag, page: asked, flags, feature } = messages.statusRequest.decode(bytes, start, end);
  const notes = peer.notes as VendorNotes;
  if (asked === 0) {
    notes.pages = { records: statusRecords(daemon, feature, (flags & 1) === 0), next: 0 };
  }
  const { pages } = notes;
  if (pages === undefined || pages.next !== asked) {
    return writeFailure(peer, tag, protocolRefusals.badFields);
  }
  const more = fillPage(pages);
  if (!more) delete notes.pages;
  messages.statusPage.write(peer.out, {
    ownVersion: OWN_VERSION,
    tag,
    more: more ? 1 : 0,
    records: page.view(),
  });
}

/** The page that is being filled: one is on its way to its reader before the next begins. */
const page = new Outbox();

/** Fills `page`; gives whether there is more. */
function fillPage(pages: StatusPages): boolean {
  page.rewind(0);
  if (pages.held) writeStatusRecord(page, pages.held);
  delete pages.held;
  for (let step = pages.records.next(); !step.done; step = pages.records.next()) {
    const before = page.length;
    writeStatusRecord(page, step.value);
    if (page.length > PAGE_BYTES_MAX && before > 0) {
      page.rewind(before);
      pages.held = step.value;
      pages.next++;
      return true;
    }
  }
  return false;
}

/** Records of all features, or of one by name; an unknown name gives none. */
function* statusRecords(
  daemon: VendorDaemon,
  name: string,
  users: boolean,
): Generator<StatusRecord> {
  const one = name === '' ? undefined : findFeature(daemon.ledger, name);
  const features = name === '' ? daemon.ledger.features.values() : one ? [one] : [];
  let { lmstatDialect = '' } = daemon.options.policy;
  for (const feature of features) {
    if (lmstatDialect !== '') yield { kind: 'daemon', dialect: lmstatDialect };
    lmstatDialect = '';
    yield featureRecord(feature);
    for (const pool of feature.pools) {
      yield poolRecord(pool, daemon.now());
      if (!users) continue;
      for (const { checkout, seats } of holdersOf(pool))
        yield userRecord(checkout, seats, daemon.now());
      for (const idle of listedReservations(pool)) yield reservationRecord(idle);
      for (const waiting of listedQueue(pool)) yield queuedRecord(waiting);
    }
  }
}

/** 0 counted, 1 uncounted, 2 in the license file but not served (expired). */
function stateOf({ pools }: LedgerFeature): number {
  const served = pools.filter((pool) => pool.used > 0 || pool.phase === 'valid');
  if (served.length === 0) return 2;
  return served.some((pool) => pool.definition.counted) ? 0 : 1;
}

function featureRecord(feature: LedgerFeature): StatusRecord {
  const state = stateOf(feature);
  const licensed = (pool: LedgerPool): number =>
    pool.definition.lines.reduce((sum, line) => sum + line.count, 0);
  return {
    kind: 'feature',
    name: feature.name,
    state,
    issued: sum(feature.pools, state === 2 ? licensed : (pool) => pool.issued),
    used: sum(feature.pools, inUse),
    queued: queuedIn(feature),
  };
}

/** Seats out, and those reserved that are idle. Source: public lmstat outputs. */
function inUse(pool: LedgerPool): number {
  return pool.used + idleSeats(pool);
}

/** Counts of a feature's counted pools added up, within 32 bits. */
function sum(pools: readonly LedgerPool[], count: (pool: LedgerPool) => number): number {
  const total = pools.reduce((all, pool) => all + (pool.definition.counted ? count(pool) : 0), 0);
  return saturated(total);
}

/** A number as near as a field of 32 bits comes to it: an uncounted feature's seats go beyond. */
function saturated(count: number): number {
  return Math.min(count, 0xffff_ffff);
}

/**
 * The first line that is valid tells when a pool expires: what has expired does not count any more. Without one it is
 * the first line. unverified: which of several lines real daemons show.
 */
function shownLine({ definition, terms }: LedgerPool, now: EpochMs): FeatureLine {
  const valid = terms.findIndex(({ from, until }) => from <= now && now < until);
  return definition.lines[Math.max(valid, 0)]!;
}

function poolRecord(pool: LedgerPool, now: EpochMs): StatusRecord {
  const { definition, issued } = pool;
  const hostids = definition.hostids ?? [];
  const lock = hostids.length === 0 ? 0 : definition.counted ? 1 : 2;
  return {
    kind: 'pool',
    name: definition.feature,
    version: definition.version,
    vendor: definition.vendor,
    expiry: shownLine(pool, now).expiry.text,
    vendorString: definition.vendorString ?? '',
    lock,
    lockedTo: hostids.join(' '),
    capacity: saturated(issued),
    used: saturated(inUse(pool)),
  };
}

function reservationRecord({ client, count }: ListedReservation): StatusRecord {
  const { type, name } = client;
  return { kind: 'reservation', count: saturated(count), type, name };
}

function userRecord(checkout: Checkout, seats: number, now: EpochMs): StatusRecord {
  const { client, version, data, handle, since, stay } = checkout;
  return {
    kind: 'user',
    user: client.user,
    host: client.host,
    display: client.display,
    data,
    version,
    project: client.project,
    handle,
    since: Math.floor(since / 1000),
    count: saturated(seats),
    pid: client.pid,
    lingerRemaining: stay === undefined ? 0 : wholeSeconds(Math.max(0, stay.until - now)),
    lingerTotal: stay === undefined ? 0 : wholeSeconds(stay.totalMs),
    flags: stay?.kind === 'borrow' ? BORROWED : 0,
  };
}

function queuedRecord({ handle, request }: Waiting): StatusRecord {
  const { client, version, count } = request;
  const { user, host, display } = client;
  return { kind: 'queued', user, host, display, version, handle, count };
}

/** Requests that wait for seats of a feature. */
function queuedIn({ pools }: LedgerFeature): number {
  let queued = 0;
  for (const pool of pools) for (const _ of listedQueue(pool)) queued++;
  return queued;
}

/** A second that has begun counts: what is not over yet is never shown as 0. */
function wholeSeconds(ms: number): number {
  return Math.min(Math.ceil(ms / 1000), 0xffff_ffff);
}
