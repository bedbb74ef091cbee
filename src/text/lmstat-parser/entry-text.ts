import type { ParsedPlace, ParsedUser } from './parsed.ts';
import type { StartParts } from './times.ts';

/** What stands in a user's line or in that of one who waits, the names still in one piece. */
export interface SeatText {
  readonly client: string;
  readonly version: string;
  readonly server: ParsedPlace;
  readonly handle: number;
}

export interface HolderText {
  readonly seat: SeatText;
  readonly startText: string;
  readonly start: StartParts;
  readonly count: number;
  readonly linger: ParsedUser['linger'] | undefined;
  readonly pid: number | undefined;
  readonly project: string | undefined;
}

const START = '), start ';
/** A name that holds `), start ` more often than this makes a line that is not understood. */
const STARTS_MAX = 16;

/** What may follow `, start `, to the end of the line. */
const holderTail = new RegExp(
  [
    /^(([A-Za-z]{3}) (\d{1,2})\/(\d{1,2}) (\d{1,2}):(\d{2})(?::(\d{2}))?)/,
    /(?:, (\d{1,9}) licenses?)?/,
    /(?: {1,2}\(linger: (\d{1,12})(?: \/ (\d{1,12}))?\))?/,
    /(?:, PID: (\d{1,12}))?(?:, project:(?: (.*))?)?$/,
  ]
    .map(({ source }) => source)
    .join(''),
);

/**
 * `ann ws1 :0 (v1.0) (alpha/27000 101), start Mon 3/9 8:49` and what may follow. A line may hold `), start `
 * twice: in a project it comes too late, in a user's name too early; the first that makes sense to the end of
 * the line counts.
 */
export function readHolder(text: string): HolderText | undefined {
  let at = text.indexOf(START);
  for (let tries = 0; at >= 0 && tries < STARTS_MAX; tries++) {
    const tail = holderTail.exec(text.slice(at + START.length));
    const seat = tail ? readSeat(text.slice(0, at)) : undefined;
    if (tail && seat) return holderOf(seat, tail);
    at = text.indexOf(START, at + 1);
  }
  return undefined;
}

function holderOf(seat: SeatText, tail: RegExpExecArray): HolderText {
  const [, startText = '', weekday = '', month, day, hour, minute] = tail;
  const [second, count, first, total, pid, project] = tail.slice(7);
  return {
    seat,
    startText,
    start: {
      weekday,
      month: Number(month),
      day: Number(day),
      hour: Number(hour),
      minute: Number(minute),
      second: second === undefined ? undefined : Number(second),
    },
    count: count === undefined ? 1 : Number(count),
    linger: first === undefined ? undefined : lingerOf(first, total),
    pid: pid === undefined ? undefined : Number(pid),
    project,
  };
}

/** `(linger: 3600)` is the total; `(linger: 600 / 3600)` what remains, and the total. */
function lingerOf(first: string, second: string | undefined): ParsedUser['linger'] {
  if (second === undefined) return { totalSeconds: Number(first) };
  return { totalSeconds: Number(second), remainingSeconds: Number(first) };
}

const QUEUED = ') queued for ';

/** `ben ws2 :0 (v1.0) (alpha/27000 102) queued for 1 license` */
export function readQueued(
  text: string,
): { readonly seat: SeatText; readonly count: number } | undefined {
  const at = text.lastIndexOf(QUEUED);
  if (at < 0) return undefined;
  const count = /^(\d{1,9}) licenses?$/.exec(text.slice(at + QUEUED.length))?.[1];
  const seat = count === undefined ? undefined : readSeat(text.slice(0, at));
  return seat && { seat, count: Number(count) };
}

/** `ann ws1 :0 (v1.0) (alpha/27000 101`, read from its end. */
function readSeat(text: string): SeatText | undefined {
  const placeAt = text.lastIndexOf(' (');
  const [place = '', handle = ''] = cutAtLast(text.slice(placeAt + 2), ' ');
  const names = text.slice(0, Math.max(placeAt, 0));
  const versionAt = names.lastIndexOf(' (');
  if (versionAt < 0 || !names.endsWith(')') || !/^\d{1,15}$/.test(handle)) return undefined;
  const server = readPlace(place);
  const version = names.slice(versionAt + 2, -1).replace(/^v/, '');
  return server && { client: names.slice(0, versionAt), version, server, handle: Number(handle) };
}

/** `alpha/27000` */
function readPlace(text: string): ParsedPlace | undefined {
  const [host, port] = cutAtLast(text, '/');
  if (host === undefined || port === undefined) return undefined;
  return /^\d{1,5}$/.test(port) ? { host, port: Number(port) } : { host };
}

/** What is before and behind the last `mark`. */
function cutAtLast(text: string, mark: string): readonly string[] {
  const at = text.lastIndexOf(mark);
  return at < 0 ? [text] : [text.slice(0, at), text.slice(at + mark.length)];
}

export interface ReservationText {
  readonly count: number;
  readonly type: string;
  readonly name: string;
  readonly server: ParsedPlace;
}

/** `2 RESERVATIONs for GROUP crew (alpha/27000)` */
export function readReservation(text: string): ReservationText | undefined {
  const [, count, type = '', rest = ''] =
    /^(\d{1,9}) RESERVATIONs? for (\S+) (.*)\)$/.exec(text) ?? [];
  const [name, place] = cutAtLast(rest, ' (');
  const server = place === undefined ? undefined : readPlace(place);
  if (count === undefined || name === undefined || !server) return undefined;
  return { count: Number(count), type, name, server };
}
