/** What an item needs to be in a chain: a handle, and the chain's own fields. */
export interface Linked<Item> {
  /** Greater than that of every item added before, and another one each time it is added. */
  readonly handle: number;
  previous: Item | undefined;
  next: Item | undefined;
}

/** Where a chain begins and ends. */
export interface ChainEnds<Item> {
  first: Item | undefined;
  last: Item | undefined;
  size: number;
}

/** Adds an item at the end of a chain. */
export function link<Item extends Linked<Item>>(chain: ChainEnds<Item>, item: Item): void {
  item.previous = chain.last;
  if (chain.last === undefined) chain.first = item;
  else chain.last.next = item;
  chain.last = item;
  chain.size++;
}

/** Takes out an item of the chain. */
export function unlink<Item extends Linked<Item>>(chain: ChainEnds<Item>, item: Item): void {
  const { previous, next } = item;
  if (previous === undefined) chain.first = next;
  else previous.next = next;
  if (next === undefined) chain.last = previous;
  else next.previous = previous;
  // What is gone must not point at what lives, or the collector keeps the one for the other.
  item.previous = undefined;
  item.next = undefined;
  chain.size--;
}

/** Walks the living chain: a reader may pause, and what went or came meanwhile is minded. */
export function* walk<Item extends Linked<Item>>(chain: ChainEnds<Item>): Generator<Item> {
  let item = chain.first;
  while (item !== undefined) {
    const { handle } = item;
    yield item;
    // It may be gone, or be another's by now.
    const stays = item.handle === handle && isIn(chain, item);
    item = stays ? item.next : firstAfter(chain, handle);
  }
}

/** Whether an item is in the chain; it may be in no other. */
export function isIn<Item extends Linked<Item>>({ first }: ChainEnds<Item>, item: Item): boolean {
  return item.previous !== undefined || item === first;
}

function firstAfter<Item extends Linked<Item>>(
  { first }: ChainEnds<Item>,
  handle: number,
): Item | undefined {
  let item = first;
  while (item !== undefined && item.handle <= handle) item = item.next;
  return item;
}

/**
 * Items in the order they were added, linked through fields of their own: adding and removing cost
 * the same however long the chain is, and allocate nothing.
 */
export class Chain<Item extends Linked<Item>> implements ChainEnds<Item> {
  first: Item | undefined = undefined;
  last: Item | undefined = undefined;
  size = 0;

  add(item: Item): void {
    link(this, item);
  }

  /** Takes out an item of this chain. */
  remove(item: Item): void {
    unlink(this, item);
  }

  values(): Generator<Item> {
    return walk(this);
  }
}
