import type { Refusal } from '../base/refusal.ts';
import type { Command } from '../domain/ledger/commands.ts';
import { decide } from '../domain/ledger/ledger.ts';
import { findFeature } from '../domain/ledger/state.ts';
import { messages } from '../wire/messages/index.ts';
import { wordsOf, writeDone } from './admin-answer.ts';
import { forbidden } from './admin-rights.ts';
import { answerLogAdmin, isLogVerb } from './log-admin.ts';
import type { Peer } from './peer.ts';
import { protocolRefusals, writeFailure } from './refusals.ts';
import type { VendorDaemon } from './vendor-daemon.ts';

/**
 * lmremove's two forms, sent to the vendor daemon itself: `remove` by handle, `removeClient` by user, host and
 * display; and the tools for its logs. Source: LAG, "lmremove"; the minimum age is Altair's.
 */
export function answerAdmin(
  daemon: VendorDaemon,
  peer: Peer,
  bytes: Buffer,
  start: number,
  end: number,
): void {
  const { tag, verb, words } = messages.adminRequest.decode(bytes, start, end);
  const named = wordsOf(words);
  if (isLogVerb(verb)) return answerLogAdmin(daemon, peer, { tag, verb, words: named });
  const { feature = '', user = '', host = '', display = '', handle = '' } = named;
  if (verb !== 'remove' && verb !== 'removeClient') {
    return writeFailure(peer, tag, protocolRefusals.unknownMessage);
  }
  const asker = { user: peer.client!.user, address: peer.remoteAddress };
  const no = forbidden(daemon.options.rights, 'lmremove', asker);
  if (no) return writeFailure(peer, tag, no);
  if (findFeature(daemon.ledger, feature) === undefined) {
    return writeFailure(peer, tag, { major: -5, minor: 346 });
  }
  const command: Command =
    verb === 'remove'
      ? { kind: 'remove', feature, handle: /^\d{1,10}$/.test(handle) ? Number(handle) : -1 }
      : { kind: 'removeClient', feature, user, host, display };
  if (isTooSoon(daemon, command)) return writeFailure(peer, tag, tooSoon);
  const events = daemon.apply(command);
  const refused = events.find((event) => event.kind === 'checkinRefused');
  if (refused) return writeFailure(peer, tag, refused.refusal);
  if (events.length === 0) return writeFailure(peer, tag, { major: -41, minor: 1 });
  writeDone(peer, tag, []);
}

/** Source: public scripts, (-64,200). */
const tooSoon: Refusal = { major: -64, minor: 200 };

/** One of those that would come back has not been out for the minimum age: then none does. */
function isTooSoon(daemon: VendorDaemon, command: Command): boolean {
  const now = daemon.now();
  const since = now - daemon.options.lmremoveAgeSecondsMin * 1_000;
  return decide(daemon.ledger, command, now).some((event) => {
    if (event.kind !== 'seatReturned') return false;
    return (event.pool.checkouts.get(event.handle)?.since ?? since) > since;
  });
}
