import { HASH_FACTOR, HASH_START } from './byte-names.ts';
import {
  AT,
  BLANK,
  BRACKET,
  behindLine,
  CARET,
  CLOSE,
  COLON,
  DASH,
  digit,
  hasWord,
  LETTER_T,
  LETTER_Z,
  NEWLINE,
  NOT_FAST,
  OPEN,
  QUOTE,
  RETURN,
  twoDigits,
} from './bytes.ts';
import type { LogNames } from './log-names.ts';
import { logEvent } from './seat-block.ts';
import type { Timeline } from './timeline.ts';

/** Longer ends of lines are read the slow way: they hold more than a reason. */
const TAIL_BYTES_MAX = 120;
/** No line that is read the fast way is this long; longer ones go the slow way, which has a bound. */
const LINE_BYTES_MAX = 8_192;

const bytesOf = (text: string): readonly number[] => [...Buffer.from(text)];
const OUT_WORD = bytesOf('OUT: "');
const IN_WORD = bytesOf('IN: "');
const DENIED_WORD = bytesOf('DENIED: "');
const SLOG_END = bytesOf('-SLOG@)');

/** What a fast line was. */
export const fastLine = { seat: 1, slog: 2 } as const;

/**
 * Reads the two kinds of lines that logs are made of, seat events and statistics, straight from their bytes: no
 * string, no object a line. It reads a line as `parseDebugLogLine` does or not at all; a test holds the two together.
 * The range must end with a newline.
 */
export class FastLines {
  readonly #names: LogNames;
  readonly #timeline: Timeline;
  /** Behind the blank that follows the daemon. */
  #at = 0;
  #second = 0;
  #daemon = 0;
  #daemonStart = 0;
  #daemonEnd = 0;
  /** Of the stamps `2026-03-09T`: the day and zone that the timeline knows of. */
  #stampDate = -1;
  #stampZone = 0;
  /** What the last line was. */
  kind = 0;

  constructor(names: LogNames, timeline: Timeline) {
    this.#names = names;
    this.#timeline = timeline;
  }

  /** Stamps of this date (20260309) and zone (minutes east; NaN for none) go on as dated. */
  knowStamp(date: number, zone: number): void {
    this.#stampDate = date;
    this.#stampZone = zone;
  }

  /** Where the next line begins, or NOT_FAST. `line` is the number of the line. */
  read(bytes: Buffer, start: number, line: number): number {
    if (!this.#readPrefix(bytes, start)) return NOT_FAST;
    switch (bytes[this.#at]) {
      case OUT_WORD[0]:
        return this.#readSeat(bytes, start, OUT_WORD, logEvent.out, line);
      case IN_WORD[0]:
        return this.#readSeat(bytes, start, IN_WORD, logEvent.in, line);
      case DENIED_WORD[0]:
        return this.#readSeat(bytes, start, DENIED_WORD, logEvent.denied, line);
      case OPEN:
        return this.#readSlog(bytes, line);
      default:
        return NOT_FAST;
    }
  }

  #readPrefix(bytes: Buffer, start: number): boolean {
    let at = start;
    if (bytes[at] === BLANK) at++;
    let hour = digit(bytes[at]!);
    if (hour < 0) return false;
    let next = bytes[++at]!;
    if (next !== COLON) {
      const low = digit(next);
      if (low < 0) return false;
      hour = 10 * hour + low;
      next = bytes[++at]!;
      if (next !== COLON) return this.#readStamp(bytes, start);
    }
    return this.#readTime(bytes, at, hour, false);
  }

  /** `:MM:SS (daemon) ` from the colon on. */
  #readTime(bytes: Buffer, colon: number, hour: number, stamped: boolean): boolean {
    const minute = twoDigits(bytes, colon + 1);
    const second = twoDigits(bytes, colon + 4);
    if (minute < 0 || second < 0 || bytes[colon + 3] !== COLON) return false;
    if (hour > 23 || minute > 59 || second > 60) return false;
    let at = colon + 6;
    if (stamped) {
      at = this.#zoneEnd(bytes, at);
      if (at < 0) return false;
    }
    if (bytes[at] !== BLANK || bytes[at + 1] !== OPEN) return false;
    this.#second = (hour * 60 + minute) * 60 + second;
    return this.#readDaemon(bytes, at + 2);
  }

  /** `2026-03-09T09:49:41`: fast only when the line before had the same date and zone. */
  #readStamp(bytes: Buffer, start: number): boolean {
    const isStamp =
      bytes[start + 4] === DASH && bytes[start + 7] === DASH && bytes[start + 10] === LETTER_T;
    if (!isStamp) return false;
    const century = twoDigits(bytes, start);
    const year = twoDigits(bytes, start + 2);
    const month = twoDigits(bytes, start + 5);
    const day = twoDigits(bytes, start + 8);
    if (((century * 100 + year) * 100 + month) * 100 + day !== this.#stampDate) return false;
    const hour = twoDigits(bytes, start + 11);
    return (
      hour >= 0 && bytes[start + 13] === COLON && this.#readTime(bytes, start + 13, hour, true)
    );
  }

  /** Behind `Z`, `+01:00`, `+0100` or nothing; negative when it is not the zone known. */
  #zoneEnd(bytes: Buffer, at: number): number {
    const sign = bytes[at]!;
    if (sign === BLANK) return Number.isNaN(this.#stampZone) ? at : NOT_FAST;
    if (sign === LETTER_Z) return this.#stampZone === 0 ? at + 1 : NOT_FAST;
    if (sign !== DASH && sign !== 43) return NOT_FAST;
    const minutesAt = bytes[at + 3] === COLON ? at + 4 : at + 3;
    const hours = twoDigits(bytes, at + 1);
    const minutes = twoDigits(bytes, minutesAt);
    const offset = (sign === DASH ? -1 : 1) * (hours * 60 + minutes);
    return hours >= 0 && minutes >= 0 && offset === this.#stampZone ? minutesAt + 2 : NOT_FAST;
  }

  #readDaemon(bytes: Buffer, start: number): boolean {
    let hash = HASH_START;
    let at = start;
    for (;;) {
      const byte = bytes[at]!;
      if (byte === CLOSE) break;
      if (byte < BLANK || byte === BRACKET) return false;
      hash = Math.imul(hash ^ byte, HASH_FACTOR);
      at++;
    }
    if (at === start || bytes[at + 1] !== BLANK) return false;
    this.#daemon = this.#names.daemons.idOf(bytes, start, at, hash, 0);
    this.#daemonStart = start;
    this.#daemonEnd = at;
    this.#at = at + 2;
    return true;
  }

  /** `(@acmed-SLOG@) ...` of the daemon that writes. */
  #readSlog(bytes: Buffer, line: number): number {
    if (bytes[this.#at + 1] !== AT) return NOT_FAST;
    let at = this.#at + 2;
    for (let own = this.#daemonStart; own < this.#daemonEnd; own++) {
      if (bytes[at++] !== bytes[own]) return NOT_FAST;
    }
    if (!hasWord(bytes, at, SLOG_END)) return NOT_FAST;
    const end = bytes.indexOf(NEWLINE, at);
    this.kind = fastLine.slog;
    this.#timeline.tick(this.#second, line);
    return end + 1;
  }

  #readSeat(
    bytes: Buffer,
    start: number,
    word: readonly number[],
    kind: number,
    line: number,
  ): number {
    if (!hasWord(bytes, this.#at, word)) return NOT_FAST;
    const featureStart = this.#at + word.length;
    let at = featureStart;
    let hash = HASH_START;
    for (;;) {
      const byte = bytes[at]!;
      if (byte === QUOTE) break;
      if (byte < BLANK) return NOT_FAST;
      hash = Math.imul(hash ^ byte, HASH_FACTOR);
      at++;
    }
    if (at === featureStart || bytes[at + 1] !== BLANK) return NOT_FAST;
    const daemon = this.#names.baseOf(this.#daemon);
    const feature = this.#names.features.idOf(bytes, featureStart, at, hash, daemon);
    return this.#readClient(bytes, start, at + 2, kind, feature, line);
  }

  #readClient(
    bytes: Buffer,
    start: number,
    from: number,
    kind: number,
    feature: number,
    line: number,
  ): number {
    let hash = HASH_START;
    let at = from;
    let host = false;
    for (;;) {
      const byte = bytes[at]!;
      if (byte <= BLANK) {
        if (byte !== BLANK || host) break;
      } else if (byte === AT) host = true;
      else if (byte < 42 && (byte === QUOTE || byte === OPEN || byte === CLOSE)) return NOT_FAST;
      else if (byte === BRACKET || byte === CARET) return NOT_FAST;
      hash = Math.imul(hash ^ byte, HASH_FACTOR);
      at++;
    }
    if (!host) return NOT_FAST;
    const end = at;
    while (bytes[at] === BLANK) at++;
    let count = 1;
    let reason = 0;
    let next = behindLine(bytes, at);
    if (next === NOT_FAST) {
      const tail = this.#readTail(bytes, start, at, kind, from, end);
      if (tail === NOT_FAST) return NOT_FAST;
      count = this.#names.tailCount(tail);
      reason = this.#names.tailReason(tail);
      next = this.#at;
    }
    if (next - start > LINE_BYTES_MAX) return NOT_FAST;
    const client = this.#names.clients.idOf(bytes, from, end, hash, 0);
    this.kind = fastLine.seat;
    this.#timeline.tick(this.#second, line);
    this.#timeline.add(kind, feature, client, count, reason, line);
    return next;
  }

  /** What stands behind the client, without blanks at its end. Leaves the begin of the next line in `#at`. */
  #readTail(
    bytes: Buffer,
    start: number,
    from: number,
    kind: number,
    clientStart: number,
    clientEnd: number,
  ): number {
    let hash = HASH_START;
    let tailHash = hash;
    let end = from;
    let at = from;
    // Without a blank between, it belongs to the client.
    if (from === clientEnd) return NOT_FAST;
    for (;;) {
      const byte = bytes[at]!;
      if (byte === NEWLINE) break;
      if (byte === CARET || at - from > TAIL_BYTES_MAX) return NOT_FAST;
      hash = Math.imul(hash ^ byte, HASH_FACTOR);
      at++;
      if (byte !== BLANK && byte !== RETURN) {
        end = at;
        tailHash = hash;
      }
    }
    this.#at = at + 1;
    if (!this.#names.learnsTails) return NOT_FAST;
    const id = this.#names.tails.idOf(bytes, from, end, tailHash, kind);
    if (id >= this.#names.tailsLearned) {
      const client = { bytes, start: clientStart, end: clientEnd };
      this.#names.learn(id, { bytes, start, end: at }, client);
    }
    return this.#names.tailReason(id) < 0 ? NOT_FAST : id;
  }
}
