import type { EpochMs } from '../base/clock.ts';
import type { Refusal } from '../base/refusal.ts';

export interface CheckoutOptions {
  /** Licenses to take; 1 unless given. */
  readonly count?: number;
  /** The version that must be licensed; `0.0`, which every license has, unless given. */
  readonly version?: string;
  /** The vendor's checkout data (DUP_GROUP V). */
  readonly data?: string;
  /**
   * What to do when all are in use: `wait` until they are there, however long that takes; or `queue` for them and
   * say -35 at once, with `queued` to go on from. A refusal unless given.
   */
  readonly whenInUse?: 'wait' | 'queue';
}

/** Licenses held: give the whole of it to `checkin`. */
export interface ClientCheckout {
  readonly ok: true;
  readonly feature: string;
  readonly count: number;
  /** Names the checkout to its vendor daemon, as lmstat shows it. */
  readonly handle: number;
  readonly vendor: string;
  /** The version of the pool that granted. */
  readonly poolVersion: string;
}

/** A no. `refusal.major` is the FlexNet code, such as -4; `text` says it in words. */
export interface ClientRefusal {
  readonly ok: false;
  readonly refusal: Refusal;
  readonly text: string;
  /** With -35 of a checkout that was to queue: it waits. */
  readonly queued?: WaitingCheckout;
}

/** A request in a vendor daemon's queue. */
export interface WaitingCheckout {
  readonly handle: number;
  /** Requests before it when it came. */
  readonly ahead: number;
  /** Resolves when its turn has come; with -35 when it has left. */
  readonly granted: Promise<ClientCheckout | ClientRefusal>;
  /** Waits no longer. A refusal when its turn came first. */
  leave(): Promise<ClientRefusal | undefined>;
}

export interface BorrowOptions extends Omit<CheckoutOptions, 'whenInUse'> {
  /** How long, such as `20h` or `3d`, or until when on the server's clock: `9-mar-2031`, `9-mar-2031:18:30`. */
  readonly until: string;
}

/** Licenses that stay out until their end, whether the client is there or not. */
export interface ClientBorrow extends ClientCheckout {
  /** By the server's clock. */
  readonly until: EpochMs;
  readonly secondsLeft: number;
}

/**
 * On a triad, when the daemon that serves is gone. What was held there is asked for again at the next master, at once,
 * then each second for two minutes, then five times a minute apart, in the order of the checkouts.
 */
export type ClientEvent =
  /** Why: -16 for a connection that ended. */
  | { readonly kind: 'lost'; readonly vendor: string; readonly refusal: ClientRefusal }
  /** All is held again; `server` is the master. */
  | { readonly kind: 'regained'; readonly vendor: string; readonly server: string }
  /** Some or all was not to be had again: the last refusal says why, such as -15, -97 or -4. */
  | { readonly kind: 'gaveUp'; readonly vendor: string; readonly refusal: ClientRefusal };
