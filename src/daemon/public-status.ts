import { limits } from '../base/limits.ts';
import { listedReservations } from '../domain/ledger/reservations.ts';
import { findFeature, type LedgerFeature, type LedgerPool } from '../domain/ledger/state.ts';
import type { FeatureLine } from '../domain/license/model.ts';
import { messages } from '../wire/messages/index.ts';
import { HEADER_BYTES } from '../wire/outbox.ts';
import { holdersOf } from './holders.ts';
import type { Peer, Stream } from './peer.ts';
import type { VendorDaemon } from './vendor-daemon.ts';

/**
 * The public, read-only status of a vendor daemon, for programs we did not write. Layouts and their grades of
 * proof: docs/protocol.md, "Public messages".
 */

/** Room for text in one reply: the rest of the frame is header and fixed fields. */
const TEXT_BYTES_MAX = limits.frameBytesMax - HEADER_BYTES - 8;
/** Usage records written before other connections get their turn. */
const RECORDS_PER_TURN = 256;

/** Joins as many whole items as fit one reply. */
export function fitting(
  items: Iterable<string>,
  separator: string,
): { text: string; complete: boolean } {
  const kept: string[] = [];
  let size = 0;
  for (const item of items) {
    const more = Buffer.byteLength(item, 'utf8') + separator.length;
    if (size + more > TEXT_BYTES_MAX) return { text: kept.join(separator), complete: false };
    kept.push(item);
    size += more;
  }
  return { text: kept.join(separator), complete: true };
}

/** Answers with text, as commands and feature lists are answered. */
export function writeText(peer: Peer, text: string, time: number): void {
  const bytes = Buffer.from(`${text.replaceAll('\0', '')}\0`, 'utf8');
  messages.textAnswer.write(peer.out, { unknown: 0, textBytes: bytes.length, text: bytes }, time);
}

function unixTime(daemon: VendorDaemon): number {
  return Math.floor(daemon.now() / 1000);
}

function featureNames(daemon: VendorDaemon): string {
  const names = [...daemon.ledger.features.values()].map(({ name }) => name);
  const { text, complete } = fitting(names, ' ');
  if (!complete) daemon.options.log.cutShort('feature list');
  return text;
}

/** All feature names, blank separated. */
export function answerFeatures(daemon: VendorDaemon, peer: Peer): void {
  writeText(peer, featureNames(daemon), unixTime(daemon));
}

/** The license sets: eight strings a line. Empty strings would shift a reader's groups, so none is empty. */
export function answerSets(daemon: VendorDaemon, peer: Peer): void {
  const { text, complete } = fitting(daemon.entry.features.map(setOf), '\0');
  if (!complete) daemon.options.log.cutShort('license sets');
  const strings = Buffer.from(`${text}\0`, 'utf8');
  messages.sets.write(peer.out, { strings }, unixTime(daemon));
}

function setOf(line: FeatureLine, index: number): string {
  const { attributes, expiry, name, version, count, vendor, keyword } = line;
  const id = String(index + 1);
  const sign = (attributes.sign ?? line.key ?? 'none').replaceAll(/\s/g, '');
  const first = attributes.start ?? attributes.issued;
  const from = first ? `${first.day}-${months[first.month - 1]}-${first.year}` : 'none';
  const text = `${keyword} ${name} ${vendor} ${version} ${expiry.text} ${count} SIGN=${sign}`;
  const words = [id, sign.slice(0, 20), name, from, expiry.text, id, 'none', text];
  // 0x01 and 0x07 separate strings as NUL does; a license file may hold them, a set may not.
  return words.map((word) => word.replaceAll(/[\0\x01\x07]/g, '') || 'none').join('\0');
}

const months = 'jan feb mar apr may jun jul aug sep oct nov dec'.split(' ');

/**
 * Used, total, time, then exactly `used` usage records: a holder of several seats and a reservation of several
 * are recorded once per seat, so that both the number and the records a client counts are the seats in use.
 */
export function answerFeatureStatus(
  daemon: VendorDaemon,
  peer: Peer,
  bytes: Buffer,
  start: number,
  end: number,
): void {
  const { feature } = messages.featureStatusRequest.decode(bytes, start, end);
  const found = findFeature(daemon.ledger, feature);
  const time = unixTime(daemon);
  const records = found ? found.pools.flatMap(usageOf) : [];
  const used = records.reduce((sum, { seats }) => sum + seats, 0);
  const total = found ? capacityOf(found) : 0;
  messages.featureStatus.write(
    peer.out,
    { unknown: 0, used: String(used), total: String(total), time: String(time) },
    time,
  );
  if (used > 0) peer.stream = new UsageStream(records, time);
}

function capacityOf(feature: LedgerFeature): number {
  return feature.pools.reduce((sum, pool) => sum + pool.issued, 0);
}

/** What is recorded once for each of some seats. */
interface SeatRecord {
  readonly seats: number;
  readonly user: string;
  readonly host: string;
  readonly display: string;
  readonly version: string;
  readonly since: number;
  readonly handle: number;
}

/**
 * The records of one pool. A reservation is `G` and the name it is for, all else empty or zero: the only form
 * that public clients know is a group's, so that every kind of reservation takes it.
 */
function usageOf(pool: LedgerPool): SeatRecord[] {
  const records: SeatRecord[] = [];
  for (const { checkout, seats } of holdersOf(pool)) {
    const { client, version, handle } = checkout;
    const { user, host, display } = client;
    const since = Math.floor(checkout.since / 1000);
    records.push({ seats, user, host, display, version, since, handle });
  }
  for (const { client, count } of listedReservations(pool)) {
    const user = `G${client.name}`;
    records.push({ seats: count, user, host: '', display: '', version: '', since: 0, handle: 0 });
  }
  return records;
}

/** Usage records in pieces, so that a long list neither fills memory nor holds up other clients. */
class UsageStream implements Stream {
  readonly #records: readonly SeatRecord[];
  readonly #time: number;
  #at = 0;
  #repeated = 0;

  constructor(records: readonly SeatRecord[], time: number) {
    this.#records = records;
    this.#time = time;
  }

  next(peer: Peer): boolean {
    for (let written = 0; written < RECORDS_PER_TURN; written++) {
      const record = this.#records[this.#at];
      if (record === undefined) return false;
      this.#write(peer, record);
      if (++this.#repeated >= record.seats) {
        this.#repeated = 0;
        this.#at++;
      }
    }
    return this.#at < this.#records.length;
  }

  #write(peer: Peer, { user, host, display, version, since, handle }: SeatRecord): void {
    // A 0x01 inside a string would end it for the programs that read these.
    const plain = (text: string): string => text.replaceAll('\x01', '');
    messages.usage.write(
      peer.out,
      {
        user: plain(user),
        host: plain(host),
        display: plain(display),
        version: plain(version),
        mark: undefined,
        since,
        handleHigh: 0,
        handle,
      },
      this.#time,
    );
  }
}

/** Text of one legacy `L` message. */
const LEGACY_TEXT_BYTES = 134;

/** The feature list in 147-byte pieces, each saying how much text is left from it on. */
export function legacyFeatures(daemon: VendorDaemon, peer: Peer): void {
  const bytes = Buffer.from(`${featureNames(daemon)}\0`, 'utf8');
  for (let at = 0; at < bytes.length; at += LEGACY_TEXT_BYTES) {
    const text = bytes.subarray(at, at + LEGACY_TEXT_BYTES);
    messages.legacyText.write(peer.out, { remaining: String(bytes.length - at), text });
  }
}

/**
 * Used, total, time. The form of the usage records that followed is not known, so `used` is told as 0 and none
 * follow: a client that waits for records would hang. See docs/protocol.md, "Legacy forms".
 */
export function legacyStatus(daemon: VendorDaemon, peer: Peer, bytes: Buffer, start: number): void {
  const { feature } = messages.legacyStatusRequest.decode(bytes, start, start + 147);
  const found = findFeature(daemon.ledger, feature);
  messages.legacyStatus.write(peer.out, {
    used: '0',
    total: String(found ? capacityOf(found) : 0),
    time: String(unixTime(daemon)),
  });
}
