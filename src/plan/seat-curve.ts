import type { SeatCounts } from './estimate/seat-search.ts';

/** Replays one number of seats; several at a time may be asked for. */
export type SeatReplaying = (seats: number) => Promise<SeatCounts>;

/** What replays of one demand say, each number of seats once. */
export class SeatCurve {
  readonly #known = new Map<number, SeatCounts>();
  readonly #replaying: SeatReplaying;

  constructor(replaying: SeatReplaying) {
    this.#replaying = replaying;
  }

  /** Replays those that were not yet. */
  async ensure(all: readonly number[]): Promise<void> {
    const missing = [...new Set(all)].filter((seats) => !this.#known.has(seats));
    await Promise.all(
      missing.map(async (seats) => {
        this.#known.set(seats, await this.#replaying(seats));
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
}

/** About twenty numbers of seats from a fifth of the highest wish to all of it. */
export function curveSeats(wantedPeak: number): readonly number[] {
  const step = Math.max(1, Math.ceil(wantedPeak / 20));
  const first = Math.max(1, Math.ceil(wantedPeak / 5));
  const all: number[] = [];
  for (let seats = first; seats < wantedPeak; seats += step) all.push(seats);
  return [...all, Math.max(1, wantedPeak)];
}
