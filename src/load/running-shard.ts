import type { Shard, Workload } from '../domain/workload/model.ts';
import type { Part } from '../report/bundle.ts';
import type { RunRecord } from '../report/run-record.ts';

/** What one shard of a run is to do, whichever thread does it. */
export interface ShardOrder {
  readonly workload: Workload;
  readonly shard: Shard;
  readonly seed: string;
  /** Milliseconds since 1970 at which to begin; connections are made before. */
  readonly startAt?: number;
  readonly precise: boolean;
}

export interface ShardResult {
  readonly record: RunRecord;
  readonly part: Part;
}

export interface ShardProgress {
  readonly atMs: number;
  /** Sessions in progress. */
  readonly active: number;
  /** So far; its intervals need not be there yet. */
  readonly record: RunRecord;
}

/** A shard that runs, in this thread or in another one. */
export interface RunningShard {
  /** Resolves with the code of the first user that could not connect, or 0. */
  readonly ready: Promise<number>;
  readonly done: Promise<ShardResult>;
  readonly progress: ShardProgress;
  /** Begins; to be called once it is ready. */
  start(): void;
  /** Ends early: nothing begins any more, what is held goes back. */
  stop(): void;
  /** Ends at once, whatever is out. */
  abandon(): void;
}
