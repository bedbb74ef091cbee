import type { ServerResponse } from 'node:http';
import type { Journal } from '../daemon/journal.ts';
import { EventResponse, eventFrame, type StreamPlaces } from './event-response.ts';
import { isWanted, type JournalQuery } from './journal-filter.ts';

/** Events looked at before what is wanted of them is written: other connections have their turn in between. */
const PIECE = 500;
/** How often a reader is told that something has happened, wanted or not. */
const COUNT_MS = 1_000;

/** Streams of events to those who watch (Server-Sent Events). */
export class JournalStreams {
  readonly #journal: Journal;
  readonly #streams = new Set<JournalStream>();
  readonly #places: StreamPlaces;
  #stopListening: (() => void) | undefined;

  constructor(journal: Journal, places: StreamPlaces) {
    this.#journal = journal;
    this.#places = places;
  }

  /**
   * Streams events to a response until its client goes, from number `from` on, else from the next.
   * @throws KnownError CONTROL_BUSY when there are as many as may be
   */
  open(response: ServerResponse, query: JournalQuery): void {
    this.#places.take(response);
    const stream = new JournalStream(this.#journal, response, query);
    this.#streams.add(stream);
    this.#stopListening ??= this.#journal.listen(() => this.stir());
    response.once('close', () => {
      stream.stop();
      this.#streams.delete(stream);
      if (this.#streams.size > 0) return;
      this.#stopListening?.();
      this.#stopListening = undefined;
    });
    stream.stir();
  }

  /** There may be something to tell. */
  stir(): void {
    for (const stream of this.#streams) stream.stir();
  }

  /** Ends all of them. */
  close(): void {
    for (const stream of this.#streams) stream.end();
  }
}

class JournalStream {
  readonly #journal: Journal;
  readonly #response: EventResponse;
  readonly #query: JournalQuery;
  readonly #timer: NodeJS.Timeout;
  #next: number;
  #era: number;
  #toldCount = -1;
  #isDue = false;

  constructor(journal: Journal, response: ServerResponse, query: JournalQuery) {
    this.#journal = journal;
    this.#response = new EventResponse(response, {
      comment: 'events of the journal, each with its number as id',
      drained: () => this.stir(),
    });
    this.#query = query;
    this.#next = query.from ?? journal.count + 1;
    this.#era = journal.era;
    this.#timer = setInterval(() => this.#tick(), COUNT_MS).unref();
  }

  /** In a turn of its own: who made the event has its answer first. */
  stir(): void {
    if (this.#isDue || this.#response.isBlocked) return;
    this.#isDue = true;
    setImmediate(() => {
      this.#isDue = false;
      this.#send();
    });
  }

  #send(): void {
    if (this.#response.isBlocked) return;
    this.#beginAnew();
    const { first } = this.#journal;
    if (this.#next < first) {
      this.#response.write(frame('missed', { from: this.#next, to: first - 1 }));
      this.#next = first;
    }
    const entries = this.#journal.entries(this.#next, PIECE);
    const last = entries.at(-1);
    if (last === undefined) return;
    this.#next = last.number + 1;
    const wanted = entries.filter((entry) => isWanted(entry, this.#query));
    if (wanted.length > 0)
      this.#response.write(
        wanted.map((entry) => eventFrame('journal', JSON.stringify(entry), entry.number)).join(''),
      );
    if (entries.length === PIECE) this.stir();
  }

  /** After a reset of the server numbers begin at 1. */
  #beginAnew(): void {
    if (this.#era === this.#journal.era) return;
    this.#era = this.#journal.era;
    this.#next = 1;
    this.#toldCount = -1;
    this.#response.write(frame('reset', {}));
  }

  #tick(): void {
    this.stir();
    const { count } = this.#journal;
    if (this.#response.isBlocked || count === this.#toldCount) return;
    this.#toldCount = count;
    this.#response.write(frame('count', { count }));
  }

  stop(): void {
    clearInterval(this.#timer);
  }

  end(): void {
    this.stop();
    this.#response.end();
  }
}

function frame(name: string, data: object): string {
  return eventFrame(name, JSON.stringify(data));
}
