import { limits } from '../base/limits.ts';
import { explain } from '../domain/ledger/explanation.ts';
import type { Client } from '../domain/ledger/model.ts';
import { messages, OWN_VERSION } from '../wire/messages/index.ts';
import { wordsOf } from './admin-answer.ts';
import type { Peer } from './peer.ts';
import { protocolRefusals, writeFailure } from './refusals.ts';
import type { VendorDaemon } from './vendor-daemon.ts';

/** JSON bytes of one piece: a whole explanation is sent as some of these, one behind the other. */
const PIECE_BYTES_MAX = 32 * 1024;

/**
 * Answers what a checkout would come to, and why, for the asker or whom it names; changes nothing and is no event.
 * What is explained can be seen by lmstat and in the daemon's files anyway.
 */
export function answerExplain(
  daemon: VendorDaemon,
  peer: Peer,
  bytes: Buffer,
  start: number,
  end: number,
): void {
  const { tag, flags, count, feature, version, data, as } = messages.explain.decode(
    bytes,
    start,
    end,
  );
  const texts = [feature, version, data, ...as.flatMap(({ name, value }) => [name, value])];
  const fits = texts.every((text) => text.length <= limits.fieldCharactersMax);
  if (flags !== 0 || feature === '' || !fits) {
    return writeFailure(peer, tag, protocolRefusals.badFields);
  }
  const client = clientAs(peer.client!, wordsOf(as));
  const request = {
    kind: 'checkout',
    session: peer.id,
    client,
    feature,
    version,
    count,
    data,
  } as const;
  const { ledger, entry } = daemon;
  const json = JSON.stringify(explain(ledger, request, daemon.now(), entry.options));
  writePieces(peer, tag, Buffer.from(json, 'utf8'));
}

/** Who is asked about: words that are not named stay the asker's own. */
function clientAs(client: Client, words: Readonly<Record<string, string>>): Client {
  const { user, host, display, project, platform, address, node, hostid, session } = words;
  return {
    ...client,
    ...(user !== undefined && { user }),
    ...(host !== undefined && { host }),
    ...(display !== undefined && { display }),
    ...(project !== undefined && { project }),
    ...(platform !== undefined && { platform }),
    ...(address !== undefined && { address }),
    ...(node !== undefined && { node }),
    ...(hostid !== undefined && { hostids: hostid.split(' ') }),
    ...(session !== undefined && { remoteDesktop: session === 'remote' }),
  };
}

function writePieces(peer: Peer, tag: number, bytes: Buffer): void {
  for (let at = 0; at < bytes.length; at += PIECE_BYTES_MAX) {
    const more = at + PIECE_BYTES_MAX < bytes.length ? 1 : 0;
    const json = bytes.subarray(at, at + PIECE_BYTES_MAX);
    messages.explanation.write(peer.out, { ownVersion: OWN_VERSION, tag, more, json });
  }
}
