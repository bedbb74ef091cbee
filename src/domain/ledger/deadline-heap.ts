import type { EpochMs } from '../../base/clock.ts';

/** Something that lapses at a time; whoever adds it keeps it, to take it back. */
export interface Deadline<Subject> {
  readonly at: EpochMs;
  /** Order of adding: it decides between deadlines of the same moment. */
  readonly order: number;
  readonly subject: Subject;
  /** Its place in the heap's array; the heap's own business. */
  slot: number;
}

/**
 * Deadlines with the earliest first: a binary heap in which each entry knows its place, so that
 * taking one back leaves nothing behind. Adding and removing cost the logarithm of the size,
 * looking at the first nothing.
 */
export class DeadlineHeap<Subject> {
  readonly #entries: Deadline<Subject>[] = [];
  #order = 0;

  get size(): number {
    return this.#entries.length;
  }

  /** The earliest, or undefined when nothing is to lapse. */
  get first(): Deadline<Subject> | undefined {
    return this.#entries[0];
  }

  has(deadline: Deadline<Subject>): boolean {
    return this.#entries[deadline.slot] === deadline;
  }

  add(at: EpochMs, subject: Subject): Deadline<Subject> {
    const deadline = { at, order: this.#order++, subject, slot: this.#entries.length };
    this.#entries.push(deadline);
    this.#rise(deadline);
    return deadline;
  }

  /** Harmless when it is no longer in the heap. */
  remove(deadline: Deadline<Subject>): void {
    if (!this.has(deadline)) return;
    const last = this.#entries.pop();
    if (last === undefined || last === deadline) return;
    this.#place(last, deadline.slot);
    this.#rise(last);
    this.#sink(last);
  }

  /**
   * Those whose time has come at `now`, earliest first. Changes nothing; visits only them and their
   * children.
   */
  due(now: EpochMs): Deadline<Subject>[] {
    const found: Deadline<Subject>[] = [];
    const open = [0];
    for (let slot = open.pop(); slot !== undefined; slot = open.pop()) {
      const deadline = this.#entries[slot];
      if (deadline === undefined || deadline.at > now) continue;
      found.push(deadline);
      open.push(2 * slot + 1, 2 * slot + 2);
    }
    return found.sort((a, b) => a.at - b.at || a.order - b.order);
  }

  /**
   * Places where an entry lapses before its parent, or does not know its own slot: none, or a
   * defect.
   */
  disorder(): readonly string[] {
    return this.#entries.flatMap((deadline, slot) => {
      const parent = this.#entries[(slot - 1) >> 1];
      const late = parent !== undefined && comesBefore(deadline, parent);
      return late || deadline.slot !== slot ? [`deadline heap out of order at slot ${slot}`] : [];
    });
  }

  #rise(deadline: Deadline<Subject>): void {
    while (deadline.slot > 0) {
      const parent = this.#entries[(deadline.slot - 1) >> 1]!;
      if (!comesBefore(deadline, parent)) return;
      this.#swap(deadline, parent);
    }
  }

  #sink(deadline: Deadline<Subject>): void {
    for (;;) {
      const left = this.#entries[2 * deadline.slot + 1];
      const right = this.#entries[2 * deadline.slot + 2];
      const child =
        right !== undefined && left !== undefined && comesBefore(right, left) ? right : left;
      if (child === undefined || !comesBefore(child, deadline)) return;
      this.#swap(deadline, child);
    }
  }

  #swap(a: Deadline<Subject>, b: Deadline<Subject>): void {
    const slot = a.slot;
    this.#place(a, b.slot);
    this.#place(b, slot);
  }

  #place(deadline: Deadline<Subject>, slot: number): void {
    deadline.slot = slot;
    this.#entries[slot] = deadline;
  }
}

function comesBefore(a: Deadline<unknown>, b: Deadline<unknown>): boolean {
  return a.at < b.at || (a.at === b.at && a.order < b.order);
}
