import type { EpochMs } from '../../base/clock.ts';
import { DeadlineHeap } from '../../base/deadline-heap.ts';
import { unreachable } from '../../base/errors.ts';
import type { PoolDefinition } from '../license/pool-definition.ts';
import type { SeatRules } from '../options/rules.ts';
import type { SeatTimes } from '../options/time-rules.ts';
import { decideActivity, recordQuieted } from './activities.ts';
import { decideGiveUpBorrow, decideRestore, decideReturnBorrow } from './borrows.ts';
import { CheckoutSlots } from './checkout-slots.ts';
import { decideCheckout } from './checkouts.ts';
import { ClockWatch } from './clock-watch.ts';
import type { Command } from './commands.ts';
import { decideTimePassed } from './deadlines.ts';
import type { LedgerEvent } from './events.ts';
import { recordKept } from './lapses.ts';
import { Memo } from './memo.ts';
import { PagedTable } from './paged-table.ts';
import { Queue } from './queue.ts';
import { recordCapacity, recordReturned, recordTaken } from './records.ts';
import { recordRelined } from './relinings.ts';
import { replaceDefinitions } from './rereads.ts';
import {
  decideCheckin,
  decideDisconnect,
  decideRemove,
  decideRemoveClient,
  decideStop,
} from './returns.ts';
import {
  decideLeaveQueue,
  decideServe,
  recordDequeued,
  recordQueued,
  recordServed,
} from './servings.ts';
import { Sessions } from './sessions.ts';
import type { Ledger, LedgerOptions } from './state.ts';
import { decideWithdraw } from './withdrawals.ts';

export { nextDeadline } from './deadlines.ts';
export { decideReread, replaceDefinitions } from './rereads.ts';
export type { Ledger, LedgerOptions } from './state.ts';

/** Vendor daemons are seen to give 101 first. */
const FIRST_HANDLE = 101;

/**
 * A ledger with nothing out: one vendor daemon's pools, in the order in which they are tried, and the
 * options file's rules about them, and what time does to them.
 */
export function createLedger(
  definitions: readonly PoolDefinition[],
  options: LedgerOptions,
  now: EpochMs,
  rules?: SeatRules,
  times?: SeatTimes,
): Ledger {
  const ledger: Ledger = {
    options,
    features: new Map(),
    spellings: new Memo(0),
    pools: new Map(),
    checkouts: new PagedTable(),
    slots: new CheckoutSlots(),
    sessions: new Sessions(),
    standings: new DeadlineHeap(),
    lapses: new DeadlineHeap(),
    quiet: new Map(),
    queue: new Queue(options.queueEntriesMax),
    borrows: 0,
    clock: new ClockWatch(now, options.clockToleranceSeconds),
    startedAt: now,
    steadySince: -Infinity,
    steadyUntil: Infinity,
    nextHandle: options.firstHandle ?? FIRST_HANDLE,
  };
  replaceDefinitions(ledger, definitions, now, rules, times);
  return ledger;
}

/**
 * Says what a command would do, and does nothing: the same ledger, command and time give the same
 * events. Its events are to be recorded, in order, before the next decision.
 */
export function decide(ledger: Ledger, command: Command, now: EpochMs): readonly LedgerEvent[] {
  switch (command.kind) {
    case 'checkout':
      return decideCheckout(ledger, command, now);
    case 'checkin':
      return decideCheckin(ledger, command, now);
    case 'disconnect':
      return decideDisconnect(ledger, command, now);
    case 'leaveQueue':
      return decideLeaveQueue(ledger, command, now);
    case 'serveQueue':
      return decideServe(ledger, now);
    case 'returnBorrow':
      return decideReturnBorrow(ledger, command, now);
    case 'giveUpBorrow':
      return decideGiveUpBorrow(ledger, command, now);
    case 'restore':
      return decideRestore(ledger, command, now);
    case 'activity':
      return decideActivity(ledger, command, now);
    case 'remove':
      return decideRemove(ledger, command, now);
    case 'removeClient':
      return decideRemoveClient(ledger, command, now);
    case 'withdraw':
      return decideWithdraw(ledger, command, now);
    case 'timePassed':
      return decideTimePassed(ledger, now);
    case 'stop':
      return decideStop(ledger, now);
    default:
      return unreachable(command);
  }
}

/** Makes an event so; an event that only reports a refusal changes nothing. */
export function record(ledger: Ledger, event: LedgerEvent): void {
  if (event.at > ledger.clock.latest) ledger.clock.latest = event.at;
  switch (event.kind) {
    case 'seatTaken':
      recordTaken(ledger, event);
      break;
    case 'seatReturned':
      recordReturned(ledger, event);
      break;
    case 'seatKept':
      recordKept(ledger, event);
      break;
    case 'checkoutQueued':
      recordQueued(ledger, event);
      break;
    case 'checkoutDequeued':
      recordDequeued(ledger, event);
      break;
    case 'queueServed':
      recordServed(ledger, event);
      break;
    case 'queueRelined':
      recordRelined(ledger, event);
      break;
    case 'sessionQuieted':
      recordQuieted(ledger, event);
      break;
    case 'poolCapacityChanged':
      recordCapacity(ledger, event);
      break;
    case 'checkoutDenied':
    case 'featureUnsupported':
    case 'borrowConfirmed':
    case 'borrowLost':
    case 'checkinRefused':
      break;
    default:
      unreachable(event);
  }
}
