import type { EpochMs } from '../base/clock.ts';
import { KnownError } from '../base/errors.ts';
import { parseDuration } from '../base/time-words.ts';
import { borrowEnd } from '../domain/license/borrow-end.ts';
import { printDate } from '../domain/license/dates.ts';
import type { CalendarDate } from '../domain/license/model.ts';

/** When a borrow is to end: after a time, or at a time on the daemon's clock, as lmborrow writes it. */
export type BorrowEnd =
  | { readonly kind: 'after'; readonly seconds: number }
  | { readonly kind: 'at'; readonly text: string };

/** The fields of a borrow message that say when it ends. */
export function borrowFields(end: BorrowEnd): { readonly seconds: number; readonly end: string } {
  return end.kind === 'after' ? { seconds: end.seconds, end: '' } : { seconds: 0, end: end.text };
}

/** As lmborrow writes it, of a day and a time that there are. */
export function isFlexnetEnd(text: string): boolean {
  return borrowEnd(text, 'UTC') !== undefined;
}

const isoForm = /^(\d{4})-(\d{2})-(\d{2})(?:[T ](\d{2}:\d{2}))?$/;

/**
 * Reads `20h` or `3d`, `9-mar-2031` or `9-mar-2031:18:30` as lmborrow does, or `2031-03-09T18:30`. A day without a
 * time ends at 23:59. Whether it is to come is the daemon's business, by its clock.
 * @throws KnownError USAGE for anything else; `where` says what was read.
 */
export function parseBorrowEnd(text: string, where: string): BorrowEnd {
  if (isFlexnetEnd(text)) return { kind: 'at', text };
  const iso = isoForm.exec(text);
  if (iso !== null) {
    const [, year, month, day, time] = iso;
    const date = { year: Number(year), month: Number(month), day: Number(day) };
    const named = date.month >= 1 && date.month <= 12 ? endText(date, time) : '';
    if (isFlexnetEnd(named)) return { kind: 'at', text: named };
  }
  if (!/^\d/.test(text) || text.includes('-')) throw noEnd(text, where);
  const seconds = Math.ceil(parseDuration(text, where) / 1000);
  if (seconds === 0) throw noEnd(text, where);
  return { kind: 'after', seconds };
}

function endText(date: CalendarDate, time: string | undefined): string {
  return time === undefined ? printDate(date) : `${printDate(date)}:${time}`;
}

function noEnd(text: string, where: string): KnownError {
  const got = text.length > 60 ? `${text.slice(0, 57)}...` : text;
  const expected = 'a duration such as 20h or 3d, or an end such as 9-mar-2031:18:30';
  return new KnownError('USAGE', `${where}: expected ${expected}, got "${got}"`);
}

/** What LM_BORROW asks for: that checkouts of one vendor, or of all, are borrows until an end. */
export interface BorrowWish {
  /** In lower case; `all` for every vendor. */
  readonly vendor: string;
  readonly end: BorrowEnd;
}

/**
 * Reads `3-mar-2031:acmed:9-mar-2031:18:30`: the day on which it holds, whose licenses, until when. Undefined when it
 * is not set, not today's, or makes no sense. Source: EUG10 ch. 8; LAG, "Initiating License Borrowing".
 */
export function parseBorrowWish(text: string | undefined, now: EpochMs): BorrowWish | undefined {
  const [, day = '', vendor = '', end = ''] =
    /^(\d{1,2}-[a-z]{3}-\d{4}):([^:]+):(.+)$/i.exec(text?.trim() ?? '') ?? [];
  if (!isFlexnetEnd(end) || day.toLowerCase().replace(/^0/, '') !== todayText(now))
    return undefined;
  return { vendor: vendor.toLowerCase(), end: { kind: 'at', text: end } };
}

/** The machine's day, as LM_BORROW names it; a leading zero is left out. */
export function todayText(now: EpochMs): string {
  const date = new Date(now);
  const today = { year: date.getFullYear(), month: date.getMonth() + 1, day: date.getDate() };
  return printDate(today);
}
