import { limits } from '../base/limits.ts';
import { findFeature, type LedgerFeature } from '../domain/ledger/state.ts';
import { messages } from '../wire/messages/index.ts';
import { LEGACY_BYTES } from '../wire/outbox.ts';
import type { Peer } from './peer.ts';
import { writeText } from './public-text.ts';
import { UsageStream, usageRecords } from './usage-stream.ts';
import type { VendorDaemon } from './vendor-daemon.ts';
import { vendorTexts } from './vendor-texts.ts';

/**
 * The public, read-only status of a vendor daemon, for programs we did not write. Layouts and their grades of
 * proof: docs/protocol.md, "Public messages".
 */

/** The largest number that old clients, which count in C's int, can read. */
const COUNT_MAX = 2 ** 31 - 1;

function unixTime(daemon: VendorDaemon): number {
  return Math.floor(daemon.now() / 1000);
}

/** All feature names, blank separated. */
export function answerFeatures(daemon: VendorDaemon, peer: Peer): void {
  writeText(peer, vendorTexts(daemon).features, unixTime(daemon));
}

/** The license sets: eight strings a line. */
export function answerSets(daemon: VendorDaemon, peer: Peer): void {
  messages.sets.write(peer.out, { strings: vendorTexts(daemon).sets }, unixTime(daemon));
}

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
  const used = found ? usageRecords(found) : 0;
  if (used === limits.usageRecordsMax) daemon.options.log.cutShort('list of users');
  const total = found ? capacityOf(found) : 0;
  messages.featureStatus.write(
    peer.out,
    { unknown: 0, used: String(used), total: String(total), time: String(time) },
    time,
  );
  if (found && used > 0) peer.stream = new UsageStream(found, used, time);
}

function capacityOf(feature: LedgerFeature): number {
  const issued = feature.pools.reduce((sum, pool) => sum + pool.issued, 0);
  return Math.min(issued, COUNT_MAX);
}

/** Text of one legacy `L` message. */
const LEGACY_TEXT_BYTES = 134;

/** The feature list in 147-byte pieces, each saying how much text is left from it on. */
export function legacyFeatures(daemon: VendorDaemon, peer: Peer): void {
  const bytes = vendorTexts(daemon).features;
  for (let at = 0; at < bytes.length; at += LEGACY_TEXT_BYTES) {
    const text = bytes.subarray(at, at + LEGACY_TEXT_BYTES);
    messages.legacyText.write(peer.out, { remaining: String(bytes.length - at), text });
  }
}

/**
 * Used, total, time. The form of the usage records that followed is not known, so `used` is told as 0 and none
 * follow: a client that waits for records would hang. See docs/protocol.md, "Old forms".
 */
export function legacyStatus(daemon: VendorDaemon, peer: Peer, bytes: Buffer, start: number): void {
  const end = start + LEGACY_BYTES;
  const { feature } = messages.legacyStatusRequest.decode(bytes, start, end);
  const found = findFeature(daemon.ledger, feature);
  messages.legacyStatus.write(peer.out, {
    used: '0',
    total: String(found ? capacityOf(found) : 0),
    time: String(unixTime(daemon)),
  });
}
