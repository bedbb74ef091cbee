import { messages, OWN_VERSION } from '../wire/messages/index.ts';
import type { Peer } from './peer.ts';

/** The named words of an admin request as a record; a repeated name keeps its last value. */
export function wordsOf(
  words: readonly { readonly name: string; readonly value: string }[],
): Readonly<Record<string, string>> {
  return Object.fromEntries(words.map(({ name, value }) => [name, value]));
}

/** Tells an administrator that it is done. */
export function writeDone(peer: Peer, tag: number, lines: readonly string[]): void {
  messages.adminAnswer.write(peer.out, { ownVersion: OWN_VERSION, tag, lines });
}
