import { monthNames, weekdayNames } from '../../base/local-time.ts';
import type { ParsedExpiry } from './parsed.ts';

const DAY_MS = 86_400_000;

/** Days since 1970 of a date that exists; else undefined. */
function dayNumber(year: number, month: number, day: number): number | undefined {
  const at = Date.UTC(year, month - 1, day);
  const date = new Date(at);
  // Years below 100 are another century to Date.UTC; a 30th of February moves on.
  const exists = date.getUTCFullYear() === year && date.getUTCMonth() === month - 1;
  return exists && date.getUTCDate() === day ? at / DAY_MS : undefined;
}

function isoDay(year: number, month: number, day: number): string {
  return `${pad(year, 4)}-${pad(month, 2)}-${pad(day, 2)}`;
}

function pad(value: number, width: number): string {
  return `${value}`.padStart(width, '0');
}

/** When a report was made. */
export interface ReportTime {
  /** `2026-03-09T09:05` */
  readonly text: string;
  readonly year: number;
  /** Days since 1970. */
  readonly day: number;
}

const stampPattern = /^[A-Za-z]{3} (\d{1,2})\/(\d{1,2})\/(\d{4}) (\d{1,2}):(\d{2})(?::(\d{2}))?$/;

/** `Mon 3/9/2026 09:05`; undefined when it is no such stamp. */
export function readReportTime(text: string): ReportTime | undefined {
  const found = stampPattern.exec(text);
  if (!found) return undefined;
  const [month, day, year, hour, minute] = found.slice(1, 6).map(Number) as Five;
  const number = dayNumber(year, month, day);
  if (number === undefined || hour > 23 || minute > 59) return undefined;
  const iso = `${isoDay(year, month, day)}T${pad(hour, 2)}:${pad(minute, 2)}`;
  return { text: iso, year, day: number };
}

type Five = [number, number, number, number, number];

/** When a seat went out, as lmstat tells it: without the year. */
export interface StartParts {
  readonly weekday: string;
  readonly month: number;
  readonly day: number;
  readonly hour: number;
  readonly minute: number;
  /** Only -asec has seconds. */
  readonly second: number | undefined;
}

/** A start later than the report by more than this many days is of another year: clocks differ. */
const AHEAD_DAYS_MAX = 7;
/** Weekdays of the calendar repeat after 28 years. */
const YEARS_BACK_MAX = 28;

/**
 * A start with its year: the latest in which that day was that weekday and not after the report. Undefined
 * when there is none (the calendar repeats after 28 years).
 */
export function startWithYear(start: StartParts, report: ReportTime): string | undefined {
  const weekday = (weekdayNames as readonly string[]).indexOf(start.weekday);
  const { month, day, hour, minute, second } = start;
  if (weekday < 0 || hour > 23 || minute > 59 || (second ?? 0) > 59) return undefined;
  for (let year = report.year + 1; year > report.year - YEARS_BACK_MAX; year--) {
    const number = dayNumber(year, month, day);
    if (number === undefined || number > report.day + AHEAD_DAYS_MAX) continue;
    if (new Date(number * DAY_MS).getUTCDay() !== weekday) continue;
    const seconds = second === undefined ? '' : `:${pad(second, 2)}`;
    return `${isoDay(year, month, day)}T${pad(hour, 2)}:${pad(minute, 2)}${seconds}`;
  }
  return undefined;
}

const months = monthNames.map((name) => name.toLowerCase());

/**
 * An expiry as lmstat spells it. Never is `permanent(no expiration date)`, in old releases `permanent`, or
 * any date of the year 0: `1-jan-0`, `01-jan-0000`.
 */
export function readExpiry(text: string): ParsedExpiry {
  const [, day, name = '', year] = /^(\d{1,2})-([A-Za-z]{3})-(\d{1,4})$/.exec(text) ?? [];
  const month = months.indexOf(name.toLowerCase()) + 1;
  if (month === 0) return { text, never: /^permanent\b/i.test(text) };
  if (Number(year) === 0) return { text, never: true };
  const exists = dayNumber(Number(year), month, Number(day)) !== undefined;
  return exists
    ? { text, never: false, date: isoDay(Number(year), month, Number(day)) }
    : { text, never: false };
}
