import { Piscina } from 'piscina';
import type { PlanLicense } from '../feature-license.ts';
import type { Replayed } from '../replay-ledger.ts';
import { sharedDemand } from './shared-demand.ts';
import type { SweepGround, SweepPlace } from './sweep.ts';
import type { SweepJob } from './sweep-job.ts';

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

  prepare(
    ground: SweepGround,
    here: (seats: number) => Replayed,
  ): (seats: number) => Promise<Replayed> {
    if (ground.demand.at.length < STARTS_MIN) return (seats) => Promise.resolve(here(seats));
    const { feature, daemon, change, ways } = ground;
    const task = {
      ...{ feature, daemon, change, ways, license: this.#license, licenseAt: this.#licenseAt },
      ...sharedDemand(ground),
    };
    const key = `${this.#tasks++}`;
    return async (seats) => {
      const job: SweepJob = { key, task, seats };
      return (await this.#threads().run(job)) as Replayed;
    };
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
