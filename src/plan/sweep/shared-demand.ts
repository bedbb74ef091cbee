import { anotherLike, originalOf } from '../clients.ts';
import type { SweepGround } from './sweep.ts';
import type { SweepTask } from './sweep-job.ts';

/** A demand in memory that threads share, its clients numbered anew from 0 so that their names can go along. */
export function sharedDemand({ demand, nameOf }: SweepGround): Pick<SweepTask, 'demand' | 'names'> {
  const ids = new Map<number, number>();
  const names: (readonly [string, string])[] = [];
  const numberOf = (id: number): number => {
    let number = ids.get(id);
    if (number === undefined) {
      const { user, host } = nameOf(id);
      number = names.push([user, host]) - 1;
      ids.set(id, number);
    }
    return number;
  };
  const { length } = demand.at;
  const client = new Int32Array(new SharedArrayBuffer(4 * length));
  for (let row = 0; row < length; row++) {
    const id = demand.client[row]!;
    client[row] = id < 0 ? anotherLike(numberOf(originalOf(id))) : numberOf(id);
  }
  const at = new Float64Array(new SharedArrayBuffer(8 * length));
  const holdMs = new Float64Array(new SharedArrayBuffer(8 * length));
  const count = new Int32Array(new SharedArrayBuffer(4 * length));
  const isInitial = new Uint8Array(new SharedArrayBuffer(length));
  at.set(demand.at);
  holdMs.set(demand.holdMs);
  count.set(demand.count);
  isInitial.set(demand.isInitial);
  return { demand: { at, holdMs, client, count, isInitial }, names };
}
