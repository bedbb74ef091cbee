import { limits } from '../base/limits.ts';
import type { Refusal } from '../base/refusal.ts';
import type { CheckoutCommand, QueueMode } from '../domain/ledger/commands.ts';
import {
  CHECKIN_BYTES,
  type CheckoutFields,
  flagsOf,
  HEARTBEAT_BYTES,
  LEAVE_QUEUE_BYTES,
  readCheckout,
  secondU32Of,
  tagOf,
  writeAccepted,
  writeGranted,
  writeHeartbeatAnswer,
} from '../wire/hot.ts';
import { TELL_WALK } from '../wire/messages/index.ts';
import { Reader } from '../wire/reader.ts';
import { impositions } from './faults/impositions.ts';
import type { Peer } from './peer.ts';
import { protocolRefusals, writeFailure } from './refusals.ts';
import type { VendorNotes } from './vendor-answers.ts';
import type { VendorDaemon } from './vendor-daemon.ts';
import { tellWalk } from './walks.ts';

const reader = new Reader('', Buffer.alloc(0), 0, 0);

/** By the flags of a checkout: what to do when the seats are out. */
const queueModes: readonly (QueueMode | undefined)[] = [undefined, 'block', 'return'];

/** Bit 0 of a heartbeat: the application is in use. */
const IN_USE = 1;

/** Asks the ledger. A request that waits is answered by the event itself, as it will be when its turn comes. */
export function answerCheckout(
  daemon: VendorDaemon,
  peer: Peer,
  bytes: Buffer,
  start: number,
  end: number,
): void {
  const notes = peer.notes as VendorNotes;
  const { checkout: fields, command } = notes;
  readCheckout(reader, bytes, start, end, fields);
  if (!isAskable(fields)) return writeFailure(peer, fields.tag, protocolRefusals.badFields);
  command.feature = fields.feature;
  command.version = fields.version;
  command.count = fields.count;
  command.data = fields.data;
  if (!admits(daemon, peer, notes, { tag: fields.tag, command })) return;
  command.queue = queueModes[fields.flags & ~TELL_WALK];
  const { skewMs, imposed } = impositions(
    daemon.faults,
    command.client,
    fields.feature,
    'checkout',
  );
  command.skewMs = skewMs;
  command.imposed = imposed;
  tellWalk(daemon, peer, command, fields);
  const events = daemon.apply(command);
  const last = events[events.length - 1]!;
  if (last.kind === 'seatTaken') {
    writeGranted(peer.out, fields.tag, last.handle, last.pool.definition.version);
  } else if (last.kind === 'checkoutDenied' || last.kind === 'featureUnsupported') {
    writeFailure(peer, fields.tag, last.refusal);
  }
}

function isAskable({ count, feature, version, data, flags }: CheckoutFields): boolean {
  return (
    count >= 1 &&
    (flags & ~TELL_WALK) < queueModes.length &&
    feature.length > 0 &&
    feature.length <= limits.fieldCharactersMax &&
    data.length <= limits.fieldCharactersMax &&
    version.length <= limits.fieldCharactersMax
  );
}

/** Counts a client among the applications; false when there is no room for it, or for one more checkout: it is told. */
export function admits(
  daemon: VendorDaemon,
  peer: Peer,
  notes: VendorNotes,
  { tag, command }: { readonly tag: number; readonly command: CheckoutCommand },
): boolean {
  const no = refusalOf(daemon, notes, command);
  if (no !== undefined) writeFailure(peer, tag, no);
  return no === undefined;
}

function refusalOf(
  daemon: VendorDaemon,
  notes: VendorNotes,
  command: CheckoutCommand,
): Refusal | undefined {
  if (!daemon.hasRoomFor(command)) return protocolRefusals.fullOfCheckouts;
  return notes.isApplication ? undefined : daemon.sessions.admit(notes);
}

export function answerCheckin(
  daemon: VendorDaemon,
  peer: Peer,
  bytes: Buffer,
  start: number,
  end: number,
): void {
  const tag = tagOf(bytes, start, end);
  if (end - start < CHECKIN_BYTES) return writeFailure(peer, tag, protocolRefusals.badFields);
  const handle = secondU32Of(bytes, start);
  const event = daemon.apply({ kind: 'checkin', session: peer.id, handle })[0];
  if (event?.kind === 'checkinRefused') return writeFailure(peer, tag, event.refusal);
  // It came back, or lingers: the client is rid of it.
  writeAccepted(peer.out, tag);
}

export function answerLeaveQueue(
  daemon: VendorDaemon,
  peer: Peer,
  bytes: Buffer,
  start: number,
  end: number,
): void {
  const tag = tagOf(bytes, start, end);
  if (end - start < LEAVE_QUEUE_BYTES) return writeFailure(peer, tag, protocolRefusals.badFields);
  const handle = secondU32Of(bytes, start);
  const event = daemon.apply({ kind: 'leaveQueue', session: peer.id, handle })[0];
  if (event?.kind === 'checkinRefused') return writeFailure(peer, tag, event.refusal);
  writeAccepted(peer.out, tag);
}

export function answerHeartbeat(
  daemon: VendorDaemon,
  peer: Peer,
  bytes: Buffer,
  start: number,
  end: number,
): void {
  const tag = tagOf(bytes, start, end);
  if (end - start < HEARTBEAT_BYTES) return writeFailure(peer, tag, protocolRefusals.badFields);
  daemon.sessions.heartbeat(peer, (flagsOf(bytes, start) & IN_USE) !== 0);
  writeHeartbeatAnswer(peer.out, tag, Math.floor(daemon.now() / 1000));
}
