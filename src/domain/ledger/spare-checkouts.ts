import { HeldCheckout, type LedgerPool } from './holdings.ts';

/** More than come back between two turns of a busy daemon; some 700 KB. */
const SPARES_MAX = 4_096;

/**
 * Checkouts that are over, for those to come. An object made for each would outlive two collections and then lie
 * among the old: with 100,000 seats out, copying them there was a third of what a checkout cost.
 */
export class SpareCheckouts {
  readonly #spares: HeldCheckout[] = [];

  take(pool: LedgerPool): HeldCheckout {
    return this.#spares.pop() ?? new HeldCheckout(pool);
  }

  /** Takes one that is over and that nothing of the ledger points at. */
  put(checkout: HeldCheckout): void {
    checkout.end();
    if (this.#spares.length < SPARES_MAX) this.#spares.push(checkout);
  }

  /** Forgets all, and with them the pools of which they were. */
  clear(): void {
    this.#spares.length = 0;
  }
}
