import type { FullWeeks } from '../demand/weeks.ts';
import { type SeatCounts, WEEK_DAYS, weekOf } from '../estimate/seat-search.ts';
import { dayText } from '../scan/wall-clock.ts';
import type { Prices } from './prices.ts';

/** Seats that a month takes. A week belongs to the month of its Thursday. */
export interface MonthNeed {
  /** `2026-03` */
  readonly month: string;
  readonly seats: number;
}

/** Permanent seats, and term licenses on top of them in the months that take more. */
export interface TermMix {
  readonly needs: readonly MonthNeed[];
  readonly permanent: number;
  readonly terms: readonly MonthNeed[];
  /** A year of it at the pace of the log, and of permanent seats for the busiest month. */
  readonly cost: number;
  readonly costPermanent: number;
}

const THURSDAY = 3;
const YEAR_MONTHS = 12;

/** The fewest seats by month that keep each of its weeks. `curve` has every number of seats up to the answer. */
export function monthNeeds(
  curve: readonly SeatCounts[],
  { firstDay, count }: FullWeeks,
  deny: number,
): readonly MonthNeed[] {
  const needs = new Map<string, number>();
  for (let week = 0; week < count; week++) {
    const month = dayText(firstDay + WEEK_DAYS * week + THURSDAY).slice(0, 7);
    const seats = curve.find((counts) => weekOf(counts, week).share <= deny)?.seats ?? 0;
    needs.set(month, Math.max(needs.get(month) ?? 0, seats));
  }
  return [...needs].map(([month, seats]) => ({ month, seats }));
}

/** The cheapest mix of permanent seats and term licenses by the month. */
export function termMix(
  needs: readonly MonthNeed[],
  { seatYear, termMonth }: Prices & { readonly termMonth: number },
): TermMix {
  const most = needs.reduce((high, { seats }) => Math.max(high, seats), 0);
  const costOf = (permanent: number): number => {
    const months = needs.reduce((sum, { seats }) => sum + Math.max(0, seats - permanent), 0);
    return permanent * seatYear + (months * termMonth * YEAR_MONTHS) / needs.length;
  };
  let permanent = most;
  for (let seats = most; seats >= 0; seats--) {
    if (costOf(seats) < costOf(permanent)) permanent = seats;
  }
  const terms = needs
    .filter(({ seats }) => seats > permanent)
    .map(({ month, seats }) => ({ month, seats: seats - permanent }));
  return { needs, permanent, terms, cost: costOf(permanent), costPermanent: most * seatYear };
}
