import type { ServerResponse } from 'node:http';
import { KnownError } from '../base/errors.ts';
import { limits } from '../base/limits.ts';
import type { Journal, JournalEntry } from '../daemon/journal.ts';
import { isWanted, type JournalQuery } from './journal-filter.ts';

/** Events looked at before what is wanted of them is written: other connections have their turn in between. */
const PIECE = 500;
/** How often a reader is told that something has happened, wanted or not. */
const COUNT_MS = 1_000;
/** Silence that proxies take for the end of a connection lasts longer. */
const KEEP_ALIVE_MS = 15_000;

/** Streams of events to those who watch (Server-Sent Events). */
export class JournalStreams {
  readonly #journal: Journal;
  readonly #streams = new Set<JournalStream>();
  #stopListening: (() => void) | undefined;

  constructor(journal: Journal) {
    this.#journal = journal;
  }

  /**
   * Streams events to a response until its client goes, from number `from` on, else from the next.
   * @throws KnownError CONTROL_BUSY when there are as many as may be
   */
  open(response: ServerResponse, query: JournalQuery): void {
    if (this.#streams.size >= limits.httpStreamsMax) {
      const text = `expected at most ${limits.httpStreamsMax} streams at a time, got one more`;
      throw new KnownError('CONTROL_BUSY', text);
    }
    response.writeHead(200, {
      'content-type': 'text/event-stream; charset=utf-8',
      'cache-control': 'no-store',
      'x-content-type-options': 'nosniff',
    });
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
  readonly #response: ServerResponse;
  readonly #query: JournalQuery;
  readonly #timer: NodeJS.Timeout;
  #next: number;
  #era: number;
  #toldCount = -1;
  #quietSince = performance.now();
  #isDue = false;
  #isBlocked = false;

  constructor(journal: Journal, response: ServerResponse, query: JournalQuery) {
    this.#journal = journal;
    this.#response = response;
    this.#query = query;
    this.#next = query.from ?? journal.count + 1;
    this.#era = journal.era;
    this.#timer = setInterval(() => this.#tick(), COUNT_MS).unref();
    response.on('drain', () => {
      this.#isBlocked = false;
      this.stir();
    });
    this.#write(': events of the journal, each with its number as id\n\n');
  }

  /** In a turn of its own: who made the event has its answer first. */
  stir(): void {
    if (this.#isDue || this.#isBlocked) return;
    this.#isDue = true;
    setImmediate(() => {
      this.#isDue = false;
      this.#send();
    });
  }

  #send(): void {
    if (this.#isBlocked || this.#response.destroyed) return;
    this.#beginAnew();
    const { first } = this.#journal;
    if (this.#next < first) {
      this.#write(frame('missed', { from: this.#next, to: first - 1 }));
      this.#next = first;
    }
    const entries = this.#journal.entries(this.#next, PIECE);
    const last = entries.at(-1);
    if (last === undefined) return;
    this.#next = last.number + 1;
    const wanted = entries.filter((entry) => isWanted(entry, this.#query));
    if (wanted.length > 0) this.#write(wanted.map(eventFrame).join(''));
    if (entries.length === PIECE) this.stir();
  }

  /** After a reset of the server numbers begin at 1. */
  #beginAnew(): void {
    if (this.#era === this.#journal.era) return;
    this.#era = this.#journal.era;
    this.#next = 1;
    this.#toldCount = -1;
    this.#write(frame('reset', {}));
  }

  #tick(): void {
    this.stir();
    const { count } = this.#journal;
    if (this.#isBlocked) return;
    if (count !== this.#toldCount) {
      this.#toldCount = count;
      this.#write(frame('count', { count }));
    } else if (performance.now() - this.#quietSince > KEEP_ALIVE_MS)
      this.#write(': still here\n\n');
  }

  #write(text: string): void {
    this.#quietSince = performance.now();
    this.#isBlocked = !this.#response.write(text);
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
  return `event: ${name}\ndata: ${JSON.stringify(data)}\n\n`;
}

/** JSON has no line break of its own: one line of data is enough. */
function eventFrame(entry: JournalEntry): string {
  return `id: ${entry.number}\nevent: journal\ndata: ${JSON.stringify(entry)}\n\n`;
}
