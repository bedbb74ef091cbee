import { limits } from '../../base/limits.ts';
import type { LedgerPool } from './holdings.ts';
import type { SessionId } from './model.ts';
import type { SerialSeats } from './serial-seats.ts';
import type { Waiting } from './waiting-lines.ts';

/** Requests that wait for seats, and what is to be looked at because of them. */
export class Queue {
  /** By handle, first come first. */
  readonly #waiting = new Map<number, Waiting>();
  readonly #bySession = new Map<SessionId, Map<number, Waiting>>();
  readonly #entriesMax: number;
  /** Pools with a line in which something has come back, or room was made. */
  readonly freed = new Set<LedgerPool>();
  /** The lines are no longer those that the requests would stand in: pools or rules have changed. */
  stale = false;

  constructor(entriesMax: number = limits.queueEntriesMax) {
    this.#entriesMax = entriesMax;
  }

  get size(): number {
    return this.#waiting.size;
  }

  get isFull(): boolean {
    return this.size >= this.#entriesMax;
  }

  /** True when somebody may have to be served. */
  get isRestless(): boolean {
    return this.freed.size > 0 || this.stale;
  }

  get(handle: number): Waiting | undefined {
    return this.#waiting.get(handle);
  }

  /** First come first. */
  values(): IterableIterator<Waiting> {
    return this.#waiting.values();
  }

  has(session: SessionId): boolean {
    return this.#bySession.has(session);
  }

  /** What the session waits for, first come first, in a new array. */
  of(session: SessionId): Waiting[] {
    return [...(this.#bySession.get(session)?.values() ?? [])];
  }

  add(waiting: Waiting): void {
    const { handle, request } = waiting;
    this.#waiting.set(handle, waiting);
    const own = this.#bySession.get(request.session);
    if (own === undefined) this.#bySession.set(request.session, new Map([[handle, waiting]]));
    else own.set(handle, waiting);
  }

  /** Takes one out; those behind it may be served now. */
  delete(waiting: Waiting): void {
    const { handle, request } = waiting;
    this.#waiting.delete(handle);
    const own = this.#bySession.get(request.session)!;
    own.delete(handle);
    if (own.size === 0) this.#bySession.delete(request.session);
    for (const pool of waiting.leave()) {
      if (pool.waiting === undefined) this.freed.delete(pool);
      else this.freed.add(pool);
    }
  }

  /** Everybody leaves the lines; who is to stand where is worked out when they are served next. */
  leaveLines(): void {
    for (const waiting of this.#waiting.values()) waiting.leave();
    this.freed.clear();
    this.stale = this.size > 0;
  }

  /** Takes note that seats of a pool have come back. */
  free(pool: LedgerPool): void {
    if (pool.waiting !== undefined) this.freed.add(pool);
  }

  /** Takes note that whoever has this key has a seat of a serial number: its features need no other. */
  hold({ pools, reserves }: SerialSeats, key: string): void {
    for (const pool of pools) {
      // One seat may be that of several reservations: what the others held back is free then.
      if (reserves.length > 1) this.free(pool);
      if (pool.waiting?.hold(key) === true) this.freed.add(pool);
    }
  }

  /** Takes note that more seats are out that those with this key share. */
  share(pool: LedgerPool, key: string): void {
    if (pool.waiting?.hasSharers(key) !== true) return;
    pool.waiting.shared.add(key);
    this.freed.add(pool);
  }
}
