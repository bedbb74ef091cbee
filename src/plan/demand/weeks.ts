import type { EpochMs } from '../../base/clock.ts';
import { DAY_MS, type WallClock } from '../scan/wall-clock.ts';

/** 1970-01-05, a Monday. */
const FIRST_MONDAY = 4;
const WEEK_DAYS = 7;

/** The full weeks of a log, Monday to Sunday by the clock on the wall. */
export interface FullWeeks {
  /** Day since 1970 of the first full week's Monday. */
  readonly firstDay: number;
  readonly count: number;
  /** All days of the log, for words. */
  readonly days: number;
}

/** The weeks that lie between two instants whole. */
export function fullWeeks(begin: EpochMs, end: EpochMs, wall: WallClock): FullWeeks {
  const from = wall.wallAt(begin) / DAY_MS;
  const to = wall.wallAt(end) / DAY_MS;
  // A log that begins minutes after midnight has the whole day as far as anybody can tell.
  const firstWhole = Math.ceil(from - 1 / 24);
  const lastWhole = Math.floor(to + 1 / 24);
  const firstDay =
    firstWhole + ((((FIRST_MONDAY - firstWhole) % WEEK_DAYS) + WEEK_DAYS) % WEEK_DAYS);
  const count = Math.max(0, Math.floor((lastWhole - firstDay) / WEEK_DAYS));
  return { firstDay, count, days: to - from };
}

/** Day of each instant, counted from the first full week's Monday; negative or past the last week elsewhere. */
export function dayIndices(at: Float64Array, weeks: FullWeeks, wall: WallClock): Int32Array {
  // A loop: Int32Array.from() with a function takes ten times as long.
  const days = new Int32Array(at.length);
  for (let row = 0; row < at.length; row++) days[row] = dayIndex(at[row]!, weeks, wall);
  return days;
}

/** The day of one instant. */
export function dayIndex(at: EpochMs, weeks: FullWeeks, wall: WallClock): number {
  return Math.floor(wall.wallAt(at) / DAY_MS) - weeks.firstDay;
}
