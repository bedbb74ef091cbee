import type { EpochMs } from '../../base/clock.ts';
import { DAY_MS, dayText, type WallClock } from '../scan/wall-clock.ts';

export const spans = ['day', 'week', 'month'] as const;

export type Span = (typeof spans)[number];

/** 1970-01-05, a Monday. */
const FIRST_MONDAY = 4;

/** The first day (since 1970, by the wall) of the span that a day is in. */
export function spanStart(day: number, span: Span): number {
  if (span === 'day') return day;
  if (span === 'week') return day - ((((day - FIRST_MONDAY) % 7) + 7) % 7);
  const date = new Date(day * DAY_MS);
  return day - date.getUTCDate() + 1;
}

/** Sums by span, found by any instant in it. */
export class SpanSums<Sum> {
  readonly #sums = new Map<number, Sum>();
  readonly #wall: WallClock;
  readonly #span: Span;
  readonly #newSum: () => Sum;

  constructor(wall: WallClock, span: Span, newSum: () => Sum) {
    this.#wall = wall;
    this.#span = span;
    this.#newSum = newSum;
  }

  #startOf(at: EpochMs): number {
    return spanStart(Math.floor(this.#wall.wallAt(at) / DAY_MS), this.#span);
  }

  /** When the span after that of `at` begins. */
  #endOf(at: EpochMs): EpochMs {
    const start = this.#startOf(at);
    let day = start + 1;
    while (spanStart(day, this.#span) === start) day++;
    return this.#wall.instant(day, 0, Number.NEGATIVE_INFINITY);
  }

  at(at: EpochMs): Sum {
    const start = this.#startOf(at);
    let sum = this.#sums.get(start);
    if (sum === undefined) {
      sum = this.#newSum();
      this.#sums.set(start, sum);
    }
    return sum;
  }

  /** The sums of all spans that a stretch of time lies in, each with how much of it does, in milliseconds. */
  *across(from: EpochMs, to: EpochMs): Generator<readonly [Sum, number]> {
    let at = from;
    while (at < to) {
      const end = Math.min(to, Math.max(this.#endOf(at), at + 1));
      yield [this.at(at), end - at];
      at = end;
    }
  }

  /** The first day of each span (`2026-03-09`) and its sum. */
  entries(): readonly (readonly [string, Sum])[] {
    return [...this.#sums].map(([day, sum]) => [dayText(day), sum]);
  }
}
