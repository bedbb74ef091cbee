import type { Rng } from '../../../src/base/rng.ts';

/** placeholder */
export class SeatCount {
  static readonly licensed = 3;
  out = 0;
  someoneAsks(rng: Rng): void {
    if (this.out < SeatCount.licensed && rng.chance(1, 3)) this.out++;
  }
}
