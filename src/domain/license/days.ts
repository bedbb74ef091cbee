import type { EpochMs } from '../../base/clock.ts';
import { instantOf } from '../../base/time-zone.ts';
import { nextDay } from './dates.ts';
import type { CalendarDate } from './model.ts';

/**
 * The first instant of a day in an IANA time zone, or in the host's own when `timeZone` is
 * undefined; where midnight is skipped by daylight saving, the instant the clocks go to.
 * @throws KnownError USAGE if there is no such time zone.
 */
export function startOfDay(date: CalendarDate, timeZone?: string): EpochMs {
  return instantOf(date, timeZone);
}

/**
 * The first instant after a day: a license that expires on it is valid until then.
 * Source: License Administration Guide, "FEATURE and INCREMENT Lines": through the end of that day.
 * @throws KnownError USAGE if there is no such time zone.
 */
export function endOfDay(date: CalendarDate, timeZone?: string): EpochMs {
  return startOfDay(nextDay(date), timeZone);
}
