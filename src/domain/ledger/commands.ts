import type { EpochMs } from '../../base/clock.ts';
import type { Client, SessionId } from './model.ts';
import type { Activity } from './quiet-sessions.ts';

/** What can be asked of the ledger. `decide` answers with events and changes nothing. */
export type Command =
  | CheckoutCommand
  | { readonly kind: 'checkin'; readonly session: SessionId; readonly handle: number }
  /** The connection is gone: everything it holds comes back. */
  | { readonly kind: 'disconnect'; readonly session: SessionId }
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
}
