import { limits } from '../base/limits.ts';
import { explain } from '../domain/ledger/explanation.ts';
import type { Client } from '../domain/ledger/model.ts';
import { messages, OWN_VERSION } from '../wire/messages/index.ts';
import { wordsOf } from './admin-answer.ts';
import type { Peer, Stream } from './peer.ts';
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
  const { explanations, traffic } = daemon;
  if (!explanations.hasRoom) {
    const text = 'Too many explanations are being asked for: ask again.';
    return writeFailure(peer, tag, protocolRefusals.busyExplaining, text);
  }
  const work = (): void => {
    if (peer.socket.destroyed) return;
    const json = JSON.stringify(
      explain(daemon.ledger, request, daemon.now(), daemon.entry.options),
    );
    peer.stream = new Pieces(tag, Buffer.from(json, 'utf8'));
  };
  peer.later(traffic.during(explanations.take(work)));
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

/** An explanation on its way, piece by piece as its client takes them. */
class Pieces implements Stream {
  readonly #tag: number;
  #left: Buffer;

  constructor(tag: number, bytes: Buffer) {
    this.#tag = tag;
    this.#left = bytes;
  }

  next({ out }: Peer): boolean {
    const json = this.#left.subarray(0, PIECE_BYTES_MAX);
    this.#left = this.#left.subarray(PIECE_BYTES_MAX);
    const more = this.#left.length > 0;
    const fields = { ownVersion: OWN_VERSION, tag: this.#tag, more: more ? 1 : 0, json };
    messages.explanation.write(out, fields);
    return more;
  }
}
