import type { EpochMs } from '../../base/clock.ts';
import type { Refusal } from '../../base/refusal.ts';
import type { QueueMode } from './commands.ts';
import type { Client, Pool, SessionId } from './model.ts';
import type { Activity } from './quiet-sessions.ts';

/**
 * What happened. `record` is the only reader that changes the ledger; debug log, journal, metrics
 * and assertions read the same stream.
 */
export type LedgerEvent =
  | SeatTaken
  | SeatReturned
  | SeatKept
  | BorrowConfirmed
  | BorrowLost
  | CheckoutQueued
  | CheckoutDequeued
  | QueueServed
  | QueueRelined
  | SessionQuieted
  | CheckoutDenied
  | FeatureUnsupported
  | PoolCapacityChanged
  | CheckinRefused;

/**
 * A checkout was granted. `shared`: it uses seats its DUP_GROUP already held, and took `added`
 * more.
 */
export interface SeatTaken {
  readonly kind: 'seatTaken';
  readonly at: EpochMs;
  readonly handle: number;
  readonly session: SessionId;
  readonly client: Client;
  readonly pool: Pool;
  readonly feature: string;
  readonly version: string;
  readonly count: number;
  readonly data: string;
  /** Seats the pool's use grew by: 0 when shared entirely. */
  readonly added: number;
  /** What the added seats count against; undefined when no line of the options file counts them. */
  readonly draws: readonly Draw[] | undefined;
  /** Of a suite's component: the handle of the suite's seats, which went out just before it. */
  readonly suiteHandle?: number;
  /** Set when it is borrowed: no session holds it. */
  readonly borrow?: { readonly until: EpochMs; readonly totalMs: number };
  /** The handle under which the client waited for it. */
  readonly ticket?: number;
  /** Of a suite's seats: the handle of the component that they go out with. */
  readonly componentHandle?: number;
}

/** Seats counted against a MAX limit or a reservation of the options file, or a suite's or serial number's holder. */
export interface Draw {
  readonly from: SeatCount;
  /** With whom a limit counts them; '' for a reservation. */
  readonly key: string;
  readonly seats: number;
}

/** A running count of seats; `seats` below 0 gives some back. */
export interface SeatCount {
  add(key: string, seats: number): void;
}

/** Why a seat came back. */
export type ReturnReason =
  | 'checkin'
  | 'disconnected'
  | 'removed'
  | 'shutdown'
  /** Its client did not use it for as long as TIMEOUT allows. */
  | 'inactive'
  /** Nothing was heard of its client for as long as the daemon waits. */
  | 'timedOut'
  | 'lingerEnded'
  | 'borrowEnded'
  /** A borrower gives it back before its time. */
  | 'returnedEarly'
  /** The host could not write the borrow down. */
  | 'borrowFailed'
  /** Its own client takes a seat again before its linger is over. */
  | 'reused'
  | 'reread';

/** How a client leaves a seat. */
export type LeaveReason = Extract<ReturnReason, 'checkin' | 'disconnected' | 'timedOut'>;

export interface SeatReturned {
  readonly kind: 'seatReturned';
  readonly at: EpochMs;
  readonly handle: number;
  readonly session: SessionId;
  readonly client: Client;
  readonly pool: Pool;
  readonly feature: string;
  readonly count: number;
  readonly data: string;
  readonly reason: ReturnReason;
  /** Seats the pool's use fell by. */
  readonly freed: number;
}

/** A client has left a seat, and it stays out for a while (linger): no session holds it any more. */
export interface SeatKept {
  readonly kind: 'seatKept';
  readonly at: EpochMs;
  readonly handle: number;
  /** The session that held it. */
  readonly session: SessionId;
  readonly client: Client;
  readonly pool: Pool;
  readonly feature: string;
  readonly count: number;
  readonly data: string;
  readonly reason: LeaveReason;
  readonly until: EpochMs;
  /** The license expires before the linger would be over. */
  readonly cut: boolean;
}

/** A session's client is idle now, or silent, or in use again. */
export interface SessionQuieted {
  readonly kind: 'sessionQuieted';
  readonly at: EpochMs;
  readonly session: SessionId;
  readonly activity: Activity;
  /** When its client last used its seats, or was last heard. */
  readonly since: EpochMs;
}

/** Who asks to borrow has done so already, and keeps what it has. */
export interface BorrowConfirmed {
  readonly kind: 'borrowConfirmed';
  readonly at: EpochMs;
  readonly handle: number;
  readonly session: SessionId;
  readonly client: Client;
  readonly pool: Pool;
  readonly feature: string;
  readonly count: number;
  readonly until: EpochMs;
}

/** What was borrowed before a restart is over, or of a license that is gone. */
export interface BorrowLost {
  readonly kind: 'borrowLost';
  readonly at: EpochMs;
  readonly client: Client;
  readonly feature: string;
  readonly count: number;
  readonly until: EpochMs;
}

/** Seats are out, and the client waits for them. */
export interface CheckoutQueued {
  readonly kind: 'checkoutQueued';
  readonly at: EpochMs;
  /** Names the request while it waits. */
  readonly handle: number;
  readonly session: SessionId;
  readonly client: Client;
  readonly feature: string;
  readonly version: string;
  readonly count: number;
  readonly data: string;
  readonly queue: QueueMode;
  /** The ids of the pools that are busy, in the order in which they are tried. */
  readonly pools: readonly string[];
}

/** A request does not wait any more. */
export interface CheckoutDequeued {
  readonly kind: 'checkoutDequeued';
  readonly at: EpochMs;
  readonly handle: number;
  readonly session: SessionId;
  readonly client: Client;
  readonly feature: string;
  readonly count: number;
  readonly data: string;
  /** `granted`: its seats go out next; `refused`: what it asks for is not to be had any more. */
  readonly reason: 'granted' | 'refused' | 'left' | 'disconnected' | 'shutdown';
  readonly refusal?: Refusal;
}

/** Bookkeeping, told to nobody: of those that wait for a pool nobody can be served now. */
export interface QueueServed {
  readonly kind: 'queueServed';
  readonly at: EpochMs;
  /** Its id. */
  readonly pool: string;
}

/** Bookkeeping, told to nobody: in which pools' lines the requests stand, after pools or rules have changed. */
export interface QueueRelined {
  readonly kind: 'queueRelined';
  readonly at: EpochMs;
  readonly lines: readonly { readonly handle: number; readonly pools: readonly string[] }[];
}

/** True for what only the ledger itself needs to know. */
export function isBookkeeping({ kind }: LedgerEvent): boolean {
  return kind === 'queueServed' || kind === 'queueRelined';
}

/** The feature is served, and this request was refused. */
export interface CheckoutDenied {
  readonly kind: 'checkoutDenied';
  readonly at: EpochMs;
  readonly session: SessionId;
  readonly client: Client;
  readonly feature: string;
  readonly version: string;
  readonly count: number;
  readonly refusal: Refusal;
}

/** No line of this daemon has the feature (-5 to the client, UNSUPPORTED in the debug log). */
export interface FeatureUnsupported {
  readonly kind: 'featureUnsupported';
  readonly at: EpochMs;
  readonly session: SessionId;
  readonly client: Client;
  readonly feature: string;
  readonly refusal: Refusal;
}

/** A line started or expired: the pool has more or fewer seats. Seats out stay out. */
export interface PoolCapacityChanged {
  readonly kind: 'poolCapacityChanged';
  readonly at: EpochMs;
  readonly pool: Pool;
  readonly feature: string;
  readonly capacity: number;
  /** True when this left the pool with no valid line because the last one expired. */
  readonly expired: boolean;
}

/** A check-in or lmremove named nothing that is out (-41). */
export interface CheckinRefused {
  readonly kind: 'checkinRefused';
  readonly at: EpochMs;
  readonly session: SessionId;
  readonly handle: number;
  readonly refusal: Refusal;
}
