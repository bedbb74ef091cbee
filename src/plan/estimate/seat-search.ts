/** What a replay says of one number of seats: refused starts and all, by day of the full weeks. */
export interface SeatCounts {
  readonly seats: number;
  readonly deniedByDay: Float64Array;
  readonly startsByDay: Float64Array;
  /** Of all starts of the log. */
  readonly denied: number;
  readonly starts: number;
}

export const WEEK_DAYS = 7;

export interface WorstWeek {
  /** Counted from the first full week. */
  readonly week: number;
  readonly share: number;
  readonly denied: number;
  readonly starts: number;
}

/** The full week in which the largest share of starts was refused; of equal ones the one with the most starts. */
export function worstWeek({ deniedByDay, startsByDay }: SeatCounts): WorstWeek {
  let worst: WorstWeek = { week: 0, share: 0, denied: 0, starts: 0 };
  for (let day = 0; day + WEEK_DAYS <= startsByDay.length; day += WEEK_DAYS) {
    let denied = 0;
    let starts = 0;
    for (let each = day; each < day + WEEK_DAYS; each++) {
      denied += deniedByDay[each]!;
      starts += startsByDay[each]!;
    }
    const share = starts === 0 ? 0 : denied / starts;
    if (share > worst.share || (share === worst.share && starts > worst.starts)) {
      worst = { week: day / WEEK_DAYS, share, denied, starts };
    }
  }
  return worst;
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
