import type { EpochMs } from '../../base/clock.ts';
import { KnownError } from '../../base/errors.ts';
import { nextDay } from './dates.ts';
import type { CalendarDate } from './model.ts';

/** No zone is further from UTC than 14 hours; history has seen almost 16. */
const OFFSET_MS_MAX = 16 * 60 * 60 * 1000;
/** Zones kept ready: making a formatter costs more than a thousand uses of it. */
const ZONES_KEPT_MAX = 64;

/**
 * The first instant of a day in an IANA time zone, or in the host's own when `timeZone` is
 * undefined; where midnight is skipped by daylight saving, the instant the clocks go to.
 * @throws KnownError USAGE if there is no such time zone.
 */
export function startOfDay(date: CalendarDate, timeZone?: string): EpochMs {
  return timeZone === undefined ? startOfHostDay(date) : startOfZoneDay(date, timeZone);
}

/**
 * The first instant after a day: a license that expires on it is valid until then.
 * Source: License Administration Guide, "FEATURE and INCREMENT Lines": through the end of that day.
 * @throws KnownError USAGE if there is no such time zone.
 */
export function endOfDay(date: CalendarDate, timeZone?: string): EpochMs {
  return startOfDay(nextDay(date), timeZone);
}

function startOfHostDay(date: CalendarDate): EpochMs {
  // The constructor takes years under 100 for 19xx, so the year is set apart.
  const midnight = new Date(2000, 0, 1);
  midnight.setFullYear(date.year, date.month - 1, date.day);
  return midnight.getTime();
}

/** Milliseconds of the wall clock, counted as if it were UTC. */
function wallMidnight(date: CalendarDate): number {
  return new Date(0).setUTCFullYear(date.year, date.month - 1, date.day);
}

function startOfZoneDay(date: CalendarDate, timeZone: string): EpochMs {
  const zone = zoneOf(timeZone);
  const midnight = wallMidnight(date);
  const before = midnight - OFFSET_MS_MAX;
  const after = midnight + OFFSET_MS_MAX;
  const offset = wallOf(zone, before) - before;
  if (wallOf(zone, after) - after === offset) return midnight - offset;
  return firstAtOrAfter(zone, midnight, before, after);
}

/**
 * Looks for the instant at which the wall clock reaches `wall`, known to be between `from` and
 * `to`.
 */
function firstAtOrAfter(
  zone: Intl.DateTimeFormat,
  wall: number,
  from: number,
  to: number,
): EpochMs {
  let early = from;
  let late = to;
  while (late - early > 1) {
    const middle = Math.floor((early + late) / 2);
    if (wallOf(zone, middle) >= wall) late = middle;
    else early = middle;
  }
  return late;
}

/** The wall clock of a zone at an instant, in milliseconds as if it were UTC. */
function wallOf(zone: Intl.DateTimeFormat, at: EpochMs): number {
  const fields = { year: 0, month: 1, day: 1, hour: 0, minute: 0, second: 0 };
  let beforeChrist = false;
  for (const { type, value } of zone.formatToParts(at)) {
    if (type in fields) fields[type as keyof typeof fields] = Number(value);
    if (type === 'era') beforeChrist = value.startsWith('B');
  }
  const { year, month, day, hour, minute, second } = fields;
  const wall = new Date(0);
  wall.setUTCFullYear(beforeChrist ? 1 - year : year, month - 1, day);
  return wall.setUTCHours(hour, minute, second, ((at % 1000) + 1000) % 1000);
}

const zones = new Map<string, Intl.DateTimeFormat>();

function zoneOf(timeZone: string): Intl.DateTimeFormat {
  const known = zones.get(timeZone);
  if (known) return known;
  const zone = makeZone(timeZone);
  if (zones.size >= ZONES_KEPT_MAX) zones.clear();
  zones.set(timeZone, zone);
  return zone;
}

function makeZone(timeZone: string): Intl.DateTimeFormat {
  try {
    return new Intl.DateTimeFormat('en-US', {
      timeZone,
      calendar: 'gregory',
      numberingSystem: 'latn',
      hourCycle: 'h23',
      era: 'short',
      year: 'numeric',
      month: 'numeric',
      day: 'numeric',
      hour: 'numeric',
      minute: 'numeric',
      second: 'numeric',
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
