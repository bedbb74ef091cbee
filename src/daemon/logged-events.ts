import type { LedgerEvent, ReturnReason } from '../domain/ledger/events.ts';
import type { LoggedEvent } from '../domain/options/model.ts';
import type { InReason } from '../text/debug-log.ts';

/** What NOLOG calls the lines of an event. */
export const loggedAs: Readonly<Partial<Record<LedgerEvent['kind'], LoggedEvent>>> = {
  seatTaken: 'OUT',
  seatReturned: 'IN',
  checkoutDenied: 'DENIED',
  featureUnsupported: 'UNSUPPORTED',
  checkoutQueued: 'QUEUED',
  checkoutDequeued: 'DEQUEUED',
};

/** Check-in and lost connection look alike in FlexNet's log; only these two have a word. */
export const inReason: Readonly<Partial<Record<ReturnReason, InReason>>> = {
  shutdown: 'SHUTDOWN',
  inactive: 'INACTIVE',
};
