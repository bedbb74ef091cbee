import { middle } from '../estimate/bootstrap.ts';
import type { FeatureQuestion, Replications } from '../plan-model.ts';
import type { Replaying } from './sweep.ts';

/**
 * Replays histories that could have been: each day of the full weeks is another one of its kind, drawn with repetition,
 * with its starts at their times of day. The first day is warm-up, since nothing is out when it begins. Who replays one
 * draws it, from a seed: each is as large as the log's own.
 */
export async function replicationsAt(
  seats: number,
  replaying: Replaying,
  { replications: count, rng }: FeatureQuestion,
): Promise<{ readonly replications?: Replications }> {
  if (count === 0) return {};
  const seeds = rng.fork('replications');
  const replicated = async (index: number): Promise<number> => {
    const drawnBy = seeds.fork(`${index}`).seed;
    const { deniedByDay, startsByDay } = await replaying({ seats, drawnBy });
    return sumOf(deniedByDay) / Math.max(1, sumOf(startsByDay));
  };
  const shares = await Promise.all(Array.from({ length: count }, (_, index) => replicated(index)));
  shares.sort((a, b) => a - b);
  const mean = shares.reduce((sum, share) => sum + share, 0) / count;
  return { replications: { count, mean, ...middle(shares) } };
}

function sumOf(byDay: Float64Array): number {
  return byDay.subarray(1).reduce((sum, each) => sum + each, 0);
}
