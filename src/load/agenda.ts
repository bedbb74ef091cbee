import { type Deadline, DeadlineHeap } from '../base/deadline-heap.ts';

/** What is to be done at a time of the run, in milliseconds from its begin. */
export interface Agenda {
  now(): number;
  /** `rank`: of what falls due at one moment, the lower comes first. */
  at(atMs: number, task: () => void, rank?: number): Appointment;
  cancel(appointment: Appointment): void;
}

export type Appointment = Deadline<() => void>;

/** Of one moment: seats come back before somebody asks for them; the run ends behind all that was to happen. */
export const ranks = { release: 0, tick: 1, arrival: 2, retry: 3, end: 4, last: 5 } as const;

/** An agenda that the machine's clock moves. Timers are whole milliseconds; `precise` burns processor time instead. */
export class LiveAgenda implements Agenda {
  readonly #heap = new DeadlineHeap<() => void>();
  readonly #precise: boolean;
  #startedAt = performance.now();
  #timer: NodeJS.Timeout | undefined;
  #armedFor = Number.POSITIVE_INFINITY;
  #closed = false;

  constructor({ precise = false } = {}) {
    this.#precise = precise;
  }

  /** Begins the run's time anew. */
  start(): void {
    this.#startedAt = performance.now();
  }

  now(): number {
    return performance.now() - this.#startedAt;
  }

  at(atMs: number, task: () => void, rank: number = ranks.tick): Appointment {
    const appointment = this.#heap.add(atMs, task, rank);
    if (atMs < this.#armedFor) this.#arm();
    return appointment;
  }

  cancel(appointment: Appointment): void {
    this.#heap.remove(appointment);
  }

  /** Nothing is done any more. */
  close(): void {
    this.#closed = true;
    clearTimeout(this.#timer);
  }

  #arm(): void {
    const { first } = this.#heap;
    if (first === undefined || this.#closed) return;
    this.#armedFor = first.at;
    clearTimeout(this.#timer);
    const waitMs = first.at - this.now();
    // A timer takes a millisecond at least: what is due waits only until the answers that have come are read.
    if (waitMs <= 0 || (this.#precise && waitMs < 2)) {
      setImmediate(() => this.#wake(first.at));
      return;
    }
    // A timer may come a millisecond late and never early.
    const delayMs = this.#precise ? waitMs - 1.5 : waitMs;
    this.#timer = setTimeout(() => this.#wake(first.at), Math.min(Math.max(delayMs, 0), 1e9));
  }

  #wake(armedFor: number): void {
    if (this.#closed || armedFor !== this.#armedFor) return;
    this.#armedFor = Number.POSITIVE_INFINITY;
    // What falls due meanwhile comes in the next round, so that answers are read in between.
    const now = this.now();
    for (let { first } = this.#heap; first !== undefined && first.at <= now; ) {
      this.#heap.remove(first);
      first.subject();
      first = this.#heap.first;
    }
    this.#arm();
  }
}
