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

  /** What comes next; undefined when nothing does. */
  get first(): Appointment | undefined {
    return this.#heap.first;
  }

  passTo(atMs: number): void {
    this.#now = Math.max(this.#now, atMs);
  }

  /** Does what was to be done. */
  keep(appointment: Appointment): void {
    this.#heap.remove(appointment);
    appointment.subject();
  }

  /** Does everything, in order. */
  run(): void {
    for (let { first } = this; first !== undefined; first = this.first) {
      this.passTo(first.at);
      this.keep(first);
    }
  }
}
