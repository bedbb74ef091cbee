import type { EpochMs } from '../../base/clock.ts';
import type { Refusal } from '../../base/refusal.ts';
import type { Borrower } from './borrowed-seats.ts';
import type { Client, SessionId } from './model.ts';
import type { Activity } from './quiet-sessions.ts';

/** What can be asked of the ledger. `decide` answers with events and changes nothing. */
export type Command =
  | CheckoutCommand
  | { readonly kind: 'checkin'; readonly session: SessionId; readonly handle: number }
  /** The connection is gone: everything it holds comes back. */
  | { readonly kind: 'disconnect'; readonly session: SessionId }
  /** The client waits no longer for what it was queued under this handle. */
  | { readonly kind: 'leaveQueue'; readonly session: SessionId; readonly handle: number }
  /** Who waits may be served: one step of what `perform` does by itself. */
  | { readonly kind: 'serveQueue' }
  /**
   * What the client does with its seats, as far as the host can tell: `since` is when it last used them (`idle`) or
   * was last heard (`silent`). A checkout makes a session active by itself.
   */
  | {
      readonly kind: 'activity';
      readonly session: SessionId;
      readonly activity: Activity;
      readonly since: EpochMs;
    }
  /** An administrator takes seats back (lmremove): by handle, or all of user, host and display. */
  | { readonly kind: 'remove'; readonly feature: string; readonly handle: number }
  | {
      readonly kind: 'removeClient';
      readonly feature: string;
      readonly user: string;
      readonly host: string;
      readonly display: string;
    }
  /** What the borrower has borrowed of the feature comes back before its time. */
  | {
      readonly kind: 'returnBorrow';
      readonly session: SessionId;
      readonly feature: string;
      readonly borrower: Borrower;
    }
  /**
   * Features are gone, of all or of these clients: what they hold comes back as with a reread, and who waits for them
   * is refused. Names of users are compared to the letter, hosts are not.
   */
  | {
      readonly kind: 'withdraw';
      readonly features: readonly string[] | undefined;
      readonly users: readonly string[] | undefined;
      readonly hosts: readonly string[] | undefined;
      readonly refusal: Refusal;
    }
  /** The host could not write down that these seats are borrowed: they are not. */
  | { readonly kind: 'giveUpBorrow'; readonly handle: number }
  /** What was borrowed before the daemon was restarted is out again. */
  | { readonly kind: 'restore'; readonly borrow: RestoredBorrow }
  /** Time went by: START dates, expiries, linger and timeouts. Sent by the host at `nextDeadline`. */
  | { readonly kind: 'timePassed' }
  /** The daemon stops: everything comes back with reason `shutdown`. */
  | { readonly kind: 'stop' };

export interface CheckoutCommand {
  readonly kind: 'checkout';
  readonly session: SessionId;
  readonly client: Client;
  readonly feature: string;
  /** Plain decimal; `0` or `0.0` asks for any. */
  readonly version: string;
  /** At least 1. */
  readonly count: number;
  /** Checkout data for DUP_GROUP=V; '' when the application sets none. */
  readonly data: string;
  /** How far the client's clock is ahead of the server's, where that matters. */
  readonly skewMs?: number | undefined;
  /** Denied with this, whatever the pools would say: something else than the ledger knows better. */
  readonly imposed?: Refusal | undefined;
  /** The seats are to be out until then, and no session's. */
  readonly borrowUntil?: EpochMs | undefined;
  /** What to do when seats are out: `block` waits for them, `return` is told so (-35) and gets them later. */
  readonly queue?: QueueMode | undefined;
  /** The handle under which it waits already: set by the queue. */
  readonly ticket?: number | undefined;
  /** Its own lingering seat has just come back for it: set by `perform`. */
  readonly again?: true | undefined;
}

/** A borrow as it was written down. */
export interface RestoredBorrow {
  readonly client: Client;
  readonly feature: string;
  /** The id of the pool, and its version should it have another id now. */
  readonly pool: string;
  readonly poolVersion: string;
  readonly version: string;
  readonly count: number;
  readonly data: string;
  readonly until: EpochMs;
  readonly totalMs: number;
}

export type QueueMode = 'block' | 'return';
