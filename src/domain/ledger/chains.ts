/** What an item needs to be in a chain: a handle, and the chain's own fields. */
export interface Linked<Item> {
  /** Greater than that of every item added before, and another one each time it is added. */
  readonly handle: number;
  previous: Item | undefined;
  next: Item | undefined;
  /** False before it is added and after it is removed. */
  chained: boolean;
}

/**
 * Items in the order they were added, linked through fields of their own: adding and removing cost
 * the same however long the chain is, and allocate nothing.
 */
export class Chain<Item extends Linked<Item>> {
  first: Item | undefined = undefined;
  last: Item | undefined = undefined;
  size = 0;

  add(item: Item): void {
    item.previous = this.last;
    item.chained = true;
    if (this.last === undefined) this.first = item;
    else this.last.next = item;
    this.last = item;
    this.size++;
  }

  /** Takes out an item of this chain. */
  remove(item: Item): void {
    const { previous, next } = item;
    if (previous === undefined) this.first = next;
    else previous.next = next;
    if (next === undefined) this.last = previous;
    else next.previous = previous;
    // What is gone must not point at what lives, or the collector keeps the one for the other.
    item.previous = undefined;
    item.next = undefined;
    item.chained = false;
    this.size--;
  }

  /** Walks the living chain: a reader may pause, and what went or came meanwhile is minded. */
  *values(): Generator<Item> {
    let item = this.first;
    while (item !== undefined) {
      const { handle } = item;
      yield item;
      // It may be gone, or be another's by now.
      item = item.handle === handle && item.chained ? item.next : this.#firstAfter(handle);
    }
  }

  #firstAfter(handle: number): Item | undefined {
    let item = this.first;
    while (item !== undefined && item.handle <= handle) item = item.next;
    return item;
  }
}
