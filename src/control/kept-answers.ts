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
  #bytes = 0;
  #marks: readonly unknown[] = [];

  constructor(server: LicenseServer) {
    this.#server = server;
  }

  /** What is kept under `key`, else what `make` gives; `bytes` says how large that is. */
  async get<Value>(
    key: string,
    make: () => Promise<Value>,
    bytes: (value: Value) => number,
  ): Promise<Value> {
    const marks = this.#marksNow();
    if (marks === undefined) return make();
    if (!this.#isFresh(marks)) this.#begin(marks);
    const known = this.#kept.get(key);
    if (known !== undefined) return known.value as Value;
    const value = await make();
    // What happened meanwhile may be in it or not.
    if (marks === this.#marks) this.#keep(key, value, bytes(value));
    return value;
  }

  #marksNow(): readonly unknown[] | undefined {
    const { journal, clock, ledgers, triad } = this.#server;
    const own = ledgers.marks;
    return own && [journal.count, Math.floor(clock.now() / 60_000), triad?.serving, ...own];
  }

  #isFresh(marks: readonly unknown[]): boolean {
    const same = marks.length === this.#marks.length;
    return same && marks.every((mark, index) => mark === this.#marks[index]);
  }

  #begin(marks: readonly unknown[]): void {
    this.#kept.clear();
    this.#bytes = 0;
    this.#marks = marks;
  }

  #keep(key: string, value: unknown, bytes: number): void {
    if (this.#kept.size >= ANSWERS_MAX || this.#bytes + bytes > BYTES_MAX) return;
    this.#kept.set(key, { value, bytes });
    this.#bytes += bytes;
  }
}
