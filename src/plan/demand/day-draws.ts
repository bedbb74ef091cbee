import type { Rng } from '../../base/rng.ts';
import { isAscending, sortedOrder } from '../columns.ts';
import { drawnDay } from '../estimate/bootstrap.ts';
import { WEEK_DAYS } from '../estimate/seat-search.ts';
import { DAY_MS, type WallClock } from '../scan/wall-clock.ts';
import { type DemandRows, emptyRows, rowsAt } from './demand.ts';
import { dayIndices, type FullWeeks } from './weeks.ts';

/**
 * Histories that could have been instead of a demand: each day of the full weeks is another one of its kind, drawn with
 * repetition, with its starts at their times of day.
 */
export class DayDraws {
  readonly #demand: DemandRows;
  readonly #weeks: number;
  /** The starts of the full weeks day by day, each day's in order of time. */
  readonly #rows: Int32Array;
  /** Where each day's begin in them, and behind all of them their end. */
  readonly #begins: Int32Array;

  constructor(demand: DemandRows, weeks: FullWeeks, wall: WallClock) {
    this.#demand = demand;
    this.#weeks = weeks.count;
    const count = WEEK_DAYS * weeks.count;
    const days = dayIndices(demand.at, weeks, wall);
    const isMeant = (row: number): boolean =>
      demand.isInitial[row] === 0 && days[row]! >= 0 && days[row]! < count;
    const begins = new Int32Array(count + 1);
    for (let row = 0; row < days.length; row++) if (isMeant(row)) begins[days[row]! + 1]!++;
    for (let day = 0; day < count; day++) begins[day + 1]! += begins[day]!;
    this.#rows = new Int32Array(begins[count]!);
    this.#begins = begins;
    const next = begins.slice();
    for (let row = 0; row < days.length; row++)
      if (isMeant(row)) this.#rows[next[days[row]!]!++] = row;
  }

  draw(rng: Rng): DemandRows {
    const from = Array.from(
      { length: WEEK_DAYS * this.#weeks },
      (_, day) => WEEK_DAYS * rng.below(this.#weeks) + drawnDay(day % WEEK_DAYS, rng),
    );
    const size = from.reduce((sum, day) => sum + this.#begins[day + 1]! - this.#begins[day]!, 0);
    const drawn = emptyRows(size);
    let end = 0;
    from.forEach((day, to) => {
      end = this.#copy(day, (to - day) * DAY_MS, drawn, end);
    });
    // Days whose clocks were changed may reach into the next one.
    return isAscending(drawn.at) ? drawn : rowsAt(drawn, sortedOrder(drawn.at));
  }

  /** Puts the starts of a day behind what there is, so much later, and gives where they end. */
  #copy(day: number, laterMs: number, drawn: DemandRows, end: number): number {
    const { at, holdMs, client, count } = this.#demand;
    let to = end;
    for (let index = this.#begins[day]!; index < this.#begins[day + 1]!; index++, to++) {
      const row = this.#rows[index]!;
      drawn.at[to] = at[row]! + laterMs;
      drawn.holdMs[to] = holdMs[row]!;
      drawn.client[to] = client[row]!;
      drawn.count[to] = count[row]!;
    }
    return to;
  }
}
