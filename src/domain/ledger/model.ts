import type { EpochMs } from '../../base/clock.ts';
import type { DupGroup } from '../license/model.ts';
import type { PoolDefinition } from '../license/pool-definition.ts';

/** A connection as the ledger knows it: the host gives each a number that it never uses again. */
export type SessionId = number;

/** Stands for a session or a slot where there is none, and for a handle where none was named. */
export const none = -1;

/**
 * Who asks. One per connection; a new hello on the same connection replaces it for later checkouts.
 */
export interface Client {
  readonly user: string;
  readonly host: string;
  readonly display: string;
  /** FlexNet platform tag such as `x64_lsb`. */
  readonly platform: string;
  readonly pid: number;
  /** Value of LM_PROJECT, or ''. */
  readonly project: string;
  /** The address the connection came from, for HOSTID=INTERNET= and INTERNET rules. */
  readonly address: string;
  /** Host ids the client says its machine has; upper case, no prefix for an Ethernet address. */
  readonly hostids: readonly string[];
  /** It runs in a remote-desktop session. */
  readonly remoteDesktop?: boolean;
  /** The node or CPU of a parallel build it works on. */
  readonly node?: string;
}

/** Why and how long a seat stays out though no session holds it. */
export interface Stay {
  readonly kind: 'linger' | 'borrow';
  readonly since: EpochMs;
  /** When it is over; the seat is free at the daemon's next scan, or when somebody needs it. */
  readonly until: EpochMs;
  /** The whole of it, as lmstat shows it. */
  readonly totalMs: number;
}

/** One granted checkout: what a handle names. */
export interface Checkout {
  readonly handle: number;
  /** Who holds it; `none` while it only stays. */
  readonly session: SessionId;
  readonly client: Client;
  readonly pool: Pool;
  /** Licenses this checkout asked for and got, at least 1. */
  readonly count: number;
  /** The version asked for, as sent. */
  readonly version: string;
  /** Vendor-defined checkout data (DUP_GROUP V), or ''. */
  readonly data: string;
  readonly since: EpochMs;
  /** The group whose seats it uses. */
  readonly group: SeatGroup;
  /** Set when its client has left it. */
  readonly stay: Stay | undefined;
  /** What went out and comes back together with it: a suite's seats with a component, and the reverse. */
  readonly companion: Checkout | undefined;
}

/** Checkouts that share seats because their DUP_GROUP key is equal; with NONE, a group of one. */
export interface SeatGroup {
  readonly key: string;
  /** Seats the group holds: the largest count of its checkouts so far, until the last one ends. */
  seats: number;
  /**
   * The checkouts, oldest first. lmstat shows the first (LAG "lmstat": shared ones are not
   * returned).
   */
  readonly checkouts: Checkout[];
}

export interface Pool {
  readonly definition: PoolDefinition;
  readonly dupGroup: DupGroup;
  /** Seats that may be out now: the counts of the lines that have started and not expired. */
  capacity: number;
  /**
   * Seats out. Never more than `capacity` when a seat is granted (a line may expire under its
   * users).
   */
  used: number;
  /** By DUP_GROUP key; unused for NONE. */
  readonly groups: Map<string, SeatGroup>;
  /** Every checkout of the pool, by handle, oldest first. */
  readonly checkouts: CheckoutList;
}

/** What a reader may ask of a pool's checkouts. */
export interface CheckoutList {
  readonly size: number;
  get(handle: number): Checkout | undefined;
  /**
   * Oldest first. A walk may pause while the ledger goes on: nothing comes twice, and what is gone
   * is not shown.
   */
  values(): IterableIterator<Checkout>;
}

/** All pools of one feature name, in the order they are tried. */
export interface Feature {
  /** As spelled in the license file. */
  readonly name: string;
  readonly pools: readonly Pool[];
}
