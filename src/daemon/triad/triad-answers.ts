import { TRIAD_MEMBERS } from '../../domain/triad/order.ts';
import type { TriadWord } from '../../domain/triad/word.ts';
import { writeAccepted } from '../../wire/hot.ts';
import { messages, wordFlags } from '../../wire/messages/index.ts';
import type { LicenseManager } from '../license-manager.ts';
import type { Peer } from '../peer.ts';
import { protocolRefusals, writeFailure } from '../refusals.ts';

/** What a manager keeps beside the connection of another member of its triad. */
interface MemberNotes {
  readonly member: number;
}

function memberOf(peer: Peer): number | undefined {
  return (peer.notes as MemberNotes | undefined)?.member;
}

/** Whether another member of the triad speaks here. */
export function isMember(peer: Peer): boolean {
  return memberOf(peer) !== undefined;
}

/** Another license manager says that it is a member of our triad. */
export function answerTriadHello(
  manager: LicenseManager,
  peer: Peer,
  bytes: Buffer,
  start: number,
  end: number,
): void {
  const { tag, host, port, servers } = messages.triadHello.decode(bytes, start, end);
  const { triad } = manager;
  if (triad === undefined) return writeFailure(peer, tag, protocolRefusals.unknownMessage);
  const accepted = triad.accept({ host, port }, servers);
  if (typeof accepted === 'string') {
    return writeFailure(peer, tag, protocolRefusals.noMember, accepted);
  }
  peer.notes = { member: accepted } satisfies MemberNotes;
  writeAccepted(peer.out, tag);
}

/** A member says how it stands. Not answered; from anybody else it is refused. */
export function answerTriadWord(
  manager: LicenseManager,
  peer: Peer,
  bytes: Buffer,
  start: number,
  end: number,
): void {
  const { tag, flags, master, ...rest } = messages.triadWord.decode(bytes, start, end);
  const from = memberOf(peer);
  if (from === undefined || manager.triad === undefined) {
    return writeFailure(peer, tag, protocolRefusals.noMember);
  }
  const { boot, toBoot, number, answers } = rest;
  if (boot === 0 || number === 0) return writeFailure(peer, tag, protocolRefusals.badFields);
  const word: TriadWord = {
    ...{ from, boot, toBoot, number, answers },
    hears: (flags & wordFlags.hears) !== 0,
    stands: (flags & wordFlags.stands) !== 0,
    asks: (flags & wordFlags.asks) !== 0,
    master: master < TRIAD_MEMBERS ? master : undefined,
  };
  manager.triad.hear(word);
}
