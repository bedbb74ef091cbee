import { Worker } from 'node:worker_threads';
import { type ErrorCode, KnownError } from '../../base/errors.ts';
import type { LogNames } from '../scan/log-names.ts';
import { type PackJob, roomOf } from './pack-part.ts';
import { NamesTeller, type NewNames } from './part-texts.ts';

/** What the thread is sent: a part, and the names that are new since the one before. */
export interface PackOrder {
  readonly job: PackJob;
  readonly news: NewNames;
}

/** What it answers. A known error's own class does not travel. */
export type PackAnswer =
  | { readonly kind: 'ready' }
  /** The room of the part comes back. */
  | { readonly kind: 'packed'; readonly job: PackJob }
  | { readonly kind: 'failed'; readonly code: ErrorCode; readonly text: string };

/** Parts that it may have at a time: the one that it packs, and two that wait. */
const PARTS_MAX = 3;

/**
 * A thread that packs parts, in the order in which it gets them. One that does not begin (a system may allow no more
 * threads) takes no part: its owner packs alone.
 */
export class PackingThread {
  readonly #worker: Worker;
  readonly #names: NamesTeller;
  readonly #giveBack: (job: PackJob) => void;
  #isReady = false;
  #parts = 0;
  #failure: Error | undefined;
  #settle = (): void => {};

  constructor(names: LogNames, giveBack: (job: PackJob) => void) {
    this.#names = new NamesTeller(names);
    this.#giveBack = giveBack;
    this.#worker = new Worker(new URL('./pack-worker.js', import.meta.url));
    this.#worker.on('message', (answer: PackAnswer) => this.#hear(answer));
    // Who has a code was ended by the system, such as for want of memory; a defect has none.
    this.#worker.on('error', (error) => this.#end('code' in error ? lost(error.message) : error));
    this.#worker.on('exit', (code) => this.#end(lost(`exit status ${code}`)));
  }

  /**
   * Takes the part along with the room it is in, if it may have one more.
   * @throws the error of a part that it had before
   */
  take(job: PackJob): boolean {
    if (this.#failure !== undefined) throw this.#failure;
    if (!this.#isReady || this.#parts === PARTS_MAX) return false;
    const order: PackOrder = { job, news: this.#names.news() };
    this.#parts++;
    this.#worker.postMessage(order, roomOf(job));
    return true;
  }

  /** It has no part any more. @throws the error of one that it had */
  async settled(): Promise<void> {
    if (this.#parts > 0 && this.#failure === undefined) {
      await new Promise<void>((done) => {
        this.#settle = done;
      });
    }
    if (this.#failure !== undefined) throw this.#failure;
  }

  async close(): Promise<void> {
    await this.#worker.terminate();
  }

  #hear(answer: PackAnswer): void {
    if (answer.kind === 'ready') this.#isReady = true;
    else if (answer.kind === 'failed') this.#end(new KnownError(answer.code, answer.text));
    else {
      this.#parts--;
      this.#giveBack(answer.job);
      if (this.#parts === 0) this.#settle();
    }
  }

  /** Parts that it still has are lost, and so is the ingest; it takes no more. */
  #end(error: Error): void {
    this.#isReady = false;
    if (this.#parts > 0) this.#failure ??= error;
    this.#settle();
  }
}

function lost(why: string): KnownError {
  return new KnownError('PLAN_STORE', `a thread that packs tables: expected to go on, got: ${why}`);
}
