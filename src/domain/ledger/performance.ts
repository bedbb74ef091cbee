import type { EpochMs } from '../../base/clock.ts';
import type { Command } from './commands.ts';
import type { LedgerEvent } from './events.ts';
import { decide, record } from './ledger.ts';
import type { Ledger } from './state.ts';

/**
 * Carries a command out: decides and records, again where a decision says that seats come back first, and tells each
 * event once it is recorded. Gives the events of the last decision, which holds the answer.
 */
export function perform(
  ledger: Ledger,
  command: Command,
  now: EpochMs,
  tell: (event: LedgerEvent) => void,
): readonly LedgerEvent[] {
  for (;;) {
    const events = decide(ledger, command, now);
    for (let at = 0; at < events.length; at++) {
      const event = events[at]!;
      record(ledger, event);
      tell(event);
    }
    if (command.kind !== 'checkout' || isAnswered(events)) return events;
  }
}

/** False when a checkout is to be decided again, now that seats have come back. */
function isAnswered(events: readonly LedgerEvent[]): boolean {
  return events[events.length - 1]!.kind !== 'seatReturned';
}
