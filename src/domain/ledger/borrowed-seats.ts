import type { EpochMs } from '../../base/clock.ts';
import type { Deadline } from '../../base/deadline-heap.ts';
import type { HeldCheckout } from './holdings.ts';
import type { Client, Stay } from './model.ts';
import { isNewer } from './versions-asked.ts';

/** The stay of a borrowed seat: out until its end, whether its client is connected or not. */
export class Borrowed implements Stay {
  readonly kind = 'borrow';
  readonly lapses = 'borrow';
  readonly seat: HeldCheckout;
  readonly since: EpochMs;
  readonly until: EpochMs;
  /** From the beginning to the end: longer than from `since`, if the daemon was restarted in between. */
  readonly totalMs: number;
  deadline: Deadline<Borrowed> | undefined = undefined;

  constructor(seat: HeldCheckout, { since, until, totalMs }: Omit<Stay, 'kind'>) {
    this.seat = seat;
    this.since = since;
    this.until = until;
    this.totalMs = totalMs;
  }
}

/** Who borrows: a user on one machine, whatever the display. */
export interface Borrower {
  readonly user: string;
  readonly host: string;
}

/** The seats of one pool that are borrowed. */
export class BorrowedSeats {
  /** Counts of the checkouts: who shares a seat and borrows it has borrowed one. */
  count = 0;
  readonly #byBorrower = new Map<string, Set<HeldCheckout>>();

  add(seat: HeldCheckout): void {
    this.count += seat.count;
    const key = borrowerKey(seat.client);
    const own = this.#byBorrower.get(key);
    if (own === undefined) this.#byBorrower.set(key, new Set([seat]));
    else own.add(seat);
  }

  /** Takes out one of them. */
  delete(seat: HeldCheckout): void {
    this.count -= seat.count;
    const key = borrowerKey(seat.client);
    const own = this.#byBorrower.get(key)!;
    own.delete(seat);
    if (own.size === 0) this.#byBorrower.delete(key);
  }

  /** What somebody has borrowed, oldest first. */
  of(borrower: Borrower): readonly HeldCheckout[] {
    return [...(this.#byBorrower.get(borrowerKey(borrower)) ?? [])];
  }

  /** A seat of the client's that is what it asks for once more. */
  find(client: Client, count: number, version: string): HeldCheckout | undefined {
    return this.of(client).find(
      (seat) => seat.count >= count && !isNewer(version, seat.pool.version),
    );
  }
}

/** A field carries its length, so that no user can read as another and a host. */
function borrowerKey({ user, host }: Borrower): string {
  return `${user.length}:${user}${host}`;
}
