import { type Deadline, DeadlineHeap } from '../base/deadline-heap.ts';

/** What is to be done at a time of the run, in milliseconds from its begin. */
export interface Agenda {
  now(): number;
  /** `rank`: of what falls due at one moment, the lower comes first. */
  at(atMs: number, task: () => void, rank?: number): Appointment;
  cancel(appointment: Appointment): void;
}

export type Appointment = Deadline<() => void>;

/**
 * Of one moment: seats come back before somebody asks for them; the run ends behind all that was to happen; then
 * holders give back, behind those who stop waiting, and only then the end of what is left is waited for.
 */
export const ranks = {
  ...{ release: 0, tick: 1, arrival: 2, retry: 3 },
  ...{ end: 4, givingBack: 5, drain: 6 },
} as const;

/** What the clock is asked for next: a turn of the event loop, or nothing, rather than a time. */
const TURN = Number.NEGATIVE_INFINITY;
const NOTHING = Number.POSITIVE_INFINITY;
/** Things done at one go: behind more of them a deadline, Ctrl-C and answers would wait. */
const ROUND_MAX = 1_000;

/**
 * An agenda that the machine's clock moves. What is due waits only until the answers that have come are read, as a
 * timer takes a millisecond at least. Timers are whole milliseconds; `precise` burns processor time instead.
 */
export class LiveAgenda implements Agenda {
  readonly #heap = new DeadlineHeap<() => void>();
  readonly #precise: boolean;
  #startedAt = performance.now();
  #timer: NodeJS.Timeout | undefined;
  #timerFor = NOTHING;
  #awaits = NOTHING;
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
    if (atMs < this.#awaits) this.#arm();
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
    const waitMs = first.at - this.now();
    if (waitMs <= 0 || (this.#precise && waitMs < 2)) {
      this.#awaits = TURN;
      setImmediate(this.#wake);
      return;
    }
    this.#awaits = first.at;
    // One that comes too early does no harm: it arms the next.
    if (this.#timerFor <= first.at) return;
    this.#timerFor = first.at;
    clearTimeout(this.#timer);
    // A timer may come a millisecond late and never early.
    const delayMs = this.#precise ? waitMs - 1.5 : waitMs;
    this.#timer = setTimeout(this.#ring, Math.min(Math.max(delayMs, 0), 1e9));
  }

  readonly #ring = (): void => {
    this.#timerFor = NOTHING;
    if (this.#awaits !== TURN) this.#wake();
  };

  readonly #wake = (): void => {
    if (this.#closed) return;
    // What is added meanwhile is seen to at the end.
    this.#awaits = TURN;
    // What falls due meanwhile comes in the next round, so that answers are read in between.
    const now = this.now();
    let left = ROUND_MAX;
    for (let { first } = this.#heap; first !== undefined && first.at <= now && left > 0; left--) {
      this.#heap.remove(first);
      first.subject();
      first = this.#heap.first;
    }
    this.#awaits = NOTHING;
    this.#arm();
  };
}
