import type { EpochMs } from '../../base/clock.ts';
import { Chain, type Linked } from './chains.ts';
import type { CheckoutCommand } from './commands.ts';
import { sharingKey } from './dup-groups.ts';
import type { CheckoutDequeued, CheckoutQueued } from './events.ts';
import type { LedgerPool } from './holdings.ts';

/** A request that waits for seats: under its handle, in the line of each pool that was busy. */
export class Waiting {
  /** One more of the count from which seats have theirs. */
  readonly handle: number;
  readonly request: CheckoutCommand;
  /** Its feature's name, as the license file spells it. */
  readonly feature: string;
  readonly since: EpochMs;
  readonly places: Place[] = [];

  constructor({
    at,
    handle,
    session,
    client,
    feature,
    version,
    count,
    data,
    queue,
  }: CheckoutQueued) {
    this.handle = handle;
    const what = { feature, version, count, data, queue, ticket: handle };
    this.request = { kind: 'checkout', session, client, ...what };
    this.feature = feature;
    this.since = at;
  }

  /** The pools in whose lines it stands, in the order in which they are tried. */
  get pools(): readonly LedgerPool[] {
    const places = this.places.filter(({ line, pool }) => line === pool.waiting!.all);
    return places.map(({ pool }) => pool);
  }

  /** Stands behind those that are in a pool's line already. */
  join(pool: LedgerPool): void {
    pool.waiting ??= new WaitingLine();
    this.#stand(pool, pool.waiting.all);
    const { client, data } = this.request;
    const hasReservation = pool.reservations.some(({ rule }) => rule.matches(client));
    if (hasReservation) this.#stand(pool, pool.waiting.reserved);
    const key = sharingKey(pool, client, data);
    if (key !== undefined) this.#stand(pool, pool.waiting.sharersOf(key));
    if (pool.serial === undefined) return;
    const holder = pool.serial.keyOf(client, data);
    this.#stand(pool, pool.waiting.holdersOf(holder));
    if (pool.serial.holders.seatsOf(holder) > 0) pool.waiting.hold(holder);
  }

  #stand(pool: LedgerPool, line: Chain<Place>): void {
    const place = new Place(this, pool, line);
    line.add(place);
    this.places.push(place);
  }

  /** Leaves every line; gives the pools whose lines it leaves. */
  leave(): readonly LedgerPool[] {
    const { pools } = this;
    const { client, data } = this.request;
    for (const place of this.places) place.line.remove(place);
    this.places.length = 0;
    for (const pool of pools) {
      pool.waiting!.tidy(sharingKey(pool, client, data), pool.serial?.keyOf(client, data));
      if (pool.waiting!.all.size === 0) pool.waiting = undefined;
    }
    return pools;
  }
}

/** Where a waiting request stands in a line. */
export class Place implements Linked<Place> {
  readonly handle: number;
  readonly waiting: Waiting;
  readonly pool: LedgerPool;
  readonly line: Chain<Place>;
  previous: Place | undefined = undefined;
  next: Place | undefined = undefined;

  constructor(waiting: Waiting, pool: LedgerPool, line: Chain<Place>) {
    this.handle = waiting.handle;
    this.waiting = waiting;
    this.pool = pool;
    this.line = line;
  }
}

/** Those that wait for seats of one pool, first come first. A pool for which nobody waits has no line. */
export class WaitingLine {
  readonly all = new Chain<Place>();
  /** Of those, the ones a RESERVE line is about: they may overtake for their reserved seats. */
  readonly reserved = new Chain<Place>();
  /** All of them by the key by which they would share seats. */
  readonly #sharers = new Map<string, Chain<Place>>();
  /** Keys whose seats are out, or are more than before: who shares them need not wait. */
  readonly shared = new Set<string>();
  /** All of them by the key by which they would share a seat of the serial number, where its features do. */
  readonly #holders = new Map<string, Chain<Place>>();
  /** Those of these keys that have a seat of it, or had: they need not wait for one. */
  readonly holding = new Set<string>();

  sharersOf(key: string): Chain<Place> {
    let sharers = this.#sharers.get(key);
    if (sharers === undefined) {
      sharers = new Chain();
      this.#sharers.set(key, sharers);
    }
    return sharers;
  }

  hasSharers(key: string): boolean {
    return this.#sharers.has(key);
  }

  holdersOf(key: string): Chain<Place> {
    let holders = this.#holders.get(key);
    if (holders === undefined) {
      holders = new Chain();
      this.#holders.set(key, holders);
    }
    return holders;
  }

  /** Takes note that a holder has a seat of the serial number; false if nobody in the line is that. */
  hold(holder: string): boolean {
    if (!this.#holders.has(holder)) return false;
    this.holding.add(holder);
    return true;
  }

  /** Forgets keys by which nobody waits any more: of sharing, and of the serial number. */
  tidy(key: string | undefined, holder: string | undefined): void {
    if (key !== undefined && this.#sharers.get(key)?.size === 0) {
      this.#sharers.delete(key);
      this.shared.delete(key);
    }
    if (holder !== undefined && this.#holders.get(holder)?.size === 0) {
      this.#holders.delete(holder);
      this.holding.delete(holder);
    }
  }
}

/**
 * Those that lmstat lists as waiting for a pool: who waits for several stands in the first of their lines. A walk
 * may pause while the ledger goes on.
 */
export function* listedQueue(pool: LedgerPool): Generator<Waiting> {
  for (const { waiting } of pool.waiting?.all.values() ?? []) {
    if (waiting.places[0]?.pool === pool) yield waiting;
  }
}

/** The step by which a request waits no longer. */
export function dequeued(
  { handle, request, feature }: Waiting,
  reason: CheckoutDequeued['reason'],
  now: EpochMs,
): CheckoutDequeued {
  const { session, client, count, data } = request;
  const who = { handle, session, client };
  return { kind: 'checkoutDequeued', at: now, ...who, feature, count, data, reason };
}
