import type { Demand } from '../demand/demand.ts';
import type { FullWeeks } from '../demand/weeks.ts';
import type { WallClock } from '../scan/wall-clock.ts';
import { DAY_MS } from '../scan/wall-clock.ts';
import { erlangB } from './erlang.ts';

const HOUR_MS = 3_600_000;
export const WEEK_HOURS = 168;

/** Starts and load by hour of the week, Monday's first hour first, as means over full weeks. */
export interface WeekProfile {
  /** Starts in the hour. */
  readonly starts: Float64Array;
  /** Seats that would be out on average if there were enough. */
  readonly load: Float64Array;
}

/** The profile of one full week (`week` counts from 0), or of all when it is undefined. */
export function weekProfile(
  demand: Demand,
  weeks: FullWeeks,
  wall: WallClock,
  week?: number,
): WeekProfile {
  const starts = new Float64Array(WEEK_HOURS);
  const load = new Float64Array(WEEK_HOURS);
  const from = (weeks.firstDay + 7 * (week ?? 0)) * DAY_MS;
  const hours = WEEK_HOURS * (week === undefined ? weeks.count : 1);
  for (let row = 0; row < demand.at.length; row++) {
    const begin = (wall.wallAt(demand.at[row]!) - from) / HOUR_MS;
    if (begin >= 0 && begin < hours && demand.isInitial[row] === 0) {
      starts[Math.floor(begin) % WEEK_HOURS]! += demand.count[row]!;
    }
    addLoad(load, begin, begin + demand.holdMs[row]! / HOUR_MS, hours, demand.count[row]!);
  }
  const repeats = hours / WEEK_HOURS;
  return { starts: starts.map((sum) => sum / repeats), load: load.map((sum) => sum / repeats) };
}

function addLoad(
  load: Float64Array,
  begin: number,
  end: number,
  hours: number,
  seats: number,
): void {
  const last = Math.min(end, hours);
  let at = Math.max(0, begin);
  while (at < last) {
    const next = Math.min(Math.floor(at) + 1, last);
    load[Math.floor(at) % WEEK_HOURS]! += seats * (next - at);
    at = next;
  }
}

/**
 * Modified offered load: Erlang B hour by hour at the load that the hour would have with seats for all, weighted by the
 * starts in it. Source: W. A. Massey and W. Whitt, "An analysis of the modified offered-load approximation", 1994.
 */
export function offeredLoadShare({ starts, load }: WeekProfile, seats: number): number {
  let refused = 0;
  let all = 0;
  for (let hour = 0; hour < WEEK_HOURS; hour++) {
    all += starts[hour]!;
    refused += starts[hour]! * erlangB(seats, load[hour]!);
  }
  return all === 0 ? 0 : refused / all;
}

/** The mean load of a profile. */
export function meanLoad({ load }: WeekProfile): number {
  return load.reduce((sum, each) => sum + each, 0) / WEEK_HOURS;
}
