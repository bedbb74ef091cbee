import type { SeatCount } from './events.ts';

/** What one holder has out: how many seats at a time it asked for, and how often. The largest counts. */
interface Holder {
  readonly sizes: Map<number, number>;
  largest: number;
}

/**
 * Who has seats of a serial number, and how many, whatever the features. Checkouts of one key share: as many seats
 * are out as the largest of them asked for.
 */
export class SerialHolders implements SeatCount {
  readonly #holders = new Map<string, Holder>();
  /** Seats of all of them. */
  seats = 0;

  seatsOf(key: string): number {
    return this.#holders.get(key)?.largest ?? 0;
  }

  /** One more of so many seats, or one less where `seats` is below 0. */
  add(key: string, seats: number): void {
    const holder = this.#holders.get(key) ?? { sizes: new Map<number, number>(), largest: 0 };
    const { sizes, largest } = holder;
    const size = Math.abs(seats);
    const times = (sizes.get(size) ?? 0) + Math.sign(seats);
    if (times === 0) sizes.delete(size);
    else sizes.set(size, times);
    if (size > largest) holder.largest = size;
    else if (size === largest && times === 0) holder.largest = Math.max(0, ...sizes.keys());
    this.seats += holder.largest - largest;
    if (sizes.size === 0) this.#holders.delete(key);
    else if (largest === 0) this.#holders.set(key, holder);
  }

  /** True if the same have the same, however they came to it; for the audit. */
  equals(other: SerialHolders): boolean {
    if (this.seats !== other.seats || this.#holders.size !== other.#holders.size) return false;
    for (const [key, { sizes }] of this.#holders) {
      const others = other.#holders.get(key)?.sizes;
      if (others?.size !== sizes.size) return false;
      for (const [size, times] of sizes) if (others.get(size) !== times) return false;
    }
    return true;
  }

  /** What a holder would have left without some of what it took. */
  seatsWithout(key: string, taken: readonly number[]): number {
    const left = new SerialHolders();
    for (const [size, times] of this.#holders.get(key)?.sizes ?? []) {
      const gone = taken.filter((each) => each === size).length;
      if (times > gone) left.add(key, size);
    }
    return left.seats;
  }
}

/** Holders as they would be with some seats back; with thousands of them they are not copied. */
export class SerialHoldersLeft extends SerialHolders {
  readonly #holders: SerialHolders;
  readonly #left = new Map<string, number>();

  /** `taken`: by key, what comes back. */
  constructor(holders: SerialHolders, taken: ReadonlyMap<string, readonly number[]>) {
    super();
    this.#holders = holders;
    this.seats = holders.seats;
    for (const [key, sizes] of taken) {
      const left = holders.seatsWithout(key, sizes);
      this.#left.set(key, left);
      this.seats -= holders.seatsOf(key) - left;
    }
  }

  override seatsOf(key: string): number {
    return this.#left.get(key) ?? this.#holders.seatsOf(key);
  }
}
