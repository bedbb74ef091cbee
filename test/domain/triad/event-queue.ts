/** Events in simulated time, in order of time and then of asking. */
export class EventQueue {
  now = 0;
  #asked = 0;
  readonly #heap: { readonly at: number; readonly order: number; readonly task: () => void }[] = [];

  in(ms: number, task: () => void): void {
    this.at(this.now + ms, task);
  }

  at(at: number, task: () => void): void {
    this.#heap.push({ at, order: this.#asked++, task });
    let child = this.#heap.length - 1;
    while (child > 0) {
      const parent = (child - 1) >> 1;
      if (!this.#isBefore(child, parent)) break;
      this.#swap(child, parent);
      child = parent;
    }
  }

  /** Runs what is due until then, `after` behind each; nothing of what lies later. */
  run(until: number, after: () => void): void {
    while (this.#heap.length > 0 && this.#heap[0]!.at <= until) {
      const { at, task } = this.#pop();
      this.now = at;
      task();
      after();
    }
    this.now = until;
  }

  #pop(): { readonly at: number; readonly task: () => void } {
    const first = this.#heap[0]!;
    const last = this.#heap.pop()!;
    if (this.#heap.length > 0) this.#heap[0] = last;
    for (let parent = 0; ; ) {
      const left = 2 * parent + 1;
      const right = left + 1;
      let least = parent;
      if (left < this.#heap.length && this.#isBefore(left, least)) least = left;
      if (right < this.#heap.length && this.#isBefore(right, least)) least = right;
      if (least === parent) return first;
      this.#swap(parent, least);
      parent = least;
    }
  }

  #isBefore(a: number, b: number): boolean {
    const [one, other] = [this.#heap[a]!, this.#heap[b]!];
    return one.at < other.at || (one.at === other.at && one.order < other.order);
  }

  #swap(a: number, b: number): void {
    [this.#heap[a], this.#heap[b]] = [this.#heap[b]!, this.#heap[a]!];
  }
}
