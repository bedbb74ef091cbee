import type { Cancel, EpochMs } from './clock.ts';
import { DeadlineHeap } from './deadline-heap.ts';
import { assert } from './errors.ts';

/** Tasks of one moment, those they arrange for the same moment included: more is a task without end. */
const TASKS_PER_MOMENT_MAX = 10_000_000;
/** What tasks threw is kept up to here: the first ones tell most. */
const ERRORS_KEPT_MAX = 10;

/** What is to be done when: the appointments of a clock that is moved by hand or by another clock. */
export class Appointments {
  readonly #heap = new DeadlineHeap<() => void>();
  #errors: unknown[] = [];

  /** When the earliest is; undefined when there is none. */
  get next(): EpochMs | undefined {
    return this.#heap.first?.at;
  }

  add(at: EpochMs, task: () => void): Cancel {
    const appointment = this.#heap.add(at, task);
    return () => this.#heap.remove(appointment);
  }

  /**
   * Runs what falls due up to `target`, in order of time, then of arrangement, and yields after each moment how
   * many tasks that were: those of one time, with those that they arrange for no later. `arrive` is told each
   * moment before its tasks run. A task that throws keeps no other from running.
   * @throws what a task threw, after the last moment; an AggregateError when several did.
   */
  *run(target: EpochMs, arrive: (at: EpochMs) => void): Generator<number, void> {
    for (let at = this.next; at !== undefined && at <= target; at = this.next) {
      arrive(at);
      yield this.#runMoment(at);
    }
    const [error, ...more] = this.#errors.splice(0);
    if (more.length > 0) throw new AggregateError([error, ...more], 'several appointments failed');
    if (error !== undefined) throw error;
  }

  #runMoment(at: EpochMs): number {
    let tasks = 0;
    for (
      let next = this.#heap.first;
      next !== undefined && next.at <= at;
      next = this.#heap.first
    ) {
      this.#heap.remove(next);
      assert(tasks++ < TASKS_PER_MOMENT_MAX, 'a task arranges itself for its own time without end');
      try {
        next.subject();
      } catch (error) {
        if (this.#errors.length < ERRORS_KEPT_MAX) this.#errors.push(error);
      }
    }
    return tasks;
  }
}
