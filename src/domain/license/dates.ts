import type { CalendarDate, Expiry } from './model.ts';

const monthNames = [
  'jan',
  'feb',
  'mar',
  'apr',
  'may',
  'jun',
  'jul',
  'aug',
  'sep',
  'oct',
  'nov',
  'dec',
] as const;

const monthByName = new Map<string, number>(monthNames.map((name, index) => [name, index + 1]));

/**
 * Reads `d[d]-mmm-yyyy`: English month of three letters in any case, year of four digits, a day
 * that exists. Anything else is undefined, such as a localised month (a daemon answers -11) or the
 * year 0 of "never".
 * Source: End User Guide v10, App. B, exp_date; error -11.
 */
export function parseDate(text: string): CalendarDate | undefined {
  const first = text.indexOf('-');
  const second = first + 4;
  if (first < 1 || first > 2 || text.charCodeAt(second) !== 0x2d || text.length !== second + 5) {
    return undefined;
  }
  const day = digits(text, 0, first);
  const month = monthByName.get(text.slice(first + 1, second).toLowerCase());
  const year = digits(text, second + 1, text.length);
  if (month === undefined || year < 1 || day < 1 || day > daysIn(month, year)) return undefined;
  return { year, month, day };
}

/** The way a license generator writes it: `1-jan-2031`. */
export function printDate(date: CalendarDate): string {
  const year = String(date.year).padStart(4, '0');
  return `${date.day}-${monthNames[date.month - 1]}-${year}`;
}

/**
 * Reads an expiry: a date, `permanent` in any case, or a year written `0` to `0000` (with or
 * without day and month), which never comes. Undefined if it is none of them.
 * Source: End User Guide v10, App. B, exp_date.
 */
export function parseExpiry(text: string): Expiry | undefined {
  const date = parseDate(text);
  if (date) return { kind: 'date', text, date };
  if (text.length === PERMANENT.length && text.toLowerCase() === PERMANENT) {
    return { kind: 'permanent', text };
  }
  const year = text.slice(text.lastIndexOf('-') + 1);
  if (year.length < 1 || year.length > 4 || digits(year, 0, year.length) !== 0) return undefined;
  if (year.length === text.length) return { kind: 'permanent', text };
  // The day must be one of its month in some year, so a leap year stands for year 0.
  const dated = parseDate(`${text.slice(0, -year.length)}2000`);
  return dated && { kind: 'permanent', text };
}

const PERMANENT = 'permanent';

/** Orders two days: negative if `a` comes first, 0 if they are the same. */
export function compareDates(a: CalendarDate, b: CalendarDate): number {
  return a.year - b.year || a.month - b.month || a.day - b.day;
}

export function nextDay(date: CalendarDate): CalendarDate {
  const { year, month, day } = date;
  if (day < daysIn(month, year)) return { year, month, day: day + 1 };
  return month < 12 ? { year, month: month + 1, day: 1 } : { year: year + 1, month: 1, day: 1 };
}

/** The number that `text` from `from` to `to` spells in decimal digits, or -1. */
function digits(text: string, from: number, to: number): number {
  let value = 0;
  for (let i = from; i < to; i++) {
    const digit = text.charCodeAt(i) - 0x30;
    if (!(digit >= 0 && digit <= 9)) return -1;
    value = value * 10 + digit;
  }
  return value;
}

function daysIn(month: number, year: number): number {
  if (month === 2) return year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0) ? 29 : 28;
  return month === 4 || month === 6 || month === 9 || month === 11 ? 30 : 31;
}
