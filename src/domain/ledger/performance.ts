import type { EpochMs } from '../../base/clock.ts';
import type { PoolDefinition } from '../license/pool-definition.ts';
import type { SeatRules } from '../options/rules.ts';
import type { SeatTimes } from '../options/time-rules.ts';
import type { CheckoutCommand, Command } from './commands.ts';
import { isBookkeeping, type LedgerEvent, type SeatReturned } from './events.ts';
import { decide, decideReread, record, replaceDefinitions } from './ledger.ts';
import type { Ledger } from './state.ts';

/**
 * Carries a command out: decides and records, serves who waits for what came back, and decides again where seats had
 * to come back first. Tells each event once it is recorded. Gives the events of the last decision about the command,
 * which hold the answer. Unless it `serves`, who waits goes on waiting, until it does again.
 */
export function perform(
  ledger: Ledger,
  command: Command,
  now: EpochMs,
  tell: (event: LedgerEvent) => void,
  serves = true,
): readonly LedgerEvent[] {
  let asked = command;
  for (;;) {
    const events = decide(ledger, asked, now);
    for (let at = 0; at < events.length; at++) {
      const event = events[at]!;
      record(ledger, event);
      tell(event);
    }
    const last = events[events.length - 1];
    if (asked.kind !== 'checkout' || last?.kind !== 'seatReturned') {
      if (serves && ledger.queue.isRestless) serveQueue(ledger, now, tell);
      return events;
    }
    asked = madeWay(ledger, asked, last, now, serves ? tell : undefined);
  }
}

/**
 * The request as it is to be decided now that a seat has come back for it. Who waits is served first, and `tell` told;
 * without `tell` nobody is.
 */
export function madeWay(
  ledger: Ledger,
  asked: CheckoutCommand,
  { reason }: SeatReturned,
  now: EpochMs,
  tell: ((event: LedgerEvent) => void) | undefined,
): CheckoutCommand {
  // Its own seat, that it has left and comes back to, is there for it alone.
  if (reason === 'reused') return { ...asked, again: true };
  if (tell !== undefined) serveQueue(ledger, now, tell);
  return asked;
}

/** What a reread puts in force. */
export interface InForce {
  readonly definitions: readonly PoolDefinition[];
  readonly rules: SeatRules;
  readonly times: SeatTimes;
}

/**
 * Puts changed definitions and rules in force: seats of pools that are gone come back first, then who waits is
 * served by the new ones. Tells each event once it is recorded.
 */
export function performReread(
  ledger: Ledger,
  { definitions, rules, times }: InForce,
  now: EpochMs,
  tell: (event: LedgerEvent) => void,
  serves = true,
): void {
  for (const event of decideReread(ledger, definitions, now)) {
    record(ledger, event);
    tell(event);
  }
  replaceDefinitions(ledger, definitions, now, rules, times);
  if (serves) serveQueue(ledger, now, tell);
}

/** Serves who waits, one after the other, until nobody can be served. */
export function serveQueue(ledger: Ledger, now: EpochMs, tell: (event: LedgerEvent) => void): void {
  while (ledger.queue.isRestless) {
    for (const event of decide(ledger, { kind: 'serveQueue' }, now)) {
      record(ledger, event);
      if (!isBookkeeping(event)) tell(event);
    }
  }
}
