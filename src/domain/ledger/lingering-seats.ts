import type { EpochMs } from '../../base/clock.ts';
import { type Deadline, DeadlineHeap } from '../../base/deadline-heap.ts';
import { Chain, type Linked } from './chains.ts';
import type { HeldCheckout } from './holdings.ts';
import type { Client, Stay } from './model.ts';

/** The stay of one lingering seat, in the order in which its client left them. */
export class Lingering implements Stay, Linked<Lingering> {
  readonly kind = 'linger';
  readonly seat: HeldCheckout;
  readonly since: EpochMs;
  readonly until: EpochMs;
  readonly handle: number;
  /** Those of the same client, this one included. */
  readonly own: OwnSeats;
  /** Its place among the ends. */
  end: Deadline<Lingering> | undefined = undefined;
  previous: Lingering | undefined = undefined;
  next: Lingering | undefined = undefined;

  constructor(
    seat: HeldCheckout,
    { since, until, order }: Pick<Stay, 'since' | 'until'> & { order: number },
    own: OwnSeats,
  ) {
    this.own = own;
    this.seat = seat;
    this.since = since;
    this.until = until;
    this.handle = order;
  }

  get totalMs(): number {
    return this.until - this.since;
  }
}

/** The lingering seats of one client. The key is kept: to make it again for each that ends costs most of the end. */
class OwnSeats extends Chain<Lingering> {
  readonly key: string;

  constructor(key: string) {
    super();
    this.key = key;
  }
}

/**
 * The seats of one pool that nobody holds any more and that are not free yet. Found by the time at which they are
 * over, and by the client that may have its own again.
 */
export class LingeringSeats {
  readonly lapses = 'lingering';
  readonly #byEnd = new DeadlineHeap<Lingering>();
  readonly #byClient = new Map<string, OwnSeats>();
  #order = 0;
  /** The scan that finds the first that is over. */
  deadline: Deadline<LingeringSeats> | undefined = undefined;

  get size(): number {
    return this.#byEnd.size;
  }

  /** When the first of them is over, scan or not. */
  get firstEnd(): EpochMs | undefined {
    return this.#byEnd.first?.at;
  }

  add(seat: HeldCheckout, stay: Pick<Stay, 'since' | 'until'>): Lingering {
    const key = clientKey(seat.client);
    let own = this.#byClient.get(key);
    if (own === undefined) {
      own = new OwnSeats(key);
      this.#byClient.set(key, own);
    }
    const { since, until } = stay;
    const lingering = new Lingering(seat, { since, until, order: this.#order++ }, own);
    lingering.end = this.#byEnd.add(until, lingering);
    own.add(lingering);
    return lingering;
  }

  /** Takes out one of them. */
  delete(lingering: Lingering): void {
    this.#byEnd.remove(lingering.end!);
    const { own } = lingering;
    own.remove(lingering);
    if (own.size === 0) this.#byClient.delete(own.key);
  }

  /** Those that are over at `now`, in order of their ends. */
  over(now: EpochMs): HeldCheckout[] {
    return this.#byEnd.due(now).map(({ subject }) => subject.seat);
  }

  /** A client's own, the one that it left first before the others. */
  of(client: Client): Iterable<Lingering> {
    return this.#byClient.get(clientKey(client))?.values() ?? [];
  }

  /** What is out of place, if anything. */
  disorder(): readonly string[] {
    let filed = 0;
    for (const own of this.#byClient.values()) filed += own.size;
    const lost = filed === this.size ? [] : [`${filed} of ${this.size} lingering seats are filed`];
    return [...this.#byEnd.disorder(), ...lost];
  }
}

/** Fields carry their length, so that no user name can read as another's user and host. */
function clientKey({ user, host, display }: Client): string {
  return `${user.length}:${user}${host.length}:${host}${display}`;
}
