import { KnownError } from '../base/errors.ts';
import { limits } from '../base/limits.ts';
import type { Refusal } from '../base/refusal.ts';
import type { CheckoutCommand } from '../domain/ledger/commands.ts';
import type { BorrowConfirmed, SeatTaken } from '../domain/ledger/events.ts';
import { decide } from '../domain/ledger/ledger.ts';
import { borrowEnd } from '../domain/license/borrow-end.ts';
import { writeAccepted } from '../wire/hot.ts';
import type { MessageValue } from '../wire/message.ts';
import { type borrow, messages, OWN_VERSION } from '../wire/messages/index.ts';
import { impositions } from './faults/impositions.ts';
import type { Peer } from './peer.ts';
import { protocolRefusals, writeFailure } from './refusals.ts';
import { admits } from './seat-answers.ts';
import type { VendorNotes } from './vendor-answers.ts';
import type { VendorDaemon } from './vendor-daemon.ts';

/** The borrow could not be written down. Source: error list, -117 and -124. */
const borrowFailed: Refusal = { major: -117, minor: 709 };
const returnFailed: Refusal = { major: -124, minor: 710 };

/** Lends seats. With a folder for its state, the answer goes out when the borrow is on the disk. */
export function answerBorrow(
  daemon: VendorDaemon,
  peer: Peer,
  bytes: Buffer,
  start: number,
  end: number,
): void {
  const asked = messages.borrow.decode(bytes, start, end);
  const notes = peer.notes as VendorNotes;
  const { tag, count, feature, version, data } = asked;
  const until = untilOf(daemon, asked);
  if (until === undefined || !isAskable(asked)) {
    return writeFailure(peer, tag, protocolRefusals.badFields);
  }
  const { client, session } = notes.command;
  const command: CheckoutCommand = {
    kind: 'checkout',
    ...{ session, client, feature, version, count, data },
    ...impositions(daemon.faults, client, feature, 'borrow'),
    borrowUntil: until,
  };
  if (!admits(daemon, peer, notes, { tag, command })) return;
  const events = daemon.apply(command);
  const last = events[events.length - 1]!;
  if (last.kind === 'checkoutDenied' || last.kind === 'featureUnsupported') {
    writeFailure(peer, tag, last.refusal);
  } else if (last.kind === 'seatTaken' || last.kind === 'borrowConfirmed') {
    void daemon.inTurn(() => lend(daemon, peer, tag, last));
  }
}

function isAskable({ count, feature, version, data }: MessageValue<typeof borrow>): boolean {
  const texts = [feature, version, data];
  const fit = texts.every((text) => text.length <= limits.fieldCharactersMax);
  return count >= 1 && feature !== '' && fit;
}

/** When it is to end; undefined for an end that is none. */
function untilOf(
  daemon: VendorDaemon,
  { seconds, end }: MessageValue<typeof borrow>,
): number | undefined {
  const now = daemon.now();
  if (seconds > 0) return end === '' ? now + seconds * 1000 : undefined;
  return borrowEnd(end, daemon.options.timeZone);
}

async function lend(
  daemon: VendorDaemon,
  peer: Peer,
  tag: number,
  event: SeatTaken | BorrowConfirmed,
): Promise<void> {
  const { handle, pool } = event;
  try {
    if (event.kind === 'seatTaken') await daemon.borrows?.add(event);
    else await daemon.borrows?.written();
  } catch (error) {
    if (!(error instanceof KnownError)) throw error;
    daemon.options.notice('a borrow could not be written down', { error });
    daemon.apply({ kind: 'giveUpBorrow', handle });
    writeFailure(peer, tag, { ...borrowFailed, sysText: error.message });
    return peer.flush();
  }
  const until = event.kind === 'seatTaken' ? event.borrow!.until : event.until;
  messages.borrowed.write(peer.out, {
    ownVersion: OWN_VERSION,
    tag,
    handle,
    until: Math.floor(until / 1000),
    secondsLeft: Math.max(0, Math.ceil((until - daemon.now()) / 1000)),
    poolVersion: pool.definition.version,
  });
  peer.flush();
}

/** Takes borrowed seats back early. With a folder for its state, they are free when that is on the disk. */
export function answerReturnBorrow(
  daemon: VendorDaemon,
  peer: Peer,
  bytes: Buffer,
  start: number,
  end: number,
): void {
  const { tag, feature } = messages.returnBorrow.decode(bytes, start, end);
  void daemon.inTurn(() => takeBack(daemon, peer, tag, feature));
}

async function takeBack(
  daemon: VendorDaemon,
  peer: Peer,
  tag: number,
  feature: string,
): Promise<void> {
  const { user, host } = peer.client!;
  const borrower = { user, host };
  const command = { kind: 'returnBorrow', session: peer.id, feature, borrower } as const;
  const handles = decide(daemon.ledger, command, daemon.now()).flatMap((event) =>
    event.kind === 'seatReturned' ? [event.handle] : [],
  );
  try {
    await daemon.borrows?.remove(handles);
  } catch (error) {
    if (!(error instanceof KnownError)) throw error;
    writeFailure(peer, tag, { ...returnFailed, sysText: error.message });
    return peer.flush();
  }
  const refused = daemon.apply(command).find(({ kind }) => kind === 'checkinRefused');
  if (refused?.kind === 'checkinRefused') writeFailure(peer, tag, refused.refusal);
  else writeAccepted(peer.out, tag);
  peer.flush();
}
