import type { EpochMs } from '../base/clock.ts';
import {
  blankPaddedTime,
  isoStamp,
  monthDay,
  monthDayYear,
  paddedHourMinute,
} from '../base/local-time.ts';
import type { Refusal } from '../base/refusal.ts';
import { renderLogReason } from './error-message.ts';
import { printable } from './wording.ts';

/**
 * How a line begins: `time` is ` 9:49:41 (acmed) `, `datestamp` is `2026-03-09T09:49:41+01:00 (acmed) `,
 * and `monthDay`, of FLEXlm up to 5, is `3/9 09:49 (acmed) `. Source: License Administration Guide, "Debug
 * Log Messages" (lmgrd -datestamp); older end user manuals; public logs.
 */
export type PrefixStyle = 'time' | 'datestamp' | 'monthDay';

const stampOf: Readonly<Record<PrefixStyle, (at: EpochMs) => string>> = {
  time: blankPaddedTime,
  datestamp: isoStamp,
  monthDay: (at) => `${monthDay(at)} ${paddedHourMinute(at)}`,
};

/** A line's text after its prefix; a bare line has no prefix. */
export type LogText = string | { readonly bare: string };

/** What every line of a daemon starts with, the blank after it included. */
export function logPrefix(at: EpochMs, daemon: string, style: PrefixStyle = 'time'): string {
  return `${stampOf[style](at)} (${daemon}) `;
}

/** Several lines of one daemon at one instant, each ended by a newline. */
export function renderLogLines(
  at: EpochMs,
  daemon: string,
  lines: Iterable<LogText>,
  style: PrefixStyle = 'time',
): string {
  const prefix = logPrefix(at, daemon, style);
  let text = '';
  for (const line of lines)
    text += typeof line === 'string' ? `${prefix}${line}\n` : `${line.bare}\n`;
  return text;
}

/** `ann@ws1`, fit for a line. A connection computes it once and uses it for all its lines. */
export function logClient(user: string, host: string): string {
  return printable(`${user}@${host}`);
}

/** Who has how many of what. */
export interface SeatLine {
  readonly feature: string;
  /** From `logClient`. */
  readonly client: string;
  readonly count: number;
  /** Checkout data of an application that groups by it (DUP_GROUP=V). */
  readonly data?: string;
}

/** Checkout data is told with two blanks before and one after it, or narrowly (11.19). */
export type DataForm = 'wide' | 'narrow';

/**
 * What follows the client: two blanks, whatever comes next; `(7 licenses)` for more than one.
 * Source: public logs of five vendor daemons; how data and a count go together is inferred.
 */
function seatTail({ count, data }: SeatLine, form: DataForm): string {
  if (count === 1 && !data) return '  ';
  const licenses = count === 1 ? '' : `(${count} licenses)`;
  if (!data) return `  ${licenses} `;
  const bracket = `[${printable(data)}]`;
  if (form === 'narrow') return licenses === '' ? ` ${bracket}` : ` ${bracket} ${licenses}`;
  return licenses === '' ? `  ${bracket} ` : `  ${bracket} ${licenses} `;
}

/** `OUT: "solve" ann@ws1  ` */
export function outLine(seat: SeatLine, form: DataForm = 'wide'): string {
  return `OUT: "${seat.feature}" ${seat.client}${seatTail(seat, form)}`;
}

/** Why a seat came back other than by check-in: the daemon stopped, or TIMEOUT reclaimed it. */
export type InReason = 'SHUTDOWN' | 'INACTIVE';

/** `IN: "solve" ann@ws1  `, with a reason `IN: "solve" ann@ws1  (SHUTDOWN)`. */
export function inLine(seat: SeatLine, reason?: InReason, form: DataForm = 'wide'): string {
  const why = reason === undefined ? '' : `(${reason})`;
  return `IN: "${seat.feature}" ${seat.client}${seatTail(seat, form)}${why}`;
}

/** `DENIED: "solve" dan@ws4  (Licensed number of users already reached. (-4,342))` */
export function deniedLine(seat: SeatLine, refusal: Refusal): string {
  const reason = renderLogReason(refusal);
  return `DENIED: "${printable(seat.feature)}" ${seat.client}${seatTail(seat, 'wide')}${reason}`;
}

export interface UnsupportedRequest {
  readonly feature: string;
  readonly client: string;
  /** What stands in for the license key a client names; default as from a `port@host` client. */
  readonly key?: string;
}

/** `UNSUPPORTED: "x" (PORT_AT_HOST_PLUS   ) dan@ws4  (No such feature exists. (-5,346))` */
export function unsupportedLine(request: UnsupportedRequest, refusal: Refusal): string {
  const key = request.key === undefined ? 'PORT_AT_HOST_PLUS   ' : printable(request.key);
  const { feature, client } = request;
  return `UNSUPPORTED: "${printable(feature)}" (${key}) ${client}  ${renderLogReason(refusal)}`;
}

/**
 * `QUEUED: "solve" dan@ws4  `. Source: License Administration Guide; shape inferred from parsers.
 */
export function queuedLine(seat: SeatLine): string {
  return `QUEUED: "${seat.feature}" ${seat.client}${seatTail(seat, 'wide')}`;
}

/** `DEQUEUED: "solve" dan@ws4  ` */
export function dequeuedLine(seat: SeatLine): string {
  return `DEQUEUED: "${seat.feature}" ${seat.client}${seatTail(seat, 'wide')}`;
}

/** `EXPIRED: solve`, at start and at each reread. */
export function expiredLine(feature: string): string {
  return `EXPIRED: ${feature}`;
}

/** `TIMESTAMP 3/9/2026`: the only line that tells the date again. */
export function timestampLine(at: EpochMs): string {
  return `TIMESTAMP ${monthDayYear(at)}`;
}

/** A check-in that failed: two lines, the second indented by a TAB. Source: a public log. */
export function checkinFailedLines(
  feature: string,
  client: { readonly user: string; readonly host: string; readonly display: string },
  refusal: Refusal,
): readonly string[] {
  const who = printable(`${client.user} ${client.host} ${client.display}`);
  const sys = refusal.sys === undefined ? '' : `:${refusal.sys}`;
  return [
    `Checkin failed feature "${printable(feature)}": ${who}`,
    `\t" (${refusal.major},${refusal.minor}${sys} "${printable(refusal.sysText ?? '')}")"`,
  ];
}
