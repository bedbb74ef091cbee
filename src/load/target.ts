import type { SeatRequest } from '../domain/workload/model.ts';

/** What came of a checkout. */
export type Reply =
  | { readonly kind: 'granted'; readonly seat: Seat }
  /** A vendor daemon has decided, by a FlexNet code. */
  | { readonly kind: 'denied'; readonly code: number }
  /** None has: the network, a server that is down. */
  | { readonly kind: 'failed'; readonly code: number };

/** FlexNet's code for a request that is in the queue, and ours for one that has left it. */
export const LEFT_QUEUE = -35;

/** Seats that were granted, as their daemon names them. */
export interface Seat {
  readonly vendor: string;
  readonly handle: number;
}

/** Told while a checkout waits in a queue; `leave` gives the place up, and the reply then says so. */
export interface QueueWish {
  queued(leave: () => void): void;
}

/** A client of a license server, connected. All answers come by callback, each exactly once. */
export interface LoadClient {
  checkout(request: SeatRequest, queue: QueueWish | undefined, done: (reply: Reply) => void): void;
  /** True when the daemon has taken them back. */
  checkin(seat: Seat, done: (isBack: boolean) => void): void;
  /** Ends the connection; what is still out goes with it. No listener is called. */
  close(): void;
  /** Called when the connection is lost, at most once. */
  onLost: () => void;
  /** Called when the daemon takes seats away. */
  onSeatLost: (seat: Seat) => void;
}

/** Whom the load is for: a license server over the network, or one of a test in virtual time. */
export interface LoadTarget {
  /** Connects as a user, from 0. */
  connect(user: number, done: (client: LoadClient | undefined, code: number) => void): void;
  /** Asks for the status, of all features or of one. */
  poll(feature: string | undefined, done: (isGood: boolean) => void): void;
}
