/** What a replay says of one number of seats: refused starts and all, by day of the full weeks. */
export interface SeatCounts {
  readonly seats: number;
  readonly deniedByDay: Float64Array;
  readonly startsByDay: Float64Array;
  /** Of all starts of the log. */
  readonly denied: number;
  readonly starts: number;
  /** Seats times hours that refused starts would have held; by day of the full weeks, too. */
  readonly deniedHours: number;
  readonly deniedHoursByDay: Float64Array;
  /** Starts that waited in a queue and got their seats, and how long they waited together. */
  readonly waited: number;
  readonly waitMs: number;
}

export const WEEK_DAYS = 7;

type DayCounts = Pick<SeatCounts, 'deniedByDay' | 'startsByDay'>;

export interface Week {
  /** Counted from the first full week. */
  readonly week: number;
  readonly share: number;
  readonly denied: number;
  readonly starts: number;
}

/** The full week in which the largest share of starts was refused; of equal ones the one with the most starts. */
export function worstWeek(counts: DayCounts): Week {
  let worst: Week = { week: 0, share: 0, denied: 0, starts: 0 };
  for (let week = 0; WEEK_DAYS * (week + 1) <= counts.startsByDay.length; week++) {
    const each = weekOf(counts, week);
    if (each.share > worst.share || (each.share === worst.share && each.starts > worst.starts)) {
      worst = each;
    }
  }
  return worst;
}

/** One of the full weeks. */
export function weekOf({ deniedByDay, startsByDay }: DayCounts, week: number): Week {
  let denied = 0;
  let starts = 0;
  for (let day = WEEK_DAYS * week; day < WEEK_DAYS * (week + 1); day++) {
    denied += deniedByDay[day]!;
    starts += startsByDay[day]!;
  }
  return { week, share: starts === 0 ? 0 : denied / starts, denied, starts };
}

/**
 * The fewest seats of a curve that keep the worst week, between `low` (too few, or 0) and `high` (known to do): its
 * coarse points first, several at a time, and then those between the last that does not and the first that does.
 */
export async function fewestOfCurve(
  curve: {
    ensure(seats: readonly number[]): Promise<void>;
    at(seats: number): Promise<SeatCounts>;
  },
  target: number,
  coarse: readonly number[],
): Promise<number> {
  const enough = async (seats: number): Promise<boolean> =>
    worstWeek(await curve.at(seats)).share <= target;
  let high = coarse.at(-1)!;
  let low = 0;
  const narrow = async (tried: readonly number[]): Promise<void> => {
    await curve.ensure(tried);
    for (const seats of tried.toReversed()) {
      if (!(await enough(seats))) {
        low = seats;
        return;
      }
      high = seats;
    }
  };
  await narrow(coarse);
  while (high - low > 1) {
    const parts = Math.min(3, high - low);
    const inner = Array.from({ length: parts - 1 }, (_, part) =>
      Math.floor(low + ((part + 1) * (high - low)) / parts),
    ).filter((seats) => seats > low);
    await narrow(inner);
  }
  return high;
}

/**
 * The fewest seats for which `shareOf` is at most `target`, between `low` (known to be too few, or 0) and `high` (known
 * to do). Shares may wobble a little where they should fall: the seats given do, and one less does not.
 */
export function fewestSeats(
  shareOf: (seats: number) => number,
  target: number,
  { low, high }: { readonly low: number; readonly high: number },
): number {
  let few = low;
  let enough = high;
  while (enough - few > 1) {
    const middle = (few + enough) >> 1;
    if (shareOf(middle) <= target) enough = middle;
    else few = middle;
  }
  return enough;
}
