import { limits } from '../base/limits.ts';
import type { JournalEvent } from './journal.ts';

/** Events of one message: serializing more at once would hold up the daemon's clients. */
const BATCH_MAX = 1_000;

/**
 * Hands events to the manager: those of a turn of the event loop together, and one batch at a time, so that a
 * manager that is slow to read costs bounded memory. Past the size of its journal the oldest would be lost there
 * anyway, and go.
 */
export class EventFeed {
  readonly #send: (events: readonly JournalEvent[]) => Promise<void>;
  #waiting: JournalEvent[] = [];
  #sending: Promise<void> | undefined;

  /** `send` resolves when the events are on their way. */
  constructor(send: (events: readonly JournalEvent[]) => Promise<void>) {
    this.#send = send;
  }

  push(event: JournalEvent): void {
    this.#waiting.push(event);
    // Twice the size before it is cut: moving so many for each event would take all the time there is.
    if (this.#waiting.length >= 2 * limits.journalEventsMax) {
      this.#waiting = this.#waiting.slice(-limits.journalEventsMax);
    }
    this.#sending ??= this.#sendAll();
  }

  /** Resolves when everything pushed so far is on its way. */
  async drained(): Promise<void> {
    await this.#sending;
  }

  async #sendAll(): Promise<void> {
    await new Promise((turn) => setImmediate(turn));
    while (this.#waiting.length > 0) await this.#send(this.#nextBatch());
    this.#sending = undefined;
  }

  #nextBatch(): readonly JournalEvent[] {
    if (this.#waiting.length > BATCH_MAX) return this.#waiting.splice(0, BATCH_MAX);
    const all = this.#waiting;
    this.#waiting = [];
    return all;
  }
}
