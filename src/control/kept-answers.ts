import type { LicenseServer } from '../daemon/server.ts';

/** Answers kept at a time, and their bytes: pages of a table, and who watches them. */
const ANSWERS_MAX = 64;
const BYTES_MAX = 64 * 1024 * 1024;

/**
 * What was worked out of a server's ledgers, as long as nothing has happened since: whoever looks at 10,000 users
 * is to cost the clients of the server next to nothing.
 */
export class KeptAnswers {
  readonly #server: LicenseServer;
  readonly #kept = new Map<string, { readonly value: unknown; readonly bytes: number }>();
  /** Being worked out: who asks the same meanwhile waits for it. */
  readonly #underWay = new Map<string, Promise<unknown>>();
  #bytes = 0;
  #marks: readonly unknown[] = [];

  constructor(server: LicenseServer) {
    this.#server = server;
  }

  /**
   * What is kept under `key`, at once: most requests are for that. Else what `make` gives; `bytes` says how large
   * that is.
   */
  get<Value>(
    key: string,
    make: () => Promise<Value>,
    bytes: (value: Value) => number,
  ): Value | Promise<Value> {
    const marks = this.#marksNow();
    if (marks === undefined) return make();
    if (!sameMarks(marks, this.#marks)) this.#begin(marks);
    const known = this.#kept.get(key);
    if (known !== undefined) return known.value as Value;
    const underWay = this.#underWay.get(key);
    if (underWay !== undefined) return underWay as Promise<Value>;
    const era = this.#marks;
    const making = this.#make(key, make, bytes);
    // Making may have begun another era already.
    if (this.#marks === era) this.#underWay.set(key, making);
    return making;
  }

  /** Keeps what was made, unless something happened meanwhile: that may be in it or not. */
  async #make<Value>(
    key: string,
    make: () => Promise<Value>,
    bytes: (value: Value) => number,
  ): Promise<Value> {
    const era = this.#marks;
    try {
      const value = await make();
      const after = this.#marksNow();
      if (after && this.#marks === era && sameMarks(era, after))
        this.#keep(key, value, bytes(value));
      return value;
    } finally {
      if (this.#marks === era) this.#underWay.delete(key);
    }
  }

  #marksNow(): readonly unknown[] | undefined {
    const { journal, clock, ledgers, triad, catalog } = this.#server;
    const own = ledgers.marks;
    if (own === undefined) return undefined;
    const minute = Math.floor(clock.now() / 60_000);
    const marks = [journal.era, journal.count, minute, catalog, ...own];
    return triad === undefined ? marks : [...marks, triad.view.serving, ...triad.states];
  }

  #begin(marks: readonly unknown[]): void {
    this.#kept.clear();
    this.#underWay.clear();
    this.#bytes = 0;
    this.#marks = marks;
  }

  #keep(key: string, value: unknown, bytes: number): void {
    if (this.#kept.size >= ANSWERS_MAX || this.#bytes + bytes > BYTES_MAX) return;
    this.#kept.set(key, { value, bytes });
    this.#bytes += bytes;
  }
}

export function sameMarks(some: readonly unknown[], others: readonly unknown[]): boolean {
  return some.length === others.length && some.every((mark, index) => mark === others[index]);
}
