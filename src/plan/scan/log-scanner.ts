import { limits } from '../../base/limits.ts';
import type {
  ParsedEvent,
  ParsedLogLine,
  ParsedPrefix,
  ParsedSeat,
} from '../../text/debug-log-parser/parsed.ts';
import { DebugLogReader } from '../../text/debug-log-parser/reader.ts';
import { textOfBytes } from './byte-names.ts';
import { BYTES_BEHIND, withBytesBehind } from './byte-words.ts';
import { NEWLINE, NOT_FAST } from './bytes.ts';
import { FastLines, fastLine } from './fast-lines.ts';
import { dateOf, type LineDate, secondOf } from './line-dates.ts';
import { type LogNames, reasonOf } from './log-names.ts';
import { LineCounts } from './log-quality.ts';
import { type LogEventName, logEvent, SEAT_EVENTS_END } from './seat-block.ts';
import type { Timeline } from './timeline.ts';

/** Facts of a log that are no seat events, for who wants to know. */
export type ToldFact = (event: ParsedEvent, prefix: ParsedPrefix | undefined, line: number) => void;

/**
 * Reads a debug log from its bytes, in chunks as they come, and puts what it tells on a timeline. Ordinary lines are
 * read by `FastLines`, all others by the parser of `text/`; what is neither understood nor known to tell nothing is
 * counted and listed. Keeps no more of the log than one line.
 */
export class LogScanner {
  readonly counts = new LineCounts();
  readonly #names: LogNames;
  readonly #timeline: Timeline;
  readonly #fast: FastLines;
  readonly #reader = new DebugLogReader();
  readonly #told: ToldFact;
  /** The begin of a line whose end has not come yet. */
  #rest = Buffer.alloc(0);
  #bytesBefore = 0;
  #year = Number.NaN;
  #fastSeats = 0;
  #fastSlogs = 0;

  constructor(names: LogNames, timeline: Timeline, told: ToldFact = () => {}) {
    this.#names = names;
    this.#timeline = timeline;
    this.#fast = new FastLines(names, timeline);
    this.#told = told;
  }

  /** Takes the next bytes of the log; they may change afterwards. */
  push(chunk: Buffer): void {
    const first = chunk.indexOf(NEWLINE);
    if (first < 0) return this.#keep(chunk);
    let from = 0;
    if (this.#rest.length > 0) {
      from = first + 1;
      this.#copiedLines(this.#rest, chunk.subarray(0, from));
      this.#rest = Buffer.alloc(0);
    }
    // Nothing of the chunk lies behind its last lines.
    const near = chunk.subarray(0, Math.max(from, chunk.length - BYTES_BEHIND));
    const safe = Math.max(from, near.lastIndexOf(NEWLINE) + 1);
    this.#lines(chunk, from, safe);
    const end = chunk.lastIndexOf(NEWLINE) + 1;
    if (end > safe) this.#copiedLines(chunk.subarray(safe, end));
    if (end < chunk.length) this.#keep(chunk.subarray(end));
  }

  /** The log ends here; its last line may lack its end. */
  end(): void {
    if (this.#rest.length > 0) this.#copiedLines(this.#rest, Buffer.from('\n'));
    this.#rest = Buffer.alloc(0);
    this.#timeline.end(this.counts.lines);
    this.#settleCounts();
  }

  #copiedLines(...parts: readonly Buffer[]): void {
    const copy = withBytesBehind(...parts);
    this.#lines(copy, 0, copy.length - BYTES_BEHIND);
  }

  /** A line that is longer than any of FlexNet's is not kept whole. */
  #keep(bytes: Buffer): void {
    const room = Math.max(0, limits.lineCharactersMax + 1 - this.#rest.length);
    this.#bytesBefore += Math.max(0, bytes.length - room);
    this.#rest = Buffer.concat([this.#rest, bytes.subarray(0, room)]);
  }

  #lines(bytes: Buffer, from: number, to: number): void {
    if (from === to) return;
    const fast = this.#fast;
    const { counts } = this;
    fast.open(bytes);
    let wasFast = false;
    let at = from;
    while (at < to) {
      counts.lines++;
      let next = fast.read(at, counts.lines);
      if (next !== NOT_FAST) {
        if (fast.kind === fastLine.seat) this.#fastSeats++;
        else this.#fastSlogs++;
        wasFast = true;
      } else {
        if (wasFast) this.#reader.interrupt();
        wasFast = false;
        next = bytes.indexOf(NEWLINE, at) + 1;
        this.#slowLine(bytes.subarray(at, next - 1), this.#bytesBefore + at - from);
      }
      at = next;
    }
    if (wasFast) this.#reader.interrupt();
    this.#bytesBefore += to - from;
  }

  #settleCounts(): void {
    this.counts.understood += this.#fastSeats;
    this.counts.ignored += this.#fastSlogs;
    this.#fastSeats = 0;
    this.#fastSlogs = 0;
  }

  #slowLine(bytes: Buffer, position: number): void {
    const { counts } = this;
    const parsed = this.#reader.read(textOfBytes(bytes));
    const { event, prefix } = parsed;
    if (prefix) this.#tick(parsed, prefix);
    if (event.kind === 'unknown') {
      counts.addStrange(counts.lines, position, event.text);
    } else if (event.kind === 'chatter' || event.kind === 'slog') {
      counts.ignored++;
    } else {
      counts.understood++;
      this.#fact(event, prefix, bytes);
    }
  }

  #tick(parsed: ParsedLogLine, prefix: ParsedPrefix): void {
    const second = secondOf(prefix);
    if (second === undefined) return;
    this.#timeline.tick(second, this.counts.lines);
    const date = dateOf(parsed, this.#year);
    if (date === undefined) return;
    if (!Number.isNaN(date.year)) this.#year = date.year;
    this.#date(date);
  }

  #date({ day, zone, stamp }: LineDate): void {
    this.#timeline.date(day, this.counts.lines, zone);
    if (stamp !== undefined) this.#fast.knowStamp(stamp, zone ?? Number.NaN);
  }

  #fact(event: ParsedEvent, prefix: ParsedPrefix | undefined, bytes: Buffer): void {
    const kind = logEvent[event.kind as LogEventName];
    if (kind !== undefined && kind < SEAT_EVENTS_END && 'user' in event && 'count' in event) {
      return this.#seat(kind, event as ParsedSeat & ParsedEvent, prefix, bytes);
    }
    if (event.kind === 'reason') this.#completeDenial(event);
    else if (event.kind === 'daemonRelease' && prefix) this.#mark(logEvent.started, prefix.daemon);
    else if (event.kind === 'daemonStarted') this.#mark(logEvent.started, event.vendor);
    else if (event.kind === 'exiting' && prefix) this.#mark(logEvent.stopped, prefix.daemon);
    else if (event.kind === 'daemonExited') this.#mark(logEvent.stopped, event.vendor);
    this.#told(event, prefix, this.counts.lines);
  }

  #seat(
    kind: number,
    event: ParsedSeat & ParsedEvent,
    prefix: ParsedPrefix | undefined,
    bytes: Buffer,
  ): void {
    const names = this.#names;
    const daemon = names.baseOf(names.daemons.idOfText(prefix?.daemon ?? '', 0));
    // As in the log, so that who is named in both kinds of lines has one number.
    const isUtf8 = textOfBytes(bytes) === bytes.toString();
    const encoded = (text: string): Buffer => Buffer.from(text, isUtf8 ? 'utf8' : 'latin1');
    const feature = names.features.idOfBytes(encoded(event.feature), daemon);
    const client = names.clients.idOfBytes(encoded(`${event.user}@${event.host}`), 0);
    const reason = names.reasonId(reasonOf(event));
    this.#timeline.add(kind, feature, client, event.count, reason, this.counts.lines);
  }

  /** Some copies of logs have the reason of a denial on a line of its own. */
  #completeDenial(event: ParsedEvent & { readonly kind: 'reason' }): void {
    const { block } = this.#timeline;
    const last = block.size - 1;
    if (last < 0 || block.kind[last] !== logEvent.denied || block.reason[last] !== 0) return;
    block.reason[last] = this.#names.reasonId(reasonOf({ ...event, kind: 'denied' } as never));
  }

  #mark(kind: number, daemon: string): void {
    const id = this.#names.baseOf(this.#names.daemons.idOfText(daemon, 0));
    this.#timeline.add(kind, -1, id, 0, 0, this.counts.lines);
  }
}
