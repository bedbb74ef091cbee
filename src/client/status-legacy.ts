import type { Refusal } from '../base/refusal.ts';
import type { Connection } from './connection.ts';
import { untilNul, wholeNumber, wordsOf } from './public-text.ts';
import type { PublicStatus } from './status-facts.ts';
import { refusalOf } from './status-facts.ts';

/** Bytes of text in one 147-byte answer. */
const PIECE_BYTES = 134;
/** A feature list of more than this is none. */
const TEXT_BYTES_MAX = 1024 * 1024;

/** The features of a vendor daemon before 11.10: pieces that each say how much is left. */
export async function readLegacyNames(connection: Connection): Promise<string[] | Refusal> {
  connection.send('legacyFeaturesRequest', { lead: undefined });
  const pieces: Uint8Array[] = [];
  for (let left = PIECE_BYTES + 1; left > PIECE_BYTES; ) {
    const piece = await connection.next();
    if (piece.kind !== 'legacyText') return refusalOf(piece);
    left = wholeNumber(piece.value.remaining);
    pieces.push(piece.value.text);
    if (pieces.length * PIECE_BYTES > TEXT_BYTES_MAX) return { major: -12, minor: 6 };
  }
  const text = Buffer.concat(pieces);
  let start = 0;
  while (text[start] === 0) start++;
  return wordsOf(untilNul(text, start));
}

/**
 * Totals of a feature at a vendor daemon before 11.10.
 * unverified: the form of the records that follow for seats in use is in no public source, so they are not
 * read, and the next question of this connection may fail with -12.
 */
export async function readLegacyStatus(
  connection: Connection,
  feature: string,
): Promise<PublicStatus | Refusal> {
  const answer = await connection.ask('legacyStatusRequest', {
    feature,
    sign: '',
    lead: undefined,
  });
  if (answer.kind !== 'legacyStatus') return refusalOf(answer);
  const { used, total } = answer.value;
  return { used: wholeNumber(used), total: wholeNumber(total), entries: [] };
}
