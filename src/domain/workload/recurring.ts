import type { PollStream, Shard, Workload } from './model.ts';

/** A question about the status. */
export interface PlannedPoll {
  readonly atMs: number;
  /** One feature, or undefined for all. */
  readonly feature: string | undefined;
}

/** One monitor's questions of a shard, in order: its rounds, and in each one question or one a feature. */
export class MonitorPlan {
  readonly #stream: PollStream;
  readonly #durationMs: number;
  readonly #firstMs: number;
  #round = 0;
  #feature = 0;

  constructor(stream: PollStream, monitor: number, durationMs: number) {
    this.#stream = stream;
    this.#durationMs = durationMs;
    this.#firstMs = stream.spread ? (monitor / stream.monitors) * stream.everyMs : 0;
  }

  next(): PlannedPoll | undefined {
    const { ask, features, everyMs } = this.#stream;
    const atMs = this.#firstMs + this.#round * everyMs;
    if (atMs >= this.#durationMs) return undefined;
    const feature = ask === 'all' ? undefined : features[this.#feature++];
    if (ask === 'all' || this.#feature >= features.length) {
      this.#round++;
      this.#feature = 0;
    }
    return { atMs, feature };
  }
}

/** The monitors that a shard has. */
export function monitorsOf({ polls, durationMs }: Workload, shard: Shard): readonly MonitorPlan[] {
  let number = 0;
  return polls.flatMap((stream) =>
    Array.from({ length: stream.monitors }, (_, monitor) => monitor)
      .filter(() => number++ % shard.of === shard.index)
      .map((monitor) => new MonitorPlan(stream, monitor, durationMs)),
  );
}

/** When connections come that only come and go: evenly, every n-th of them the shard's own. */
export function churnTimes(
  { churnPerSecond, durationMs }: Workload,
  shard: Shard,
): { next(): number | undefined } {
  let index = shard.index;
  return {
    next() {
      const atMs = (index * 1000) / churnPerSecond;
      index += shard.of;
      return churnPerSecond > 0 && atMs < durationMs ? atMs : undefined;
    },
  };
}
