import { Handful } from './handfuls.ts';
import { HeldCheckout } from './holdings.ts';
import type { SessionId } from './model.ts';
import { PagedTable } from './paged-table.ts';

/** Who holds what, by connection. Most hold one checkout, and that one stands here itself. */
export class Sessions {
  readonly #bySession = new PagedTable<HeldCheckout | Handful<HeldCheckout>>();

  /** True if the session holds anything. */
  has(session: SessionId): boolean {
    return this.#bySession.get(session) !== undefined;
  }

  /** What the session holds, oldest first, in a new array. */
  held(session: SessionId): HeldCheckout[] {
    const held = this.#bySession.get(session);
    if (held === undefined) return [];
    return held instanceof HeldCheckout ? [held] : held.toArray();
  }

  /** What the session holds if it is one checkout. */
  only(session: SessionId): HeldCheckout | undefined {
    const held = this.#bySession.get(session);
    return held instanceof HeldCheckout ? held : undefined;
  }

  add(checkout: HeldCheckout): void {
    const { session } = checkout;
    const held = this.#bySession.get(session);
    if (held === undefined) this.#bySession.set(session, checkout);
    else if (held instanceof Handful) held.add(checkout);
    else this.#bySession.set(session, handfulOf(held, checkout));
  }

  delete(checkout: HeldCheckout): void {
    const { session } = checkout;
    const held = this.#bySession.get(session);
    if (held instanceof Handful) {
      held.delete(checkout);
      if (held.size > 0) return;
    }
    this.#bySession.delete(session);
  }

  /** What each session that holds anything holds. */
  *values(): Generator<HeldCheckout[]> {
    for (const held of this.#bySession.values()) {
      yield held instanceof HeldCheckout ? [held] : held.toArray();
    }
  }
}

function handfulOf(...checkouts: readonly HeldCheckout[]): Handful<HeldCheckout> {
  const handful = new Handful<HeldCheckout>();
  for (const checkout of checkouts) handful.add(checkout);
  return handful;
}
