import { type LoadOptions, runLoad } from '../load/load-run.ts';
import type { Outcome } from '../report/summary.ts';
import type { GivenOptions } from './load-options.ts';
import { LoadProgress } from './load-progress.ts';

const signals = ['SIGINT', 'SIGTERM'] as const;

/**
 * Does something that Ctrl-C ends early: it is told by the signal and still comes to its end. The second Ctrl-C
 * ends the process.
 */
export async function interruptible<T>(work: (interrupted: AbortSignal) => Promise<T>): Promise<T> {
  const controller = new AbortController();
  const listener = (): void => {
    for (const signal of signals) process.off(signal, listener);
    controller.abort();
  };
  for (const signal of signals) process.once(signal, listener);
  try {
    return await work(controller.signal);
  } finally {
    for (const signal of signals) process.off(signal, listener);
  }
}

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
