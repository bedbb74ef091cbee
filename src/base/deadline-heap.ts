import type { EpochMs } from './clock.ts';

/** Something that lapses at a time; whoever adds it keeps it, to take it back. */
export interface Deadline<Subject> {
  readonly at: EpochMs;
  /** Rank, then order of adding: it decides between deadlines of the same moment. */
  readonly order: number;
  readonly subject: Subject;
  /** Its place in the heap's array; the heap's own business. */
  slot: number;
}

/** More deadlines than a ledger will ever add: what one rank of them has for its order. */
const RANK_STEP = 2 ** 45;

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

  /** Of one moment, a lower rank (0 to 255) comes first; of one rank, what was added first. */
  add<Mine extends Subject>(at: EpochMs, subject: Mine, rank = 0): Deadline<Mine> {
    const order = rank * RANK_STEP + this.#order++;
    const deadline = { at, order, subject, slot: this.#entries.length };
    this.#entries.push(deadline);
    this.#rise(deadline);
    return deadline;
  }

  /** Harmless when it is no longer in the heap. */
  remove(deadline: Deadline<Subject>): void {
    if (!this.has(deadline)) return;
    const last = this.#entries.pop();
    if (last === undefined || last === deadline) return;
    last.slot = deadline.slot;
    // It is later than all above the gap, or it belongs above: never both.
    this.#sink(last);
    if (last.slot === deadline.slot) this.#rise(last);
  }

  /**
   * Those whose time has come at `now`, earliest first. Changes nothing; visits only them and their
   * children.
   */
  due(now: EpochMs): Deadline<Subject>[] {
    const found: Deadline<Subject>[] = [];
    this.#gather(0, now, found);
    return found.length < 2 ? found : found.sort((a, b) => a.at - b.at || a.order - b.order);
  }

  #gather(slot: number, now: EpochMs, found: Deadline<Subject>[]): void {
    const deadline = this.#entries[slot];
    if (deadline === undefined || deadline.at > now) return;
    found.push(deadline);
    this.#gather(2 * slot + 1, now, found);
    this.#gather(2 * slot + 2, now, found);
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

  /** Moves what is above and later down, until `deadline` fits where it then stands. */
  #rise(deadline: Deadline<Subject>): void {
    const entries = this.#entries;
    let { slot } = deadline;
    while (slot > 0) {
      const above = entries[(slot - 1) >> 1]!;
      if (!comesBefore(deadline, above)) break;
      entries[slot] = above;
      const vacated = above.slot;
      above.slot = slot;
      slot = vacated;
    }
    entries[slot] = deadline;
    deadline.slot = slot;
  }

  /** Moves what is below and earlier up, until `deadline` fits where it then stands. */
  #sink(deadline: Deadline<Subject>): void {
    const entries = this.#entries;
    const { length } = entries;
    let { slot } = deadline;
    for (;;) {
      let below = 2 * slot + 1;
      if (below >= length) break;
      let child = entries[below]!;
      if (below + 1 < length) {
        const right = entries[below + 1]!;
        if (comesBefore(right, child)) {
          child = right;
          below++;
        }
      }
      if (!comesBefore(child, deadline)) break;
      entries[slot] = child;
      child.slot = slot;
      slot = below;
    }
    entries[slot] = deadline;
    deadline.slot = slot;
  }
}

function comesBefore(a: Deadline<unknown>, b: Deadline<unknown>): boolean {
  return a.at < b.at || (a.at === b.at && a.order < b.order);
}
