/** How long after its redirect a program may take to come back as the daemon's client. */
const EXPECTED_MS = 60_000;
const EXPECTED_MAX = 10_000;

/**
 * Who was redirected to the port it came from. In single-port mode a program that is not ours says the same
 * hello twice: to the manager, then, on a new connection, to the daemon. The second is told from the first by
 * the redirect in between.
 */
export class Newcomers {
  readonly #expected = new Map<string, number>();

  /** Notes that `who` was redirected at `now` (monotonic milliseconds). */
  expect(who: string, now: number): void {
    this.#expected.delete(who);
    this.#expected.set(who, now);
    for (const [oldest, since] of this.#expected) {
      if (this.#expected.size <= EXPECTED_MAX && now - since <= EXPECTED_MS) break;
      this.#expected.delete(oldest);
    }
  }

  /** True once per redirect, when `who` comes back in time. */
  arrive(who: string, now: number): boolean {
    const since = this.#expected.get(who);
    this.#expected.delete(who);
    return since !== undefined && now - since <= EXPECTED_MS;
  }
}
