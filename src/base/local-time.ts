import type { EpochMs } from './clock.ts';

/**
 * Instants in the words FlexNet's tools and logs use, in the process's own time zone. By hand:
 * formatting through Intl costs a hundred times more, and logs and lmstat write one of these a
 * line. The last second and minute are remembered, since neighboring lines mostly share them.
 */
export const weekdayNames = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'] as const;

export const monthNames: readonly string[] =
  'Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec'.split(' ');

const MINUTE_MS = 60_000;

function pad2(value: number): string {
  return value < 10 ? `0${value}` : `${value}`;
}

/** A formatter that remembers its last answer for as long as the instant stays in the same unit. */
function remembering(unitMs: number, render: (date: Date) => string): (at: EpochMs) => string {
  let lastUnit = Number.NaN;
  let lastText = '';
  return (at) => {
    const unit = Math.floor(at / unitMs);
    if (unit !== lastUnit) {
      lastText = render(new Date(at));
      lastUnit = unit;
    }
    return lastText;
  };
}

/** `Mon` */
export function weekdayName(at: EpochMs): string {
  return weekdayNames[new Date(at).getDay()] ?? '';
}

/** `9:49`, the hour without a leading zero. */
export const hourMinute = remembering(
  MINUTE_MS,
  (date) => `${date.getHours()}:${pad2(date.getMinutes())}`,
);

/** `09:49` */
export const paddedHourMinute = remembering(
  MINUTE_MS,
  (date) => `${pad2(date.getHours())}:${pad2(date.getMinutes())}`,
);

/** `09:49:41` */
export const paddedTime = remembering(1_000, (date) => hoursToSeconds(date, '0'));

/** ` 9:49:41`: the hour takes two columns, filled with a blank. */
export const blankPaddedTime = remembering(1_000, (date) => hoursToSeconds(date, ' '));

function hoursToSeconds(date: Date, fill: string): string {
  const hours = date.getHours();
  const minutes = pad2(date.getMinutes());
  return `${hours < 10 ? fill : ''}${hours}:${minutes}:${pad2(date.getSeconds())}`;
}

/** `3/9`: month and day of the month. */
export function monthDay(at: EpochMs): string {
  const date = new Date(at);
  return `${date.getMonth() + 1}/${date.getDate()}`;
}

/** `3/9/2026`: month, day of the month, year. */
export const monthDayYear = remembering(
  MINUTE_MS,
  (date) => `${date.getMonth() + 1}/${date.getDate()}/${date.getFullYear()}`,
);

/** `9-mar-2026`, as license files write dates. */
export function dayMonthYear(at: EpochMs): string {
  const date = new Date(at);
  return `${date.getDate()}-${monthNames[date.getMonth()]?.toLowerCase()}-${date.getFullYear()}`;
}

/** `Mon 3/9 9:49`, as lmstat says since when a seat is out. */
export const startStamp = remembering(MINUTE_MS, (date) => {
  const day = `${weekdayNames[date.getDay()]} ${date.getMonth() + 1}/${date.getDate()}`;
  return `${day} ${date.getHours()}:${pad2(date.getMinutes())}`;
});

/** `Mon 3/9/2026 09:49`, as lmstat dates its report. */
export const statusStamp = remembering(MINUTE_MS, (date) => {
  const day = `${date.getMonth() + 1}/${date.getDate()}/${date.getFullYear()}`;
  const time = `${pad2(date.getHours())}:${pad2(date.getMinutes())}`;
  return `${weekdayNames[date.getDay()]} ${day} ${time}`;
});

/** `2026-03-09T09:49:41+01:00`: ISO 8601 with the zone's offset. */
export const isoStamp = remembering(1_000, (date) => {
  const year = `${date.getFullYear()}`.padStart(4, '0');
  const day = `${year}-${pad2(date.getMonth() + 1)}-${pad2(date.getDate())}`;
  return `${day}T${hoursToSeconds(date, '0')}${offsetText(-date.getTimezoneOffset(), ':')}`;
});

/** `Mon Mar 09 2026 09:49:41 EST`, as debug logs write whole dates. */
export const systemStamp = remembering(1_000, (date) => {
  const month = monthNames[date.getMonth()];
  const day = `${weekdayNames[date.getDay()]} ${month} ${pad2(date.getDate())}`;
  const time = `${hoursToSeconds(date, '0')} ${zoneName(date.getTime())}`;
  return `${day} ${date.getFullYear()} ${time}`;
});

/** `EST`; where a zone has no letters of its own, its offset as tzdata has it: `-05`, `+0530`. */
export function zoneName(at: EpochMs): string {
  const offset = -new Date(at).getTimezoneOffset();
  if (Number.isNaN(offset)) return '';
  let name = zoneNames.get(offset);
  if (name === undefined) {
    name = lookUpZoneName(at) ?? offsetText(offset, '');
    zoneNames.set(offset, name);
  }
  return name;
}

/** By offset in minutes east: a process lives in one zone, so this holds a handful. */
const zoneNames = new Map<number, string>();

/** Asks Intl, once per offset. It answers `GMT+1` where English has no letters for the zone. */
function lookUpZoneName(at: EpochMs): string | undefined {
  const parts = new Intl.DateTimeFormat('en-US', { timeZoneName: 'short' }).formatToParts(at);
  const name = parts.find((part) => part.type === 'timeZoneName')?.value ?? '';
  return /^[A-Z]+$/.test(name) ? name : undefined;
}

/** Minutes east of Greenwich as `+01:00`, or with '' between as `+01` and `+0530`. */
function offsetText(minutesEast: number, between: string): string {
  const minutes = Math.abs(minutesEast);
  const rest = pad2(minutes % 60);
  const tail = between === '' && rest === '00' ? '' : `${between}${rest}`;
  return `${minutesEast < 0 ? '-' : '+'}${pad2(Math.floor(minutes / 60))}${tail}`;
}
