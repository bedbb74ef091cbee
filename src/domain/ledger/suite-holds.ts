import type { SeatCount } from './events.ts';
import type { LedgerPool } from './holdings.ts';

/** What one holder of the suite has out, by pool: of the suite itself, and of each component. */
type Seats = Map<LedgerPool, number>;

/** Seats held for somebody and not used. */
export interface HeldSeats {
  readonly user: string;
  readonly count: number;
}

/**
 * What a SUITE_RESERVED package holds back: who has seats of the package out, by one of its components, may have
 * as many of every other component, so that those are there for nobody else. Counted as seats come and go, so
 * that a checkout costs the same however many hold the suite.
 * Source: End User Guide v10, App. B, "PACKAGE Lines" (OPTIONS=SUITE_RESERVED).
 */
export class SuiteHolds {
  readonly suite: LedgerPool;
  readonly components: readonly LedgerPool[];
  /** By the key by which the suite's seats are shared. */
  readonly #holders = new Map<string, Seats>();
  readonly #idle = new Map<LedgerPool, number>();

  constructor(suite: LedgerPool, components: readonly LedgerPool[]) {
    this.suite = suite;
    this.components = components;
  }

  /** Idle seats of a component that are held for others than the holder with this key. */
  idleForOthers(component: LedgerPool, key: string): number {
    const own = this.#holders.get(key);
    const all = this.#idle.get(component) ?? 0;
    return own === undefined ? all : all - this.#idleOf(own, component);
  }

  /** What is held of a component and not used, for each who holds the suite. */
  *idle(component: LedgerPool): Generator<HeldSeats> {
    if (component === this.suite || !this.#idle.get(component)) return;
    for (const [key, seats] of this.#holders) {
      const count = this.#idleOf(seats, component);
      const user = this.suite.groups.get(key)?.first?.client.user;
      if (count > 0 && user !== undefined) yield { user, count };
    }
  }

  add(pool: LedgerPool, key: string, count: number): void {
    const seats = this.#holders.get(key) ?? new Map<LedgerPool, number>();
    this.#holders.set(key, seats);
    const affected = pool === this.suite ? this.components : [pool];
    for (const each of affected) this.#addIdle(each, -this.#idleOf(seats, each));
    const total = (seats.get(pool) ?? 0) + count;
    if (total === 0) seats.delete(pool);
    else seats.set(pool, total);
    for (const each of affected) this.#addIdle(each, this.#idleOf(seats, each));
    if (seats.size === 0) this.#holders.delete(key);
  }

  #idleOf(seats: Seats, component: LedgerPool): number {
    return Math.max(0, (seats.get(this.suite) ?? 0) - (seats.get(component) ?? 0));
  }

  #addIdle(component: LedgerPool, count: number): void {
    if (count !== 0) this.#idle.set(component, (this.#idle.get(component) ?? 0) + count);
  }

  seatsOf(pool: LedgerPool, key: string): number {
    return this.#holders.get(key)?.get(pool) ?? 0;
  }

  /** What each key has of a pool, for the audit. */
  counts(pool: LedgerPool): ReadonlyMap<string, number> {
    const counts = new Map<string, number>();
    for (const [key, seats] of this.#holders) {
      const count = seats.get(pool);
      if (count !== undefined) counts.set(key, count);
    }
    return counts;
  }

  /** Components whose idle seats are not what the holders come to: none, or a defect. */
  disorder(): readonly string[] {
    return this.components.flatMap((component) => {
      let fresh = 0;
      for (const seats of this.#holders.values()) fresh += this.#idleOf(seats, component);
      const kept = this.#idle.get(component) ?? 0;
      return fresh === kept ? [] : [`${component.definition.id}: ${kept} are held, not ${fresh}`];
    });
  }
}

/** Counts the seats of one pool, a suite's or a component's, for who holds the suite. */
export class SuiteCount implements SeatCount {
  readonly holds: SuiteHolds;
  readonly pool: LedgerPool;

  constructor(holds: SuiteHolds, pool: LedgerPool) {
    this.holds = holds;
    this.pool = pool;
  }

  add(key: string, seats: number): void {
    this.holds.add(this.pool, key, seats);
  }

  /** Idle seats of the pool that are held for others than the holder with this key. */
  idleForOthers(key: string): number {
    return this.holds.idleForOthers(this.pool, key);
  }

  /** What is held of the pool and not used, for each who holds the suite. */
  idle(): Iterable<HeldSeats> {
    return this.holds.idle(this.pool);
  }
}

/** Seats that are thought to be back: by pool, then by the holder's key. */
type Back = ReadonlyMap<LedgerPool, ReadonlyMap<string, number>>;

/** A count as it would be with some seats back. */
export class SuiteCountLeft extends SuiteCount {
  readonly #back: Back;

  constructor({ holds, pool }: SuiteCount, back: Back) {
    super(holds, pool);
    this.#back = back;
  }

  override idleForOthers(key: string): number {
    let idle = super.idleForOthers(key);
    const { holds, pool } = this;
    const keys = new Set([...this.#back.values()].flatMap((counts) => [...counts.keys()]));
    for (const other of keys) {
      if (other === key) continue;
      const [suite, component] = [holds.suite, pool].map((each) => holds.seatsOf(each, other));
      const suiteLeft = suite! - (this.#back.get(holds.suite)?.get(other) ?? 0);
      const componentLeft = component! - (this.#back.get(pool)?.get(other) ?? 0);
      idle += Math.max(0, suiteLeft - componentLeft) - Math.max(0, suite! - component!);
    }
    return idle;
  }
}
