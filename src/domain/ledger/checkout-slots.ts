import { HeldCheckout, type LedgerPool } from './holdings.ts';
import { none } from './model.ts';

/** Objects kept for checkouts to come: more than come back between two turns of a busy daemon; some 700 KB. */
const SPARES_MAX = 4_096;
const SLOTS_AT_FIRST = 256;

/**
 * Where the objects of checkouts lie, each in a slot of its own, and in which order those of a pool went out.
 *
 * An object made for each checkout would outlive two collections and then lie among the old: with 100,000 seats
 * out, copying them there was a third of what a checkout cost. So those that are over are used again. And a pool's
 * chain links slots, not objects: its neighbours in the chain went out long before and after, and their objects are
 * not in the processor's cache, while eight bytes each may well be.
 */
export class CheckoutSlots {
  readonly #objects: (HeldCheckout | undefined)[] = [];
  /** Slots of checkouts that are over; the first of them keep their objects. */
  readonly #vacant: number[] = [];
  /** The slots before and behind each one in its pool's chain. */
  #links = new Int32Array(2 * SLOTS_AT_FIRST);

  /** An object for a checkout of the pool, in no chain yet. */
  take(pool: LedgerPool): HeldCheckout {
    const slot = this.#vacant.pop() ?? this.#objects.length;
    const spare = this.#objects[slot];
    if (spare !== undefined) return spare;
    const made = new HeldCheckout(pool, slot);
    this.#objects[slot] = made;
    if (2 * slot >= this.#links.length) this.#links = doubled(this.#links);
    return made;
  }

  /** Takes one that is over, in no chain any more, and that nothing of the ledger points at. */
  put(checkout: HeldCheckout): void {
    const { slot } = checkout;
    checkout.end();
    if (this.#vacant.length >= SPARES_MAX) this.#objects[slot] = undefined;
    this.#vacant.push(slot);
  }

  /** Forgets the objects of all that are over, and with them the pools of which they were. */
  forgetSpares(): void {
    for (const slot of this.#vacant) this.#objects[slot] = undefined;
  }

  /** Adds a checkout at the end of the pool's chain; its handle is the greatest so far. */
  link(pool: LedgerPool, { slot }: HeldCheckout): void {
    const { last } = pool;
    this.#links[2 * slot] = last;
    this.#links[2 * slot + 1] = none;
    if (last === none) pool.first = slot;
    else this.#links[2 * last + 1] = slot;
    pool.last = slot;
    pool.size++;
  }

  /** Takes a checkout out of the pool's chain. */
  unlink(pool: LedgerPool, { slot }: HeldCheckout): void {
    const before = this.#links[2 * slot]!;
    const behind = this.#links[2 * slot + 1]!;
    if (before === none) pool.first = behind;
    else this.#links[2 * before + 1] = behind;
    if (behind === none) pool.last = before;
    else this.#links[2 * behind] = before;
    pool.size--;
  }

  /** Walks a pool's living chain: a reader may pause, and what went or came meanwhile is minded. */
  *values(pool: LedgerPool): Generator<HeldCheckout> {
    let slot = pool.first;
    while (slot !== none) {
      const checkout = this.#objects[slot]!;
      const { handle } = checkout;
      yield checkout;
      // It may be over, and its object another's by now.
      slot = checkout.handle === handle ? this.#behind(slot) : this.#firstAfter(pool, handle);
    }
  }

  #behind(slot: number): number {
    return this.#links[2 * slot + 1]!;
  }

  #firstAfter({ first }: LedgerPool, handle: number): number {
    let slot = first;
    while (slot !== none && this.#objects[slot]!.handle <= handle) slot = this.#behind(slot);
    return slot;
  }
}

function doubled(links: Int32Array): Int32Array<ArrayBuffer> {
  const more = new Int32Array(2 * links.length);
  more.set(links);
  return more;
}
