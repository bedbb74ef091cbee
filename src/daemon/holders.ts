import type { Checkout } from '../domain/ledger/model.ts';
import type { LedgerPool } from '../domain/ledger/state.ts';

/** One line of lmstat: who holds seats, and how many. */
export interface Holder {
  readonly checkout: Checkout;
  readonly seats: number;
}

/**
 * The holders of a pool, oldest first. Checkouts that share seats by DUP_GROUP count once, as the first of
 * them; the seats of all holders add up to the pool's use. Source: LAG, "lmstat" (shared ones are not returned).
 */
export function* holdersOf(pool: LedgerPool): Generator<Holder> {
  for (const checkout of pool.checkouts.values()) {
    if (!checkout.isFirstOfGroup) continue;
    yield { checkout, seats: checkout.shares?.seats ?? checkout.count };
  }
}
