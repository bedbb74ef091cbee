import type { EpochMs } from '../../base/clock.ts';
import type { PlanLicense } from '../feature-license.ts';
import { type SweepPlace, sweepHere } from './sweep.ts';

/** How replays are to be done. */
export interface SweepOptions {
  /** Threads; 1 is this one. */
  readonly workers: number;
  /** Keeps what is done. */
  readonly folder?: string;
  /** Told how many replays are done. */
  readonly report?: (done: number) => void;
}

export interface OpenSweepPlace extends SweepPlace {
  close(): Promise<void>;
}

/** Where replays are done as the options say; to be closed. */
export async function sweepPlace(
  { workers, folder, report }: SweepOptions,
  license: PlanLicense & { readonly at: EpochMs; readonly texts: readonly string[] },
): Promise<OpenSweepPlace> {
  const { licenses, options, timeZone, at, texts } = license;
  const files = { licenses, options, ...(timeZone === undefined ? {} : { timeZone }) };
  const { SweepPool } = workers === 1 ? { SweepPool: undefined } : await import('./sweep-pool.ts');
  const pool = SweepPool === undefined ? undefined : new SweepPool(files, at, workers);
  let place: SweepPlace = pool ?? sweepHere;
  if (folder !== undefined) {
    const { SweepStore } = await import('./sweep-store.ts');
    place = new SweepStore(folder, texts, place);
  }
  let done = 0;
  return {
    prepare(ground, here) {
      const replaying = place.prepare(ground, here);
      return async (order) => {
        const counts = await replaying(order);
        report?.(++done);
        return counts;
      };
    },
    close: async () => pool?.close(),
  };
}
