import type { EpochMs } from '../../base/clock.ts';
import { offsetAt } from '../../base/time-zone.ts';

/** Minutes east of Greenwich: a line that tells its offset needs no time zone. */
export type LogZone = number;

export const DAY_MS = 86_400_000;
/** Days whose offsets are kept ready. */
const DAYS_KEPT_MAX = 1_000;

/** The day since 1970 of a date; months count from 1. */
export function dayNumber(year: number, month: number, day: number): number {
  return Math.floor(Date.UTC(year, month - 1, day) / DAY_MS);
}

/** `2026-03-09` of a day since 1970. */
export function dayText(day: number): string {
  return new Date(day * DAY_MS).toISOString().slice(0, 10);
}

/** Offsets from UTC around a day of the wall: both the same but when clocks are changed. */
interface DayOffsets {
  readonly before: number;
  readonly behind: number;
}

/**
 * Instants of what a clock on the wall showed in one time zone, and the reverse. The hour that comes twice when summer
 * ends is the first one, unless that would be before the line above.
 */
export class WallClock {
  /** An IANA name; the machine's own when undefined. */
  readonly timeZone: string | undefined;
  readonly #days = new Map<number, DayOffsets>();
  #day = Number.NaN;
  #offsets: DayOffsets = { before: 0, behind: 0 };

  constructor(timeZone?: string) {
    this.timeZone = timeZone;
  }

  /** The instant at which the wall showed this; `after`: the instant of the line before. */
  instant(day: number, second: number, after: EpochMs): EpochMs {
    if (day !== this.#day) this.#turnTo(day);
    const wall = day * DAY_MS + second * 1_000;
    const { before, behind } = this.#offsets;
    if (before === behind) return wall - before;
    const first = wall - Math.max(before, behind);
    const second_ = wall - Math.min(before, behind);
    const firstFits = this.#isShown(wall, first);
    const secondFits = this.#isShown(wall, second_);
    if (firstFits && secondFits) return first < after ? second_ : first;
    // A time that summer skips is as far behind the change as it was in what is skipped.
    return firstFits ? first : secondFits ? second_ : wall - before;
  }

  /** What the wall shows at an instant, in milliseconds as if it were UTC. */
  wallAt(at: EpochMs): number {
    const day = Math.floor(at / DAY_MS);
    if (day !== this.#day) this.#turnTo(day);
    const { before, behind } = this.#offsets;
    return at + (before === behind ? before : offsetAt(at, this.timeZone));
  }

  #isShown(wall: number, at: EpochMs): boolean {
    return at + offsetAt(at, this.timeZone) === wall;
  }

  #turnTo(day: number): void {
    let offsets = this.#days.get(day);
    if (offsets === undefined) {
      if (this.#days.size >= DAYS_KEPT_MAX) this.#days.clear();
      offsets = {
        before: offsetAt((day - 1) * DAY_MS, this.timeZone),
        behind: offsetAt((day + 2) * DAY_MS, this.timeZone),
      };
      this.#days.set(day, offsets);
    }
    this.#day = day;
    this.#offsets = offsets;
  }
}

/** The instant of what the wall shows where clocks are so many minutes ahead of UTC. */
export function instantAtOffset(day: number, second: number, zone: LogZone): EpochMs {
  return day * DAY_MS + second * 1_000 - zone * 60_000;
}
