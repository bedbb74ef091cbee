/** Numbers by time, earliest first; of one time in any order that is always the same. Two flat arrays. */
export class TimeHeap {
  size = 0;
  #times = new Float64Array(256);
  #items = new Int32Array(256);

  /** The earliest time; only when it is not empty. */
  get firstAt(): number {
    return this.#times[0]!;
  }

  push(at: number, item: number): void {
    if (this.size === this.#times.length) this.#grow();
    const times = this.#times;
    const items = this.#items;
    let slot = this.size++;
    while (slot > 0) {
      const parent = (slot - 1) >> 1;
      if (times[parent]! <= at) break;
      times[slot] = times[parent]!;
      items[slot] = items[parent]!;
      slot = parent;
    }
    times[slot] = at;
    items[slot] = item;
  }

  /** Takes the earliest away. */
  pop(): number {
    const times = this.#times;
    const items = this.#items;
    const first = items[0]!;
    const size = --this.size;
    const at = times[size]!;
    const item = items[size]!;
    let slot = 0;
    for (let child = 1; child < size; child = 2 * slot + 1) {
      if (child + 1 < size && times[child + 1]! < times[child]!) child++;
      if (times[child]! >= at) break;
      times[slot] = times[child]!;
      items[slot] = items[child]!;
      slot = child;
    }
    times[slot] = at;
    items[slot] = item;
    return first;
  }

  #grow(): void {
    const times = new Float64Array(2 * this.size);
    const items = new Int32Array(2 * this.size);
    times.set(this.#times);
    items.set(this.#items);
    this.#times = times;
    this.#items = items;
  }
}
