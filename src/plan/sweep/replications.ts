import type { Rng } from '../../base/rng.ts';
import { sortedOrder } from '../columns.ts';
import { type Demand, rowsAt } from '../demand/demand.ts';
import { dayIndices } from '../demand/weeks.ts';
import { drawnDay, middle } from '../estimate/bootstrap.ts';
import { WEEK_DAYS } from '../estimate/seat-search.ts';
import type { FeatureQuestion, Replications } from '../plan-model.ts';
import { DAY_MS } from '../scan/wall-clock.ts';
import { curveFor } from './sweep.ts';

/** Histories that are there at a time: each is as large as the log's own. */
const AT_ONCE = 8;

/**
 * Replays histories that could have been: each day of the full weeks is another one of its kind, drawn with repetition,
 * with its starts at their times of day. The first day is warm-up, since nothing is out when it begins.
 */
export async function replicationsAt(
  seats: number,
  { feature, demand }: { readonly feature: string; readonly demand: Demand },
  question: FeatureQuestion,
): Promise<{ readonly replications?: Replications }> {
  const count = question.replications;
  if (count === 0) return {};
  const rng = question.rng.fork('replications');
  const replicated = async (index: number): Promise<number> => {
    const drawn = redrawn(demand, question, rng.fork(`${index}`));
    const curve = curveFor({ feature, demand: drawn, question });
    const { deniedByDay, startsByDay } = await curve.at(seats);
    return sumOf(deniedByDay) / Math.max(1, sumOf(startsByDay));
  };
  const shares: number[] = [];
  while (shares.length < count) {
    const some = Math.min(AT_ONCE, count - shares.length);
    const from = shares.length;
    const more = Array.from({ length: some }, (_, index) => replicated(from + index));
    shares.push(...(await Promise.all(more)));
  }
  shares.sort((a, b) => a - b);
  const mean = shares.reduce((sum, share) => sum + share, 0) / count;
  return { replications: { count, mean, ...middle(shares) } };
}

function sumOf(byDay: Float64Array): number {
  return byDay.subarray(1).reduce((sum, each) => sum + each, 0);
}

function redrawn(demand: Demand, { weeks, wall }: FeatureQuestion, rng: Rng): Demand {
  const rowsByDay = Array.from({ length: WEEK_DAYS * weeks.count }, (): number[] => []);
  dayIndices(demand.at, weeks, wall).forEach((day, row) => {
    if (demand.isInitial[row] === 0) rowsByDay[day]?.push(row);
  });
  const rows: number[] = [];
  const at: number[] = [];
  for (let day = 0; day < rowsByDay.length; day++) {
    const from = WEEK_DAYS * rng.below(weeks.count) + drawnDay(day % WEEK_DAYS, rng);
    for (const row of rowsByDay[from]!) {
      rows.push(row);
      at.push(demand.at[row]! + (day - from) * DAY_MS);
    }
  }
  const moved = { ...rowsAt(demand, rows), at: Float64Array.from(at) };
  return { ...demand, ...rowsAt(moved, sortedOrder(moved.at)) };
}
