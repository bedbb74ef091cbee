import type { LogEvent } from './log-events.ts';
import { featureKey, type OpenCheckout } from './seats-out.ts';
import type { Supply } from './supply.ts';

/** Codes of denials that a number of licenses explains. */
const ALL_IN_USE = -4;
const NO_SUCH_FEATURE = -5;
const MORE_THAN_THERE_ARE = -26;

/**
 * What a server with these licenses will do: whoever asks gets them while there are some, whoever waits gets them in
 * turn. A recording that expects nothing else passes on it.
 */
export class SupplyInUse {
  readonly #supplies: ReadonlyMap<string, Supply>;
  readonly #used = new Map<string, number>();
  /** By feature, whoever is next first. */
  readonly #waiting = new Map<string, OpenCheckout[]>();

  constructor(supplies: ReadonlyMap<string, Supply>) {
    this.#supplies = supplies;
  }

  has(event: LogEvent): boolean {
    return this.#supplies.has(featureKey(event));
  }

  /** Whether a request is granted at once. */
  hasRoom(event: LogEvent): boolean {
    return this.#queue(event).length === 0 && this.#fits(event);
  }

  /** Whether a request would be denied with its code. */
  explains(event: LogEvent): boolean {
    const supply = this.#supplies.get(featureKey(event));
    if (!supply) return event.code === NO_SUCH_FEATURE;
    if (event.count > supply.count) return event.code === MORE_THAN_THERE_ARE;
    return event.code === ALL_IN_USE && !this.#fits(event);
  }

  take(event: LogEvent): void {
    this.#use(event, event.count);
  }

  wait(checkout: OpenCheckout): void {
    this.#waiting.set(featureKey(checkout.event), [...this.#queue(checkout.event), checkout]);
  }

  /** Gives back what is out, or leaves the queue; whose turn it is then has it. */
  give(checkout: OpenCheckout): void {
    const { event, state } = checkout;
    if (state === 'waiting') this.#leave(checkout);
    else this.#use(event, -event.count);
    for (;;) {
      const next = this.#queue(event)[0];
      if (!next || !this.#fits(next.event)) return;
      this.#leave(next);
      next.state = 'granted';
      this.#use(next.event, next.event.count);
    }
  }

  #queue(event: LogEvent): readonly OpenCheckout[] {
    return this.#waiting.get(featureKey(event)) ?? [];
  }

  #leave(checkout: OpenCheckout): void {
    const { event } = checkout;
    const left = this.#queue(event).filter((each) => each !== checkout);
    this.#waiting.set(featureKey(event), left);
  }

  #fits(event: LogEvent): boolean {
    const key = featureKey(event);
    const supply = this.#supplies.get(key);
    return supply !== undefined && (this.#used.get(key) ?? 0) + event.count <= supply.count;
  }

  #use(event: LogEvent, count: number): void {
    const key = featureKey(event);
    this.#used.set(key, (this.#used.get(key) ?? 0) + count);
  }
}
