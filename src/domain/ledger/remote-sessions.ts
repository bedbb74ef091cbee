import type { Client } from './model.ts';

/**
 * The remote-desktop sessions that use a pool, with how many checkouts each. unverified: what makes two
 * checkouts one session is that user, host and display are equal.
 */
export class RemoteSessions {
  readonly #checkouts = new Map<string, number>();

  get size(): number {
    return this.#checkouts.size;
  }

  /** Counts a checkout, or with -1 one that is gone; nothing for a client that is in no such session. */
  add(client: Client, change: 1 | -1): void {
    if (client.remoteDesktop !== true) return;
    const key = keyOf(client);
    const count = (this.#checkouts.get(key) ?? 0) + change;
    if (count === 0) this.#checkouts.delete(key);
    else this.#checkouts.set(key, count);
  }

  /** True if a session other than this client's is among them. */
  hasOther(client: Client): boolean {
    return this.size > (this.#checkouts.has(keyOf(client)) ? 1 : 0);
  }

  equals(other: RemoteSessions): boolean {
    if (this.size !== other.size) return false;
    return [...this.#checkouts].every(([key, count]) => other.#checkouts.get(key) === count);
  }
}

function keyOf({ user, host, display }: Client): string {
  return JSON.stringify([user, host, display]);
}
