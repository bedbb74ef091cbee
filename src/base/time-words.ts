import type { EpochMs } from './clock.ts';
import { KnownError } from './errors.ts';
import { limits } from './limits.ts';
import { instantOf, type WallTime, wallAsUtc } from './time-zone.ts';

/** What a letter behind a number stands for, largest first. A day is 24 hours, whatever the clocks on the wall do. */
const units: Readonly<Record<string, number>> = {
  w: 7 * 24 * 3_600_000,
  d: 24 * 3_600_000,
  h: 3_600_000,
  m: 60_000,
  s: 1_000,
  ms: 1,
};

const EXAMPLES = 'a duration such as 500ms, 90s, 2m, 21h, 30d, 1w or 1h30m';

/**
 * Milliseconds of `90s`, `1h30m`, `30d`: numbers each with a unit, none twice, the larger first.
 * @throws KnownError USAGE for anything else, and for more than `limits.durationMsMax`; `where` says what was read.
 */
export function parseDuration(text: string, where = ''): number {
  const prefix = where === '' ? '' : `${where}: `;
  const match = /^(?:(\d+)w)?(?:(\d+)d)?(?:(\d+)h)?(?:(\d+)m(?!s))?(?:(\d+)s)?(?:(\d+)ms)?$/.exec(
    text,
  );
  if (text === '' || text.length > 100 || match === null) {
    throw new KnownError('USAGE', `${prefix}expected ${EXAMPLES}, got "${shortened(text)}"`);
  }
  const sizes = Object.values(units);
  const ms = sizes.reduce((sum, size, index) => sum + Number(match[index + 1] ?? 0) * size, 0);
  if (ms <= limits.durationMsMax) return ms;
  const days = limits.durationMsMax / units['d']!;
  throw new KnownError('USAGE', `${prefix}expected at most ${days}d, got "${shortened(text)}"`);
}

/** Milliseconds as `parseDuration` reads them: `1h30m`; 0 is `0s`. */
export function renderDuration(ms: number): string {
  let rest = ms;
  let text = '';
  for (const [unit, size] of Object.entries(units)) {
    const count = Math.floor(rest / size);
    if (count > 0) text += `${count}${unit}`;
    rest -= count * size;
  }
  return text === '' ? '0s' : text;
}

const isoForm =
  /^(\d{4})-(\d\d)-(\d\d)(?:[T ](\d\d):(\d\d)(?::(\d\d)(?:[.,](\d{1,3})\d*)?)?\s?(Z|[+-]\d\d(?::?\d\d)?)?)?$/i;

/**
 * The instant of an ISO 8601 time (`2030-01-07`, `2030-01-07T09:00`, `2030-01-07T09:00:00.5+01:00`). Without zone
 * it is of `timeZone`, or the machine's own when that is undefined. Years 1970 to 9999.
 * @throws KnownError USAGE for anything else; `where` says what was read.
 */
export function parseTime(text: string, where: string, timeZone?: string): EpochMs {
  const match = text.length > 100 ? null : isoForm.exec(text);
  const at = match === null ? Number.NaN : instantOfMatch(match, timeZone);
  if (at >= 0 && at <= limits.clockMsMax) return at;
  const message = `${where}: expected a time such as 2030-01-07T09:00 or 2030-01-07T09:00Z, got "${shortened(text)}"`;
  throw new KnownError('USAGE', message);
}

function instantOfMatch(match: RegExpExecArray, timeZone: string | undefined): EpochMs {
  const [year, month, day, hour, minute, second] = [1, 2, 3, 4, 5, 6].map((group) =>
    Number(match[group] ?? 0),
  ) as [number, number, number, number, number, number];
  const ms = Number((match[7] ?? '0').padEnd(3, '0'));
  const wall: WallTime = { year, month, day, hour, minute, second, ms };
  const asUtc = new Date(wallAsUtc(wall));
  const inRange = hour <= 23 && minute <= 59 && second <= 59;
  // The 31st of April would be taken for the 1st of May.
  if (!inRange || asUtc.getUTCMonth() !== month - 1 || asUtc.getUTCDate() !== day)
    return Number.NaN;
  const zone = match[8]?.toUpperCase();
  if (zone === undefined) return instantOf(wall, timeZone);
  return asUtc.getTime() - offsetMs(zone);
}

/** `Z`, `+01`, `+0100`, `+01:00`. */
function offsetMs(zone: string): number {
  if (zone === 'Z') return 0;
  const sign = zone.startsWith('-') ? -1 : 1;
  const digits = zone.slice(1).replace(':', '').padEnd(4, '0');
  return sign * (Number(digits.slice(0, 2)) * units['h']! + Number(digits.slice(2)) * units['m']!);
}

function shortened(text: string): string {
  return text.length > 60 ? `${text.slice(0, 57)}...` : text;
}
