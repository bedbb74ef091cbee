import type { Rng } from '../../base/rng.ts';
import { type SeatCounts, WEEK_DAYS, worstWeek } from './seat-search.ts';

/** Working days and days of the weekend are drawn among their own kind. */
const WORKING_DAYS = 5;
const REPLICATES = 2_000;
const BAND_REPLICATES = 500;

export interface Interval {
  readonly low: number;
  readonly high: number;
}

/**
 * How much the answer could have been another by the chance of single days: the busiest week is put together anew many
 * times from its own days, drawn with repetition (a block bootstrap with days as blocks), and the seats it then takes
 * are looked up. Gives the middle 95 % of them, and whether they lie within the seats that `curve` covers.
 * Source: B. Efron 1979; H. Kuensch, "The jackknife and the bootstrap for general stationary observations", 1989.
 */
export function seatInterval(
  curve: readonly SeatCounts[],
  target: number,
  rng: Rng,
): Interval & { readonly isCovered: boolean } {
  const rows = curve.map((counts) => ({ counts, first: WEEK_DAYS * worstWeek(counts).week }));
  const found: number[] = [];
  const days = new Int32Array(WEEK_DAYS);
  for (let replicate = 0; replicate < REPLICATES; replicate++) {
    for (let day = 0; day < WEEK_DAYS; day++) days[day] = drawnDay(day, rng);
    const row = rows.find(({ counts, first }) => shareOf(counts, first, days) <= target);
    found.push(row?.counts.seats ?? Number.POSITIVE_INFINITY);
  }
  found.sort((a, b) => a - b);
  const { low, high } = middle(found);
  const lowest = curve[0]!.seats;
  return { low, high, isCovered: (low > lowest || lowest === 0) && Number.isFinite(high) };
}

/** Where the middle 95 % of values lie that are in ascending order. */
export function middle(sorted: readonly number[]): Interval {
  const last = sorted.length - 1;
  return { low: sorted[Math.floor(0.025 * last)]!, high: sorted[Math.ceil(0.975 * last)]! };
}

/** Another day of a week, of the same kind. */
export function drawnDay(day: number, rng: Rng): number {
  return day < WORKING_DAYS
    ? rng.below(WORKING_DAYS)
    : WORKING_DAYS + rng.below(WEEK_DAYS - WORKING_DAYS);
}

function shareOf(
  { deniedByDay, startsByDay }: SeatCounts,
  first: number,
  days: Int32Array,
): number {
  let denied = 0;
  let starts = 0;
  for (const day of days) {
    denied += deniedByDay[first + day]!;
    starts += startsByDay[first + day]!;
  }
  return starts === 0 ? 0 : denied / starts;
}

/** What replays say of one number of seats, and how far chance alone could have moved it. */
export interface BandedCounts extends SeatCounts {
  /** The middle 95 % of the share refused in the worst week, its days drawn anew. */
  readonly low: number;
  readonly high: number;
}

/** Each point of a curve with its band. */
export function bandsOf(curve: readonly SeatCounts[], rng: Rng): readonly BandedCounts[] {
  const days = new Int32Array(WEEK_DAYS);
  return curve.map((counts) => {
    const first = WEEK_DAYS * worstWeek(counts).week;
    const shares = Array.from({ length: BAND_REPLICATES }, () => {
      for (let day = 0; day < WEEK_DAYS; day++) days[day] = drawnDay(day, rng);
      return shareOf(counts, first, days);
    }).sort((a, b) => a - b);
    return { ...counts, ...middle(shares) };
  });
}
