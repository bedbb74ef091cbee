import { limits } from '../base/limits.ts';

interface Waiting {
  readonly work: () => void;
  readonly done: () => void;
  readonly failed: (error: unknown) => void;
}

/**
 * Where a daemon's clients wait for explanations. Each takes some milliseconds, for which everybody else waits: so
 * one is worked out at a time, and after each the others have as long as it took.
 */
export class ExplanationDesk {
  readonly #waiting: Waiting[] = [];
  readonly #waitingMax: number;
  #isBusy = false;

  constructor(waitingMax: number = limits.explanationsWaitingMax) {
    this.#waitingMax = waitingMax;
  }

  /** False while as many wait as may. */
  get hasRoom(): boolean {
    return this.#waiting.length < this.#waitingMax;
  }

  /** Does `work` when its turn has come; rejects with what it throws. */
  take(work: () => void): Promise<void> {
    return new Promise((done, failed) => {
      this.#waiting.push({ work, done, failed });
      if (!this.#isBusy) this.#next();
    });
  }

  #next(): void {
    const next = this.#waiting.shift();
    this.#isBusy = next !== undefined;
    if (next === undefined) return;
    const began = performance.now();
    try {
      next.work();
      next.done();
    } catch (error) {
      next.failed(error);
    }
    setTimeout(() => this.#next(), performance.now() - began);
  }
}
