import type { EpochMs } from './clock.ts';
import { KnownError } from './errors.ts';

/** No zone is further from UTC than 14 hours; history has seen almost 16. */
const OFFSET_MS_MAX = 16 * 60 * 60 * 1000;
/** Zones kept ready: making a formatter costs more than a thousand uses of it. */
const ZONES_KEPT_MAX = 64;

/** What a clock on the wall shows; what is left out is 0. Months count from 1. */
export interface WallTime {
  readonly year: number;
  readonly month: number;
  readonly day: number;
  readonly hour?: number;
  readonly minute?: number;
  readonly second?: number;
  readonly ms?: number;
}

/**
 * The first instant at which the clocks of an IANA time zone, or of the host's own when `timeZone` is undefined,
 * show this; where daylight saving skips it, the instant the clocks go to.
 * @throws KnownError USAGE if there is no such time zone.
 */
export function instantOf(time: WallTime, timeZone?: string): EpochMs {
  return timeZone === undefined ? hostInstant(time) : zoneInstant(time, timeZone);
}

function hostInstant(time: WallTime): EpochMs {
  const { year, month, day, hour = 0, minute = 0, second = 0, ms = 0 } = time;
  // The constructor takes years under 100 for 19xx, so the year is set apart.
  const date = new Date(2000, 0, 1, hour, minute, second, ms);
  date.setFullYear(year, month - 1, day);
  if (date.getHours() === hour) return date.getTime();
  // Skipped: Date goes as far behind the gap as the time was in it.
  return zoneInstant(time, new Intl.DateTimeFormat().resolvedOptions().timeZone);
}

/** The first instant of the day after that of `at`, in a zone or the host's own. */
export function startOfNextDay(at: EpochMs, timeZone?: string): EpochMs {
  const zone = timeZone ?? new Intl.DateTimeFormat().resolvedOptions().timeZone;
  const wall = new Date(wallOf(zoneOf(zone), at));
  const [year, month, day] = [wall.getUTCFullYear(), wall.getUTCMonth() + 1, wall.getUTCDate()];
  return instantOf({ year, month, day: day + 1 }, timeZone);
}

/** Milliseconds that the clocks of a time zone, or of the host's own, are ahead of UTC at an instant. */
export function offsetAt(at: EpochMs, timeZone?: string): number {
  if (timeZone === undefined) return -new Date(at).getTimezoneOffset() * 60_000;
  return wallOf(zoneOf(timeZone), at) - at;
}

/** What the wall shows, in milliseconds as if it were UTC. */
export function wallAsUtc({ year, month, day, hour, minute, second, ms }: WallTime): number {
  const date = new Date(0);
  date.setUTCFullYear(year, month - 1, day);
  return date.setUTCHours(hour ?? 0, minute ?? 0, second ?? 0, ms ?? 0);
}

function zoneInstant(time: WallTime, timeZone: string): EpochMs {
  const zone = zoneOf(timeZone);
  const wall = wallAsUtc(time);
  const before = wall - OFFSET_MS_MAX;
  const after = wall + OFFSET_MS_MAX;
  const offset = wallOf(zone, before) - before;
  if (wallOf(zone, after) - after === offset) return wall - offset;
  return firstAtOrAfter(zone, wall, before, after);
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
  const year = beforeChrist ? 1 - fields.year : fields.year;
  return wallAsUtc({ ...fields, year, ms: ((at % 1000) + 1000) % 1000 });
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

/** @throws KnownError USAGE for a name that no time zone has; `where` says what was read */
export function checkTimeZone(name: string, where: string): void {
  try {
    new Intl.DateTimeFormat('en', { timeZone: name });
  } catch {
    const text = `${where}: expected an IANA name such as Europe/Berlin, got "${name}"`;
    throw new KnownError('USAGE', text);
  }
}
