import { availableParallelism } from 'node:os';
import type { ClientContext } from '../client/context.ts';
import type { Shard, Workload } from '../domain/workload/model.ts';
import { RateCurve } from '../domain/workload/rate-curve.ts';
import type { Part } from '../report/bundle.ts';
import { intervalOf, RunRecord } from '../report/run-record.ts';
import { type LiveServer, LiveTarget } from './live-target.ts';
import { LocalShard } from './local-shard.ts';
import type { RunningShard, ShardOrder, ShardProgress } from './running-shard.ts';
import { WorkerShard } from './worker-shard.ts';

/** Sessions a second that one thread begins with ease. */
const RATE_PER_WORKER = 5_000;

/** Threads for a rate, one processor left to the server. */
export function workersFor({ sessions }: Workload): number {
  const peak = sessions.kind === 'open' ? new RateCurve(sessions.phases).peak : 0;
  const wanted = Math.ceil(peak / RATE_PER_WORKER);
  return Math.max(1, Math.min(wanted, availableParallelism() - 1));
}

/** What the threads of a run came to, together. */
export interface CrewResult {
  readonly record: RunRecord;
  readonly parts: readonly Part[];
}

/** The threads that share a shard: each does a finer shard of it. One is no thread of its own. */
export class Crew {
  readonly #shards: readonly RunningShard[];
  readonly #order: ShardOrder;
  readonly ready: Promise<number>;
  readonly done: Promise<CrewResult>;

  constructor(order: ShardOrder, workers: number, server: LiveServer, context: ClientContext) {
    this.#order = order;
    this.#shards =
      workers === 1
        ? [new LocalShard(order, new LiveTarget(server, context), context.clock)]
        : finerShards(order.shard, workers).map(
            (shard) => new WorkerShard({ order: orderFor(order, shard), server }),
          );
    this.ready = Promise.all(this.#shards.map((each) => each.ready)).then(
      (codes) => codes.find((code) => code !== 0) ?? 0,
    );
    this.done = Promise.all(this.#shards.map((each) => each.done)).then((results) => ({
      record: this.#sum(results.map(({ record }) => record)),
      parts: results.map(({ part }) => part),
    }));
  }

  get progress(): ShardProgress {
    const all = this.#shards.map(({ progress }) => progress);
    const [first] = all;
    if (all.length === 1 && first !== undefined) return first;
    return {
      atMs: Math.max(...all.map(({ atMs }) => atMs)),
      active: all.reduce((sum, { active }) => sum + active, 0),
      record: this.#sum(all.map(({ record }) => record)),
    };
  }

  start(): void {
    for (const shard of this.#shards) shard.start();
  }

  stop(): void {
    for (const shard of this.#shards) shard.stop();
  }

  abandon(): void {
    for (const shard of this.#shards) shard.abandon();
  }

  #sum(records: readonly RunRecord[]): RunRecord {
    const [only] = records;
    if (records.length === 1 && only !== undefined) return only;
    const whole = new RunRecord(intervalOf(this.#order.workload.durationMs));
    for (const record of records) whole.add(record);
    return whole;
  }
}

/** An order without what else its holder has: only plain data travels between threads. */
function orderFor({ workload, seed, startAt, precise }: ShardOrder, shard: Shard): ShardOrder {
  return { workload, seed, shard, precise, ...(startAt === undefined ? {} : { startAt }) };
}

/** Every `workers`-th session of a shard: `I + N*w` of `N*workers`. */
export function finerShards({ index, of }: Shard, workers: number): readonly Shard[] {
  return Array.from({ length: workers }, (_, worker) => ({
    index: index + of * worker,
    of: of * workers,
  }));
}
