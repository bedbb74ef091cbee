import { DeadlineHeap } from '../base/deadline-heap.ts';
import { type Agenda, type Appointment, ranks } from './agenda.ts';

/** An agenda whose time passes as fast as things can be done. */
export class VirtualAgenda implements Agenda {
  readonly #heap = new DeadlineHeap<() => void>();
  #now = 0;

  now(): number {
    return this.#now;
  }

  at(atMs: number, task: () => void, rank: number = ranks.tick): Appointment {
    return this.#heap.add(Math.max(atMs, this.#now), task, rank);
  }

  cancel(appointment: Appointment): void {
    this.#heap.remove(appointment);
  }

  /** Does everything, in order. */
  run(): void {
    for (let { first } = this.#heap; first !== undefined; first = this.#heap.first) {
      this.#heap.remove(first);
      this.#now = first.at;
      first.subject();
    }
  }
}
