import { limits } from '../base/limits.ts';
import type { Journal, JournalEvent } from '../daemon/journal.ts';
import type { LedgerEvent } from '../domain/ledger/events.ts';

/** Upper bounds of a wait for seats, in seconds: from one that nobody notices to a working day. */
export const waitBounds = [0.1, 0.5, 1, 5, 15, 60, 300, 900, 3_600, 4 * 3_600, 8 * 3_600] as const;

/** How long requests waited that were served. */
export interface Waits {
  /** Of each bound, and beyond the last: how many waited so long and no longer. */
  readonly counts: number[];
  sumSeconds: number;
}

/** What is counted of one feature. */
export interface FeatureCounts {
  readonly vendor: string;
  readonly feature: string;
  granted: number;
  /** By FlexNet's code. */
  readonly denied: Map<number, number>;
  /** By reason. */
  readonly returned: Map<string, number>;
  readonly waits: Waits;
}

/** Of requests for what no line has: names that anybody can invent are not counted each. */
export const unknownFeature = '';

/** Counts what happens from its beginning on, whatever the journal has forgotten since. */
export class EventCounts {
  readonly #features = new Map<string, FeatureCounts>();
  /** When each that waits began to: by vendor and handle. */
  readonly #waiting = new Map<string, number>();
  readonly #end: () => void;

  constructor(journal: Journal) {
    this.#end = journal.tally((vendor, event) => this.#count(vendor, event));
  }

  get features(): Iterable<FeatureCounts> {
    return this.#features.values();
  }

  #of(vendor: string, feature: string): FeatureCounts {
    const key = `${vendor} ${feature}`;
    let counts = this.#features.get(key);
    if (counts === undefined) {
      const waits = { counts: new Array<number>(waitBounds.length + 1).fill(0), sumSeconds: 0 };
      counts = { vendor, feature, granted: 0, denied: new Map(), returned: new Map(), waits };
      this.#features.set(key, counts);
    }
    return counts;
  }

  #count(vendor: string, event: LedgerEvent | JournalEvent): void {
    switch (event.kind) {
      case 'seatTaken':
        this.#of(vendor, event.feature).granted++;
        break;
      case 'seatReturned':
        increase(this.#of(vendor, event.feature).returned, event.reason);
        break;
      case 'checkoutDenied':
        increase(this.#of(vendor, event.feature).denied, event.refusal.major);
        break;
      case 'featureUnsupported':
        increase(this.#of(vendor, unknownFeature).denied, event.refusal.major);
        break;
      case 'checkoutQueued':
        if (this.#waiting.size >= limits.queueEntriesMax) this.#waiting.clear();
        this.#waiting.set(`${vendor} ${event.handle}`, event.at);
        break;
      case 'checkoutDequeued':
        this.#waited(vendor, event);
        break;
    }
  }

  #waited(vendor: string, event: Extract<LedgerEvent, { kind: 'checkoutDequeued' }>): void {
    const key = `${vendor} ${event.handle}`;
    const since = this.#waiting.get(key);
    this.#waiting.delete(key);
    if (event.reason !== 'granted' || since === undefined) return;
    const seconds = Math.max(0, event.at - since) / 1_000;
    const { waits } = this.#of(vendor, event.feature);
    const found = waitBounds.findIndex((bound) => seconds <= bound);
    const at = found < 0 ? waitBounds.length : found;
    waits.counts[at] = waits.counts[at]! + 1;
    waits.sumSeconds += seconds;
  }

  close(): void {
    this.#end();
  }
}

function increase<Key>(counts: Map<Key, number>, key: Key): void {
  counts.set(key, (counts.get(key) ?? 0) + 1);
}
