import { Piscina } from 'piscina';
import type { SeatCounts } from '../estimate/seat-search.ts';
import type { PlanLicense } from '../feature-license.ts';
import type { ReplayOrder } from './demand-replays.ts';
import type { Replaying, SweepGround, SweepPlace } from './sweep.ts';
import type { SweepJob, SweepTask } from './sweep-job.ts';

/** Fewer starts than these are replayed before a thread has begun. */
const STARTS_MIN = 20_000;

/** Replays by threads, for demands that are worth it. */
export class SweepPool implements SweepPlace {
  readonly #license: PlanLicense;
  readonly #licenseAt: number;
  readonly #workers: number;
  #pool: Piscina | undefined;
  #tasks = 0;

  constructor(license: PlanLicense, licenseAt: number, workers: number) {
    this.#license = license;
    this.#licenseAt = licenseAt;
    this.#workers = workers;
  }

  prepare(ground: SweepGround, here: (order: ReplayOrder) => SeatCounts): Replaying {
    if (ground.starts < STARTS_MIN) return (order) => Promise.resolve(here(order));
    const key = `${this.#tasks++}`;
    let task: SweepTask | undefined;
    return async (order) => {
      task ??= this.#taskOf(ground);
      const job: SweepJob = { key, task, order };
      return (await this.#threads().run(job)) as SeatCounts;
    };
  }

  #taskOf({ shared, starts: _, ...ground }: SweepGround): SweepTask {
    return { ...ground, shared: shared(), license: this.#license, licenseAt: this.#licenseAt };
  }

  #threads(): Piscina {
    this.#pool ??= new Piscina({
      filename: new URL('./sweep-worker.js', import.meta.url).href,
      minThreads: this.#workers,
      maxThreads: this.#workers,
    });
    return this.#pool;
  }

  async close(): Promise<void> {
    await this.#pool?.destroy();
  }
}
