/** What an item needs to be in a chain: a handle, and the chain's own fields. */
export interface Linked<Item> {
  /** Greater than that of every item added before. */
  readonly handle: number;
  previous: Item | undefined;
  next: Item | undefined;
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
    this.size--;
  }

  /** Whether an item is in this chain; it may be in no other. */
  has(item: Item): boolean {
    return item.previous !== undefined || item === this.first;
  }

  /** Walks the living chain: a reader may pause, and what went or came meanwhile is minded. */
  *values(): Generator<Item> {
    let item = this.first;
    while (item !== undefined) {
      yield item;
      item = this.has(item) ? item.next : this.#firstAfter(item.handle);
    }
  }

  #firstAfter(handle: number): Item | undefined {
    let item = this.first;
    while (item !== undefined && item.handle <= handle) item = item.next;
    return item;
  }
}
