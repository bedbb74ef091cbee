import type { Refusal } from '../base/refusal.ts';
import { renderShortError } from '../text/error-message.ts';
import { messages, OWN_TYPE_MIN, OWN_VERSION } from '../wire/messages/index.ts';
import type { Outbox } from '../wire/outbox.ts';
import type { Peer } from './peer.ts';

/** Refusals of the protocol itself, each with a minor of ours that docs/protocol.md lists. */
export const protocolRefusals = {
  /** A request before any hello. */
  noHello: { major: -33, minor: 701 },
  /** A type nobody defined, or one this side does not answer. */
  unknownMessage: { major: -140, minor: 702 },
  /** One of our own messages in a version we do not know yet. */
  newerVersion: { major: -140, minor: 703 },
  /** A message whose fields do not fit, or hold what they must not. */
  badFields: { major: -12, minor: 704 },
  /** The vendor daemon is not served here, or is down. Source: lmstat outputs, (-97,121). */
  vendorDown: { major: -97, minor: 121 },
  /** A word of a triad from who is no member of it. */
  noMember: { major: -33, minor: 711 },
  /** The daemon keeps as many checkouts as it may. */
  fullOfCheckouts: { major: -140, minor: 709 },
  /** As many explanations wait as may. */
  busyExplaining: { major: -140, minor: 713 },
  /** No connection is left. Source: LAG, "MAX_CONNECTIONS". */
  full: { major: -140, minor: 705 },
} as const satisfies Record<string, Refusal>;

/** Says no in our own form. `tag` is the request's; `text` may say more than the code does. */
export function writeFailure(
  peer: Peer,
  tag: number,
  refusal: Refusal,
  text = renderShortError(refusal),
): void {
  messages.failure.write(peer.out, {
    ownVersion: OWN_VERSION,
    tag,
    major: refusal.major,
    minor: refusal.minor,
    sys: refusal.sys ?? 0,
    sysText: refusal.sysText ?? '',
    text,
  });
}

/** What a full server says to who comes: -140, which old and new clients alike know. */
export function writeFull(out: Outbox): void {
  messages.legacyError.write(out, { code: String(protocolRefusals.full.major) });
}

/** Says no in the form the asker knows: ours for our own messages and programs, else the old `W`. */
export function refuse(peer: Peer, type: number, tag: number, refusal: Refusal): void {
  if (type >= OWN_TYPE_MIN || peer.announced) writeFailure(peer, tag, refusal);
  else messages.legacyError.write(peer.out, { code: String(refusal.major) });
}
