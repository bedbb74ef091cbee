import type { Refusal } from '../base/refusal.ts';
import type { Greeted } from './greeting.ts';
import { untilNul, wholeNumber, wordsOf } from './public-text.ts';
import { isRefused, type Refused } from './refused.ts';
import { type PublicStatus, refusalOf, tooMuch } from './status-facts.ts';

/** Bytes of text in one 147-byte answer. */
const PIECE_BYTES = 134;
/** A feature list of more than this is none. */
const TEXT_BYTES_MAX = 1024 * 1024;

/**
 * A vendor daemon before 11.10, asked in 147-byte messages.
 * unverified: the form of the records that follow a status with seats in use is in no public source. They are
 * not read, so that users stay unknown, and the connection they come on is asked nothing more.
 */
export class LegacyDaemon {
  #daemon: Greeted;
  readonly #reopen: () => Promise<Greeted | Refused>;

  /** `reopen` greets the daemon anew; the caller closes the connection of `daemon`, this class the others. */
  constructor(daemon: Greeted, reopen: () => Promise<Greeted | Refused>) {
    this.#daemon = daemon;
    this.#reopen = reopen;
  }

  /** The features: pieces that each say how much is left. */
  async names(): Promise<string[] | Refusal> {
    const { connection } = this.#daemon;
    connection.send('legacyFeaturesRequest', { lead: undefined });
    const pieces: Uint8Array[] = [];
    for (let left = PIECE_BYTES + 1; left > PIECE_BYTES; ) {
      const piece = await connection.next();
      if (piece.kind !== 'legacyText') return refusalOf(piece);
      left = wholeNumber(piece.value.remaining);
      pieces.push(piece.value.text);
      if (pieces.length * PIECE_BYTES > TEXT_BYTES_MAX) return tooMuch;
    }
    const text = Buffer.concat(pieces);
    let start = 0;
    while (text[start] === 0) start++;
    return wordsOf(untilNul(text, start));
  }

  /** Totals of a feature. */
  async status(feature: string): Promise<PublicStatus | Refusal> {
    if (this.#daemon.connection.ended) {
      const daemon = await this.#reopen();
      if (isRefused(daemon)) return daemon.refusal;
      this.#daemon = daemon;
    }
    const { connection } = this.#daemon;
    const asked = { feature, sign: '', lead: undefined };
    const answer = await connection.ask('legacyStatusRequest', asked);
    if (answer.kind !== 'legacyStatus') return refusalOf(answer);
    const used = wholeNumber(answer.value.used);
    if (used > 0) connection.close();
    return { used, total: wholeNumber(answer.value.total), entries: [] };
  }

  close(): void {
    this.#daemon.connection.close();
  }
}
