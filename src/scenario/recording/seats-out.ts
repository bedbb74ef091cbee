import type { LogEvent } from './log-events.ts';

/** A checkout that is out, or waits. */
export interface OpenCheckout {
  readonly event: LogEvent;
  /** `granted`: its turn has come, which the log has yet to tell. */
  state: 'held' | 'waiting' | 'granted';
}

export function featureKey({ vendor, feature }: Pick<LogEvent, 'vendor' | 'feature'>): string {
  return `${vendor}\n${feature}`.toLowerCase();
}

/** One user's checkouts of one feature. */
function clientKey(event: LogEvent): string {
  return [featureKey(event), event.user, event.host].join('\n');
}

/** Who has what out. */
export class SeatsOut {
  readonly #open = new Map<string, OpenCheckout[]>();

  /** What its user has of its feature, oldest first. */
  of(event: LogEvent): readonly OpenCheckout[] {
    return this.#open.get(clientKey(event)) ?? [];
  }

  add(event: LogEvent, state: OpenCheckout['state'] = 'held'): OpenCheckout {
    const checkout = { event, state };
    const key = clientKey(event);
    const known = this.#open.get(key);
    if (known) known.push(checkout);
    else this.#open.set(key, [checkout]);
    return checkout;
  }

  /** Takes away what a check-in gives back: one checkout of as many licenses, else the oldest ones up to as many. */
  take(event: LogEvent): readonly OpenCheckout[] {
    const key = clientKey(event);
    const open = this.#open.get(key) ?? [];
    const equal = open.find((each) => each.event.count === event.count);
    const chosen = equal ? [equal] : oldest(open, event.count);
    const left = open.filter((each) => !chosen.includes(each));
    if (left.length > 0) this.#open.set(key, left);
    else this.#open.delete(key);
    return chosen;
  }

  /** Takes away everything of a vendor daemon that died: each user's of each feature together. */
  takeAll(vendor: string): readonly (readonly OpenCheckout[])[] {
    const found = [...this.#open].filter(([, open]) => {
      return open[0]!.event.vendor.toLowerCase() === vendor.toLowerCase();
    });
    for (const [key] of found) this.#open.delete(key);
    return found.map(([, open]) => open);
  }
}

function oldest(open: readonly OpenCheckout[], count: number): readonly OpenCheckout[] {
  const chosen: OpenCheckout[] = [];
  let left = count;
  for (const checkout of open) {
    if (left <= 0) break;
    chosen.push(checkout);
    left -= checkout.event.count;
  }
  return chosen;
}
