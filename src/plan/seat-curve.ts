import type { Demand } from './demand/demand.ts';
import { dayIndices, type FullWeeks } from './demand/weeks.ts';
import { type SeatCounts, WEEK_DAYS } from './estimate/seat-search.ts';
import type { Replayed } from './replay-ledger.ts';
import type { WallClock } from './scan/wall-clock.ts';

/** Replays one number of seats; several at a time may be asked for. */
export type Replaying = (seats: number) => Replayed | Promise<Replayed>;

export interface CurveGround {
  readonly demand: Demand;
  readonly weeks: FullWeeks;
  readonly wall: WallClock;
}

/** What replays of one demand say, each number of seats once. */
export class SeatCurve {
  readonly #known = new Map<number, SeatCounts>();
  readonly #demand: Demand;
  readonly #weeks: FullWeeks;
  readonly #days: Int32Array;
  readonly #replaying: Replaying;
  readonly #starts: number;
  readonly startsByDay: Float64Array;

  constructor({ demand, weeks, wall }: CurveGround, replaying: Replaying) {
    this.#demand = demand;
    this.#weeks = weeks;
    this.#replaying = replaying;
    this.#days = dayIndices(demand.at, weeks, wall);
    this.startsByDay = this.#byDay((row) => 1 - demand.isInitial[row]!);
    this.#starts = demand.isInitial.reduce((sum, each) => sum + 1 - each, 0);
  }

  /** Replays those that were not yet. */
  async ensure(all: readonly number[]): Promise<void> {
    const missing = [...new Set(all)].filter((seats) => !this.#known.has(seats));
    await Promise.all(
      missing.map(async (seats) => {
        this.#known.set(seats, this.#counts(await this.#replaying(seats)));
      }),
    );
  }

  async at(seats: number): Promise<SeatCounts> {
    await this.ensure([seats]);
    return this.#known.get(seats)!;
  }

  /** Those from `low` to `high`, all of them. */
  async range(low: number, high: number): Promise<readonly SeatCounts[]> {
    const all = Array.from({ length: high - low + 1 }, (_, index) => low + index);
    await this.ensure(all);
    return all.map((seats) => this.#known.get(seats)!);
  }

  /** What is known, fewest seats first. */
  get points(): readonly SeatCounts[] {
    return [...this.#known.values()].sort((a, b) => a.seats - b.seats);
  }

  #counts({ seats, denied, waited, waitMs }: Replayed): SeatCounts {
    const { holdMs, count } = this.#demand;
    let refused = 0;
    let deniedMs = 0;
    for (let row = 0; row < denied.length; row++) {
      if (denied[row] === 0) continue;
      refused++;
      deniedMs += holdMs[row]! * count[row]!;
    }
    return {
      seats,
      deniedByDay: this.#byDay((row) => denied[row]!),
      startsByDay: this.startsByDay,
      denied: refused,
      starts: this.#starts,
      deniedHours: deniedMs / 3_600_000,
      deniedHoursByDay: this.#byDay(
        (row) => (denied[row]! * holdMs[row]! * count[row]!) / 3_600_000,
      ),
      waited,
      waitMs,
    };
  }

  #byDay(numberOf: (row: number) => number): Float64Array {
    const byDay = new Float64Array(this.#weeks.count * WEEK_DAYS);
    for (let row = 0; row < this.#days.length; row++) {
      const day = this.#days[row]!;
      if (day >= 0 && day < byDay.length) byDay[day]! += numberOf(row);
    }
    return byDay;
  }
}

/** About twenty numbers of seats from a fifth of the highest wish to all of it. */
export function curveSeats(wantedPeak: number): readonly number[] {
  const step = Math.max(1, Math.ceil(wantedPeak / 20));
  const first = Math.max(1, Math.ceil(wantedPeak / 5));
  const all: number[] = [];
  for (let seats = first; seats < wantedPeak; seats += step) all.push(seats);
  return [...all, Math.max(1, wantedPeak)];
}
