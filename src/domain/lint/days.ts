import type { EpochMs } from '../../base/clock.ts';
import { KnownError } from '../../base/errors.ts';
import type { CalendarDate, Expiry } from '../license/model.ts';

/**
 * The day that `now` falls on in a time zone (IANA name; default: the host's own).
 * @throws KnownError USAGE if there is no such time zone.
 */
export function dayIn(now: EpochMs, timeZone?: string): CalendarDate {
  const parts = zoneFormat(timeZone).formatToParts(now);
  const field = (type: string): number =>
    Number(parts.find((part) => part.type === type)?.value ?? Number.NaN);
  return { year: field('year'), month: field('month'), day: field('day') };
}

/** Days since 1970-01-01, to count the days between two. */
export function dayNumber({ year, month, day }: CalendarDate): number {
  // Date.UTC takes years under 100 for 19xx.
  return new Date(0).setUTCFullYear(year, month - 1, day) / 86_400_000;
}

/** The number of the last valid day; undefined if the line never ends. */
export function lastDay(expiry: Expiry): number | undefined {
  return expiry.kind === 'date' ? dayNumber(expiry.date) : undefined;
}

function zoneFormat(timeZone: string | undefined): Intl.DateTimeFormat {
  const zone = timeZone === undefined ? {} : { timeZone };
  try {
    return new Intl.DateTimeFormat('en-US-u-ca-gregory-nu-latn', {
      ...zone,
      year: 'numeric',
      month: 'numeric',
      day: 'numeric',
    });
  } catch (cause) {
    throw new KnownError(
      'USAGE',
      `time zone: expected an IANA name such as Europe/Berlin, got "${timeZone}"`,
      { timeZone },
      { cause },
    );
  }
}
