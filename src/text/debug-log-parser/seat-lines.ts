import { readCodedError } from '../lmstat-parser/errors.ts';
import type { ParsedError } from '../lmstat-parser/parsed.ts';
import { readOldSeatLine } from './old-lines.ts';
import type { ParsedSeat, SeatEvent } from './parsed.ts';
import { cutVerbose } from './verbose.ts';

/** `OUT`, `IN` and the rest of a seat's line; undefined when it is none, or none that makes sense. */
export function readSeatLine(text: string): SeatEvent | undefined {
  const colon = text.indexOf(': ');
  const word = text.slice(0, Math.max(colon, 0));
  if (!Object.hasOwn(seatKinds, word)) return undefined;
  const { line, verbose } = cutVerbose(text.slice(colon + 2));
  // Old lines have no quotes, and a word before the client that would pass for a part of its name.
  const old = line.startsWith('"') ? undefined : readOldSeatLine(word, line);
  const event = old ?? seatKinds[word]!(line);
  return event && (verbose ? { ...event, verbose } : event);
}

const seatKinds: Readonly<Record<string, (rest: string) => SeatEvent | undefined>> = {
  OUT: (rest) => plain('out', rest),
  QUEUED: (rest) => plain('queued', rest),
  DEQUEUED: (rest) => plain('dequeued', rest),
  IN: (rest) => {
    const text = rest.trimEnd();
    const reason = inReasons.find((each) => text.endsWith(`(${each})`));
    if (reason === undefined) return plain('in', rest);
    const seat = readSeat(text.slice(0, -reason.length - 2));
    return seat && { kind: 'in', ...seat, reason };
  },
  DENIED: (rest) =>
    readRefused(rest, readSeat, (seat, why) => ({ kind: 'denied', ...seat, ...why })),
  UNSUPPORTED: (rest) =>
    readRefused(rest, readKeyed, (seat, why) => ({ kind: 'unsupported', ...seat, ...why })),
  'IN server died': () => undefined,
};

const inReasons = ['SHUTDOWN', 'INACTIVE'] as const;

/** `"solve" (PORT_AT_HOST_PLUS   ) ann@ws1` */
function readKeyed(rest: string): (ParsedSeat & { readonly key: string }) | undefined {
  const { feature, behind } = cutFeature(rest);
  const end = behind.indexOf(') ');
  if (!behind.startsWith('(') || end < 0) return undefined;
  const client = readClient(behind.slice(end + 2));
  return client && { feature, ...client, key: behind.slice(1, end) };
}

function plain(kind: 'out' | 'in' | 'queued' | 'dequeued', rest: string): SeatEvent | undefined {
  const seat = readSeat(rest);
  return seat && { kind, ...seat };
}

/** `"solve" ann@ws1  [data] (7 licenses) ` */
function readSeat(rest: string): ParsedSeat | undefined {
  const { feature, behind } = cutFeature(rest);
  const client = feature === '' ? undefined : readClient(behind);
  return client && { feature, ...client };
}

/** The feature, in quotes (up to a quote and a blank) or as one word, and what stands behind it. */
function cutFeature(rest: string): { readonly feature: string; readonly behind: string } {
  const isQuoted = rest.startsWith('"');
  const end = rest.indexOf(isQuoted ? '" ' : ' ', 1);
  if (end < 0) return { feature: '', behind: '' };
  return isQuoted
    ? { feature: rest.slice(1, end), behind: rest.slice(end + 2) }
    : { feature: rest.slice(0, end), behind: rest.slice(end + 1) };
}

/** Data in brackets and a count. */
const tailPattern = /^(?:\[(.*)\])? ?(?:\((\d{1,9}) licenses?\))?$/;
/** Words with an @ in one line: a line with more is none of a daemon's. */
const CLIENTS_MAX = 16;

/**
 * `ann@ws1` and what follows. Users may have blanks and @ in their names, hosts have neither: the host is behind
 * the last @ of the first word that has one and is followed by nothing but data and a count.
 */
function readClient(text: string): Omit<ParsedSeat, 'feature'> | undefined {
  let at = text.indexOf('@');
  for (let tries = 0; at >= 0 && tries < CLIENTS_MAX; tries++) {
    const blank = text.indexOf(' ', at);
    const end = blank < 0 ? text.length : blank;
    const tail = tailPattern.exec(text.slice(end).trim());
    if (tail) {
      const cut = text.lastIndexOf('@', end - 1);
      const [, data, count = '1'] = tail;
      const client = { user: text.slice(0, cut), host: text.slice(cut + 1, end) };
      return { ...client, count: Number(count), ...(data === undefined ? {} : { data }) };
    }
    at = text.indexOf('@', end);
  }
  return undefined;
}

/** Brackets behind a client that are looked at; only checkout data can have more. */
const BRACKETS_MAX = 16;

/**
 * A line that ends with a reason, `(Licensed number of users already reached. (-4,342))`: it begins at the last
 * bracket that leaves a whole client before it. The reason may be missing.
 */
function readRefused<Seat>(
  rest: string,
  read: (before: string) => Seat | undefined,
  make: (seat: Seat, why: { readonly error?: ParsedError }) => SeatEvent,
): SeatEvent | undefined {
  const text = rest.trimEnd();
  let start = text.lastIndexOf(' (');
  for (let tries = 0; start >= 0 && tries < BRACKETS_MAX; tries++) {
    const error = text.endsWith('))') ? readReason(text.slice(start + 1)) : undefined;
    const seat = error && read(rest.slice(0, start));
    if (error && seat) return make(seat, { error });
    start = start === 0 ? -1 : text.lastIndexOf(' (', start - 1);
  }
  const seat = read(rest);
  return seat && make(seat, {});
}

/** A reason in its brackets. */
export function readReason(text: string): ParsedError | undefined {
  return text.startsWith('(') && text.endsWith(')') ? readCodedError(text.slice(1, -1)) : undefined;
}
