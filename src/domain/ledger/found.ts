import type { EpochMs } from '../../base/clock.ts';
import { limits } from '../../base/limits.ts';
import { decideCheckout } from './checkouts.ts';
import type { CheckoutCommand } from './commands.ts';
import { copyAround } from './copies.ts';
import { record } from './ledger.ts';
import { serveQueue } from './performance.ts';
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
  if (!givesBack(ledger, request, now)) return asIs;
  const bounds = { poolsMax: limits.thoughtPoolsMax, seatsMax: limits.thoughtSeatsMax };
  const copy = copyAround(ledger, feature, now, bounds);
  if (copy === undefined) return asIs;
  let asked = request;
  while (givesBack(copy, asked, now)) {
    const events = decideCheckout(copy, asked, now);
    for (const event of events) record(copy, event);
    const last = events.at(-1);
    if (last?.kind === 'seatReturned' && last.reason === 'reused')
      asked = { ...asked, again: true };
    else serveQueue(copy, now, () => {});
  }
  return { ledger: copy, request: asked };
}

/** Each time there are fewer left that can come back. */
function givesBack(ledger: Ledger, request: CheckoutCommand, now: EpochMs): boolean {
  return decideCheckout(ledger, request, now).at(-1)?.kind === 'seatReturned';
}
