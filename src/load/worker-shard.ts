import { Worker } from 'node:worker_threads';
import { recordOfJson } from '../report/record-codec.ts';
import { intervalOf, RunRecord } from '../report/run-record.ts';
import type { LiveServer } from './live-target.ts';
import type { RunningShard, ShardOrder, ShardProgress, ShardResult } from './running-shard.ts';

/** What a worker's thread is given. */
export interface WorkerSetup {
  readonly order: ShardOrder;
  readonly server: LiveServer;
}

export type ToWorker = 'start' | 'stop' | 'abandon';

/** Records travel as plain data. */
export type FromWorker =
  | { readonly kind: 'ready'; readonly code: number }
  | {
      readonly kind: 'progress';
      readonly atMs: number;
      readonly active: number;
      readonly record: object;
    }
  | { readonly kind: 'done'; readonly record: object; readonly part: ShardResult['part'] };

/** A shard that runs in a thread of its own. */
export class WorkerShard implements RunningShard {
  readonly ready: Promise<number>;
  readonly done: Promise<ShardResult>;
  progress: ShardProgress;
  readonly #worker: Worker;

  constructor(setup: WorkerSetup) {
    const record = new RunRecord(intervalOf(setup.order.workload.durationMs));
    this.progress = { atMs: 0, active: 0, record };
    this.#worker = new Worker(new URL('./worker-main.js', import.meta.url), { workerData: setup });
    this.ready = this.#next('ready').then(({ code }) => code);
    this.done = this.#next('done').then((message) => ({
      record: recordOfJson(message.record as never, 'worker'),
      part: message.part,
    }));
    this.#worker.on('message', (message: FromWorker) => {
      if (message.kind !== 'progress') return;
      const { atMs, active } = message;
      this.progress = { atMs, active, record: recordOfJson(message.record as never, 'worker') };
    });
  }

  /** A worker fails by a defect only: what it throws is ours. */
  #next<K extends FromWorker['kind']>(kind: K): Promise<FromWorker & { readonly kind: K }> {
    return new Promise((resolve, reject) => {
      this.#worker.on('error', reject);
      this.#worker.on('message', (message: FromWorker) => {
        if (message.kind === kind) resolve(message as FromWorker & { readonly kind: K });
      });
    });
  }

  start(): void {
    this.#send('start');
  }

  stop(): void {
    this.#send('stop');
  }

  abandon(): void {
    this.#send('abandon');
  }

  #send(order: ToWorker): void {
    this.#worker.postMessage(order);
  }
}
