import { type Clock, systemClock, TIMER_DELAY_MS_MAX } from '../base/clock.ts';
import { Rng } from '../base/rng.ts';
import { intervalOf, RunRecord } from '../report/run-record.ts';
import { LiveAgenda, ranks } from './agenda.ts';
import { Engine } from './engine.ts';
import { HealthWatch } from './generator-health.ts';
import type { RunningShard, ShardOrder, ShardProgress, ShardResult } from './running-shard.ts';
import type { LoadTarget } from './target.ts';

/** After the end of the time, answers are waited for so long: more than a client waits for one. */
const DRAIN_MS = 15_000;

/** A shard that runs in this thread. */
export class LocalShard implements RunningShard {
  readonly record: RunRecord;
  readonly ready: Promise<number>;
  readonly done: Promise<ShardResult>;
  readonly #order: ShardOrder;
  readonly #clock: Clock;
  readonly #agenda: LiveAgenda;
  readonly #engine: Engine;
  readonly #health = new HealthWatch();
  /** By the given clock; 0 before it has begun. */
  #startedAt = 0;
  #startedMs = 0;
  #starting: NodeJS.Timeout | undefined;
  #resolve: (result: ShardResult) => void = () => {};
  #drain: NodeJS.Timeout | undefined;
  #isDone = false;

  /** `clock` tells when it began; what it does goes by the machine's. */
  constructor(order: ShardOrder, target: LoadTarget, clock: Clock = systemClock) {
    const { workload, shard, seed, precise } = order;
    this.#order = order;
    this.#clock = clock;
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

  start(): void {
    const waitMs = (this.#order.startAt ?? 0) - Date.now();
    // Who ends it before it begins has ended it.
    if (this.#isDone) return;
    if (waitMs <= 0) return this.#start();
    this.#starting = setTimeout(() => this.start(), Math.min(waitMs, TIMER_DELAY_MS_MAX));
  }

  stop(): void {
    this.#engine.stop();
    this.#armDrain();
  }

  abandon(): void {
    this.#engine.abandon();
    this.#finish();
  }

  get progress(): ShardProgress {
    const atMs = this.#startedAt === 0 ? 0 : this.#agenda.now();
    return { atMs, active: this.#engine.active, record: this.record };
  }

  #start(): void {
    this.#agenda.start();
    this.#health.start();
    this.#startedAt = this.#clock.now();
    this.#startedMs = performance.now();
    this.#engine.start();
    this.#agenda.at(this.#order.workload.durationMs, () => this.#armDrain(), ranks.drain);
  }

  #armDrain(): void {
    if (this.#isDone) return;
    this.#drain ??= setTimeout(() => this.abandon(), DRAIN_MS);
  }

  #finish(): void {
    if (this.#isDone) return;
    this.#isDone = true;
    // One that is ended before its time must not keep its process alive until then.
    clearTimeout(this.#starting);
    clearTimeout(this.#drain);
    this.#agenda.close();
    const { index, of } = this.#order.shard;
    const health = this.#health.read();
    this.#health.stop();
    const hasBegun = this.#startedAt > 0;
    const tookMs = hasBegun ? Math.round(performance.now() - this.#startedMs) : 0;
    this.#resolve({
      record: this.record,
      part: { index, of, startedAt: this.#startedAt, tookMs, health },
    });
  }
}
