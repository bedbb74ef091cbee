import type { DemandRows } from '../demand/demand.ts';
import { dayIndices, type FullWeeks } from '../demand/weeks.ts';
import { type SeatCounts, WEEK_DAYS } from '../estimate/seat-search.ts';
import type { Replayed } from '../replay-ledger.ts';
import type { WallClock } from '../scan/wall-clock.ts';

const HOUR_MS = 3_600_000;

/** Counts what happens to the starts of a demand, by day of the full weeks and in all. */
export class DayCounts {
  readonly startsByDay: Float64Array;
  readonly #demand: DemandRows;
  readonly #days: Int32Array;
  readonly #starts: number;

  constructor(demand: DemandRows, weeks: FullWeeks, wall: WallClock) {
    this.#demand = demand;
    this.#days = dayIndices(demand.at, weeks, wall);
    this.startsByDay = new Float64Array(WEEK_DAYS * weeks.count);
    let starts = 0;
    for (let row = 0; row < this.#days.length; row++) {
      if (demand.isInitial[row] !== 0) continue;
      starts++;
      const day = this.#days[row]!;
      if (day >= 0 && day < this.startsByDay.length) this.startsByDay[day]!++;
    }
    this.#starts = starts;
  }

  of({ seats, denied, waited, waitMs }: Replayed): SeatCounts {
    const { startsByDay } = this;
    const { holdMs, count } = this.#demand;
    const deniedByDay = new Float64Array(startsByDay.length);
    const deniedHoursByDay = new Float64Array(startsByDay.length);
    let refused = 0;
    let deniedMs = 0;
    for (let row = 0; row < denied.length; row++) {
      if (denied[row] === 0) continue;
      const seatMs = holdMs[row]! * count[row]!;
      refused++;
      deniedMs += seatMs;
      const day = this.#days[row]!;
      if (day < 0 || day >= deniedByDay.length) continue;
      deniedByDay[day]!++;
      deniedHoursByDay[day]! += seatMs / HOUR_MS;
    }
    return {
      ...{ seats, deniedByDay, startsByDay, denied: refused, starts: this.#starts },
      ...{ deniedHours: deniedMs / HOUR_MS, deniedHoursByDay, waited, waitMs },
    };
  }
}
