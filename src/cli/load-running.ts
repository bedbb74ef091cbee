import { type LoadOptions, runLoad } from '../load/load-run.ts';
import type { Outcome } from '../report/summary.ts';
import type { GivenOptions } from './load-options.ts';
import { LoadProgress } from './load-progress.ts';

/** Runs a load and tells on standard error how far it is. */
export async function runTold(
  options: GivenOptions & Pick<LoadOptions, 'interrupted'>,
): Promise<Outcome> {
  const progress = new LoadProgress(process.stderr);
  try {
    return await runLoad({ ...options, onProgress: (at) => progress.tell(at) });
  } finally {
    progress.end();
  }
}
