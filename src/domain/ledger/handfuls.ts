/** What can be held: handles tell items apart and only grow. */
interface Handled {
  readonly handle: number;
}

/**
 * Items by handle, oldest first, where one is the rule and a hundred thousand are possible: what a
 * session holds, who shares a seat. The first needs no table.
 */
export class Handful<Item extends Handled> {
  #only: Item | undefined = undefined;
  #many: Map<number, Item> | undefined = undefined;
  /** The oldest of many, when known: a Map finds it behind the places of all that left before. */
  #oldest: Item | undefined = undefined;

  get size(): number {
    if (this.#many !== undefined) return this.#many.size;
    return this.#only === undefined ? 0 : 1;
  }

  /** The oldest. */
  get first(): Item | undefined {
    if (this.#many === undefined) return this.#only;
    this.#oldest ??= this.#many.values().next().value;
    return this.#oldest;
  }

  add(item: Item): void {
    if (this.#many !== undefined) this.#many.set(item.handle, item);
    else if (this.#only === undefined) this.#only = item;
    else {
      this.#many = new Map([
        [this.#only.handle, this.#only],
        [item.handle, item],
      ]);
      this.#only = undefined;
    }
  }

  /** Takes out one of its items. */
  delete(item: Item): void {
    if (this.#many === undefined) this.#only = undefined;
    else {
      this.#many.delete(item.handle);
      if (item === this.#oldest) this.#oldest = undefined;
      if (this.#many.size === 0) this.#many = undefined;
    }
  }

  /** All of them in a new array. */
  toArray(): Item[] {
    if (this.#many !== undefined) return [...this.#many.values()];
    return this.#only === undefined ? [] : [this.#only];
  }
}
