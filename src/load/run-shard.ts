import { Rng } from '../base/rng.ts';
import type { Shard, Workload } from '../domain/workload/model.ts';
import type { Part } from '../report/bundle.ts';
import { intervalOf, RunRecord } from '../report/run-record.ts';
import { LiveAgenda } from './agenda.ts';
import { Engine } from './engine.ts';
import { HealthWatch } from './generator-health.ts';
import type { LoadTarget } from './target.ts';

export interface ShardOptions {
  readonly workload: Workload;
  readonly shard: Shard;
  readonly seed: string;
  readonly target: LoadTarget;
  /** Milliseconds since 1970 at which to begin; connections are made before. */
  readonly startAt?: number;
  readonly precise?: boolean;
}

export interface ShardResult {
  readonly record: RunRecord;
  readonly part: Part;
}

/** After the end of the time, answers are waited for so long: more than a client waits for one. */
const DRAIN_MS = 15_000;

/** A shard that runs over the network, to look at and to stop. */
export class ShardRun {
  readonly record: RunRecord;
  /** Resolves with the code of the first user that could not connect, or 0. */
  readonly ready: Promise<number>;
  readonly done: Promise<ShardResult>;
  readonly #options: ShardOptions;
  readonly #agenda: LiveAgenda;
  readonly #engine: Engine;
  readonly #health = new HealthWatch();
  #startedAt = 0;
  #startedMs = 0;
  #resolve: (result: ShardResult) => void = () => {};
  #drain: NodeJS.Timeout | undefined;
  #isDone = false;

  constructor(options: ShardOptions) {
    const { workload, shard, seed, target, precise = false } = options;
    this.#options = options;
    this.record = new RunRecord(intervalOf(workload.durationMs));
    this.#agenda = new LiveAgenda({ precise });
    this.done = new Promise((resolve) => {
      this.#resolve = resolve;
    });
    this.#engine = new Engine({
      workload,
      shard,
      rng: new Rng(seed),
      agenda: this.#agenda,
      target,
      record: this.record,
      onDone: () => this.#finish(),
    });
    this.ready = new Promise((resolve) => this.#engine.warmUp(resolve));
  }

  /** Begins now, or at the time that all shards begin; to be called once it is ready. */
  start(): void {
    const waitMs = (this.#options.startAt ?? 0) - Date.now();
    if (waitMs > 0) setTimeout(() => this.#start(), Math.min(waitMs, 2 ** 31 - 1));
    else this.#start();
  }

  /** Ends early: nothing begins any more, what is held goes back. */
  stop(): void {
    this.#engine.stop();
    this.#armDrain();
  }

  /** Ends at once, whatever is out. */
  abandon(): void {
    this.#engine.abandon();
    this.#finish();
  }

  get progress(): { atMs: number; durationMs: number; active: number } {
    const atMs = this.#startedAt === 0 ? 0 : this.#agenda.now();
    const { durationMs } = this.#options.workload;
    return { atMs, durationMs, active: this.#engine.active };
  }

  #start(): void {
    this.#agenda.start();
    this.#health.start();
    this.#startedAt = Date.now();
    this.#startedMs = performance.now();
    this.#engine.start();
    this.#agenda.at(this.#options.workload.durationMs, () => this.#armDrain(), 255);
  }

  #armDrain(): void {
    if (this.#isDone) return;
    this.#drain ??= setTimeout(() => this.abandon(), DRAIN_MS);
  }

  #finish(): void {
    if (this.#isDone) return;
    this.#isDone = true;
    clearTimeout(this.#drain);
    this.#agenda.close();
    const { index, of } = this.#options.shard;
    const health = this.#health.read();
    this.#health.stop();
    const tookMs = Math.round(performance.now() - this.#startedMs);
    this.#resolve({
      record: this.record,
      part: { index, of, startedAt: this.#startedAt, tookMs, health },
    });
  }
}
