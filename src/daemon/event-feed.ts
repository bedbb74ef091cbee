import { limits } from '../base/limits.ts';
import type { JournalEvent } from './journal.ts';
import { charactersOf, type Weighed } from './weights.ts';

/** Of one message: serializing more at once would hold up the daemon's clients. */
const batchMax = { events: 1_000, characters: 1024 * 1024 } as const;

export interface EventFeedOptions {
  /** Resolves when the events are on their way. */
  readonly send: (events: readonly JournalEvent[]) => Promise<void>;
  /** Told once when events are lost, with undefined, and with how many when the manager has caught up. */
  readonly lost: (events: number | undefined) => void;
  /** What may wait; `limits` has it. */
  readonly eventsMax?: number;
  readonly charactersMax?: number;
}

/**
 * Hands events to the manager: those of a turn of the event loop together, and one batch at a time, so that a
 * manager that is slow to read costs bounded memory, in events and in the texts of clients that they carry. Past
 * that the oldest are lost, as they would be in its journal.
 */
export class EventFeed {
  readonly #options: EventFeedOptions;
  readonly #eventsMax: number;
  readonly #charactersMax: number;
  #waiting: JournalEvent[] = [];
  /** Of each that waits. */
  #weights: number[] = [];
  /** The oldest that still waits: what is before it was lost. */
  #first = 0;
  #characters = 0;
  #lost = 0;
  #sending: Promise<void> | undefined;

  constructor(options: EventFeedOptions) {
    this.#options = options;
    this.#eventsMax = options.eventsMax ?? limits.feedEventsMax;
    this.#charactersMax = options.charactersMax ?? limits.feedCharactersMax;
  }

  push(event: JournalEvent): void {
    const weight = charactersOf(event as Weighed);
    this.#waiting.push(event);
    this.#weights.push(weight);
    this.#characters += weight;
    while (this.#isOver()) this.#loseFirst();
    this.#sending ??= this.#sendAll();
  }

  /** Events that wait for the manager. */
  get waiting(): number {
    return this.#waiting.length - this.#first;
  }

  /** Resolves when everything pushed so far is on its way, or lost. */
  async drained(): Promise<void> {
    await this.#sending;
  }

  #isOver(): boolean {
    if (this.waiting < 2) return false;
    return this.waiting > this.#eventsMax || this.#characters > this.#charactersMax;
  }

  #loseFirst(): void {
    this.#characters -= this.#weights[this.#first]!;
    this.#first++;
    // Half of it before what is gone is cut off: moving the rest for each event would take all the time there is.
    if (this.#first > this.waiting) this.#cut(this.#first);
    if (this.#lost++ === 0) this.#options.lost(undefined);
  }

  #cut(before: number): void {
    this.#waiting = this.#waiting.slice(before);
    this.#weights = this.#weights.slice(before);
    this.#first = 0;
  }

  async #sendAll(): Promise<void> {
    await new Promise((turn) => setImmediate(turn));
    while (this.waiting > 0) await this.#options.send(this.#nextBatch());
    this.#sending = undefined;
    if (this.#lost === 0) return;
    const lost = this.#lost;
    this.#lost = 0;
    this.#options.lost(lost);
  }

  #nextBatch(): readonly JournalEvent[] {
    let end = this.#first;
    let characters = 0;
    const last = Math.min(this.#waiting.length, this.#first + batchMax.events);
    while (end < last && (characters === 0 || characters < batchMax.characters)) {
      characters += this.#weights[end++]!;
    }
    const batch = this.#waiting.slice(this.#first, end);
    this.#characters -= characters;
    this.#cut(end);
    return batch;
  }
}
