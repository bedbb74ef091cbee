import { fourOf, hashOf, NameEnds, viewOf, wordOf } from './byte-words.ts';
import {
  AT,
  BLANK,
  BRACKET,
  behindLine,
  CARET,
  CLOSE,
  NEWLINE,
  NOT_FAST,
  OPEN,
  QUOTE,
} from './bytes.ts';
import { LineClock } from './line-clock.ts';
import type { LogNames } from './log-names.ts';
import { logEvent } from './seat-block.ts';
import type { Timeline } from './timeline.ts';

/** Longer ends of lines are read the slow way: they hold more than a reason. */
const TAIL_BYTES_MAX = 120;
/** No line that is read the fast way is this long; longer ones go the slow way, which has a bound. */
const LINE_BYTES_MAX = 8_192;

const OUT = wordOf('OUT:');
const IN = wordOf('IN: ');
const DENIED = [wordOf('DENI'), wordOf('ED: ')] as const;
const SLOG = [wordOf('-SLO'), wordOf('G@) ') & 0xffffff] as const;
/** ` "` and `" ` */
const BLANK_QUOTE = 0x2220;
const QUOTE_BLANK = 0x2022;

/** What names end before: the first byte that is not above these. */
const ends = {
  daemon: fourOf(CLOSE + 1),
  feature: fourOf(QUOTE + 1),
  client: fourOf(BLANK + 1),
  tail: fourOf(NEWLINE + 1),
} as const;

/** What a fast line was. */
export const fastLine = { seat: 1, slog: 2 } as const;

/**
 * Reads the two kinds of lines that logs are made of, seat events and statistics, straight from their bytes, mostly
 * four at a time: no string, no object a line. It reads a line as `parseDebugLogLine` does or not at all; a test holds
 * the two together.
 */
export class FastLines {
  readonly #names: LogNames;
  readonly #timeline: Timeline;
  readonly #clock = new LineClock();
  readonly #nameEnds = new NameEnds();
  #bytes: Buffer = Buffer.alloc(0);
  #view = viewOf(this.#bytes);
  /** Behind what was read last. */
  #at = 0;
  #daemon = 0;
  #daemonStart = 0;
  #daemonEnd = 0;
  /** What the last line was. */
  kind = 0;

  constructor(names: LogNames, timeline: Timeline) {
    this.#names = names;
    this.#timeline = timeline;
  }

  /** Lines are read of these bytes from now on; behind the last newline stand `BYTES_BEHIND` more. */
  open(bytes: Buffer): void {
    this.#bytes = bytes;
    this.#view = viewOf(bytes);
    this.#clock.open(bytes, this.#view);
  }

  /** Stamps of this date (20260309) and zone (minutes east; NaN for none) go on as dated. */
  knowStamp(date: number, zone: number): void {
    this.#clock.knowStamp(date, zone);
  }

  /** Where the next line begins, or NOT_FAST. `line` is the number of the line. */
  read(start: number, line: number): number {
    const view = this.#view;
    const timeEnd = this.#clock.read(start);
    if (timeEnd < 0) return NOT_FAST;
    const at = this.#readDaemon(timeEnd);
    if (at < 0) return NOT_FAST;
    const word = view.getInt32(at, true);
    if (word === OUT) {
      if (view.getInt16(at + 4, true) !== BLANK_QUOTE) return NOT_FAST;
      return this.#readSeat(start, at + 6, logEvent.out, line);
    }
    if (word === IN) {
      if (view.getUint8(at + 4) !== QUOTE) return NOT_FAST;
      return this.#readSeat(start, at + 5, logEvent.in, line);
    }
    if (word === DENIED[0]) {
      const isDenied = view.getInt32(at + 4, true) === DENIED[1] && view.getUint8(at + 8) === QUOTE;
      return isDenied ? this.#readSeat(start, at + 9, logEvent.denied, line) : NOT_FAST;
    }
    return (word & 0xff) === OPEN ? this.#readSlog(at, line) : NOT_FAST;
  }

  /** Where ` (daemon) ` ends that begins with the blank. */
  #readDaemon(blank: number): number {
    const view = this.#view;
    if (view.getUint8(blank) !== BLANK || view.getUint8(blank + 1) !== OPEN) return NOT_FAST;
    const start = blank + 2;
    const end = this.#nameEnds.endOf(view, start, ends.daemon);
    if (end === start || view.getUint8(end) !== CLOSE || view.getUint8(end + 1) !== BLANK) {
      return NOT_FAST;
    }
    const { daemons } = this.#names;
    const daemon = daemons.idOf(view, start, end - start, this.#nameEnds.hash, 0);
    if (!daemons.isMarked(daemon)) {
      if (this.#bytes.subarray(start, end).includes(BRACKET)) return NOT_FAST;
      daemons.mark(daemon);
    }
    this.#daemon = daemon;
    this.#daemonStart = start;
    this.#daemonEnd = end;
    return end + 2;
  }

  /** `(@acmed-SLOG@) ...` of the daemon that writes. */
  #readSlog(open: number, line: number): number {
    const bytes = this.#bytes;
    if (bytes[open + 1] !== AT) return NOT_FAST;
    let at = open + 2;
    for (let own = this.#daemonStart; own < this.#daemonEnd; own++) {
      if (bytes[at++] !== bytes[own]) return NOT_FAST;
    }
    if (this.#view.getInt32(at, true) !== SLOG[0]) return NOT_FAST;
    if ((this.#view.getInt32(at + 4, true) & 0xffffff) !== SLOG[1]) return NOT_FAST;
    const end = bytes.indexOf(NEWLINE, at);
    this.kind = fastLine.slog;
    this.#timeline.tick(this.#clock.second, line);
    return end + 1;
  }

  #readSeat(start: number, featureStart: number, kind: number, line: number): number {
    const view = this.#view;
    const names = this.#names;
    const end = this.#nameEnds.endOf(view, featureStart, ends.feature);
    if (end === featureStart || view.getInt16(end, true) !== QUOTE_BLANK) return NOT_FAST;
    const daemon = names.baseOf(this.#daemon);
    const { hash } = this.#nameEnds;
    const feature = names.features.idOf(view, featureStart, end - featureStart, hash, daemon);
    const client = this.#readClient(end + 2);
    if (client < 0) return NOT_FAST;
    return this.#readEnd(start, kind, feature, client, line);
  }

  /** The number of the client that begins at `start`; leaves its end in `#at`. */
  #readClient(start: number): number {
    const { clients } = this.#names;
    const end = this.#nameEnds.endOf(this.#view, start, ends.client);
    const client = clients.find(this.#view, start, end - start, this.#nameEnds.hash, 0);
    this.#at = end;
    return client >= 0 && clients.isMarked(client) ? client : this.#readNewClient(start);
  }

  /** Up to a blank behind the host, and without what may mean something else. */
  #readNewClient(start: number): number {
    const bytes = this.#bytes;
    let at = start;
    let host = false;
    for (;;) {
      const byte = bytes[at]!;
      if (byte <= BLANK) {
        if (byte !== BLANK || host) break;
      } else if (byte === AT) host = true;
      else if (byte === QUOTE || byte === OPEN || byte === CLOSE) return NOT_FAST;
      else if (byte === BRACKET || byte === CARET) return NOT_FAST;
      at++;
    }
    if (!host || at - start > LINE_BYTES_MAX) return NOT_FAST;
    const { clients } = this.#names;
    const hash = hashOf(this.#view, start, at - start);
    const client = clients.idOf(this.#view, start, at - start, hash, 0);
    clients.mark(client);
    this.#at = at;
    return client;
  }

  /** What stands behind the client. */
  #readEnd(start: number, kind: number, feature: number, client: number, line: number): number {
    const bytes = this.#bytes;
    const clientEnd = this.#at;
    let at = clientEnd;
    while (bytes[at] === BLANK) at++;
    let count = 1;
    let reason = 0;
    let next = behindLine(bytes, at);
    if (next === NOT_FAST) {
      // Without a blank between, it belongs to the client.
      const tail = at === clientEnd ? NOT_FAST : this.#readTail(start, at, kind, client);
      if (tail === NOT_FAST) return NOT_FAST;
      count = this.#names.tailCount(tail);
      reason = this.#names.tailReason(tail);
      next = this.#at;
    }
    if (next - start > LINE_BYTES_MAX) return NOT_FAST;
    this.kind = fastLine.seat;
    this.#timeline.tick(this.#clock.second, line);
    this.#timeline.add(kind, feature, client, count, reason, line);
    return next;
  }

  /** The number of all that follows up to the end of the line. Leaves the begin of the next line in `#at`. */
  #readTail(start: number, from: number, kind: number, client: number): number {
    const names = this.#names;
    const end = this.#nameEnds.endOf(this.#view, from, ends.tail);
    if (end - from > TAIL_BYTES_MAX || this.#bytes[end] !== NEWLINE) return NOT_FAST;
    if (!names.learnsTails) return NOT_FAST;
    const tail = names.tails.idOf(this.#view, from, end - from, this.#nameEnds.hash, kind);
    if (tail >= names.tailsLearned) names.learn(tail, this.#bytes.subarray(start, end), client);
    this.#at = end + 1;
    return names.tailReason(tail) < 0 ? NOT_FAST : tail;
  }
}
