import type { EpochMs } from '../../base/clock.ts';
import { limits } from '../../base/limits.ts';
import { decideCheckout } from './checkouts.ts';
import type { CheckoutCommand } from './commands.ts';
import { copyAround } from './copies.ts';
import type { LedgerEvent, SeatReturned } from './events.ts';
import { record } from './ledger.ts';
import { madeWay } from './performance.ts';
import { findFeature, type Ledger } from './state.ts';

/** What a request finds when it is decided. */
export interface Found {
  readonly ledger: Ledger;
  readonly request: CheckoutCommand;
}

/**
 * Where seats that linger come back before a request is decided, others may wait for them, and have them first: then a
 * copy of what is around the request, in which that has happened, as `perform` does it. The ledger itself where nobody
 * waits, nothing comes back, or there is too much to copy.
 */
export function foundBy(ledger: Ledger, request: CheckoutCommand, now: EpochMs): Found {
  const asIs = { ledger, request };
  const feature = findFeature(ledger, request.feature);
  if (ledger.queue.size === 0 || feature === undefined) return asIs;
  if (comingBack(decideCheckout(ledger, request, now)) === undefined) return asIs;
  const bounds = { poolsMax: limits.thoughtPoolsMax, seatsMax: limits.thoughtSeatsMax };
  const copy = copyAround(ledger, feature, now, bounds);
  if (copy === undefined) return asIs;
  let asked = request;
  // Each time there are fewer left that can come back.
  for (;;) {
    const events = decideCheckout(copy, asked, now);
    const last = comingBack(events);
    if (last === undefined) return { ledger: copy, request: asked };
    for (const event of events) record(copy, event);
    asked = madeWay(copy, asked, last, now, () => {});
  }
}

/** The last of the seats that come back first; undefined when the events hold the answer. */
function comingBack(events: readonly LedgerEvent[]): SeatReturned | undefined {
  const last = events.at(-1);
  return last?.kind === 'seatReturned' ? last : undefined;
}
