import type { EpochMs } from '../base/clock.ts';
import { eventText } from './event-text.ts';
import type { TimelineEntry } from './results.ts';
import type { Stand } from './stand.ts';

/** What was heard and is not in its place yet. */
interface Heard extends TimelineEntry {
  /** Of one moment: the servers first, each in its turn, then the clients. */
  readonly rank: string;
}

/**
 * What happened in a run, in order. Servers and clients of one moment are told in an order of their own, whoever was
 * heard first: so a run has the same timeline whether there are sockets, processes or neither.
 */
export class Timeline {
  readonly entries: TimelineEntry[] = [];
  readonly #stand: Stand;
  #heard: Heard[] = [];
  #eventsSeen = 0;

  constructor(stand: Stand) {
    this.#stand = stand;
  }

  /** What becomes of a client without its asking. */
  client(name: string, text: string): void {
    const at = this.#stand.now();
    this.#heard.push({ at, kind: 'client', text: `${name} ${text}`, rank: `client ${name}` });
  }

  /** A step that was taken; what followed from it comes behind it. */
  step(entry: Omit<TimelineEntry, 'at' | 'kind'>, at: EpochMs): void {
    this.entries.push({ at, kind: 'step', ...entry });
  }

  /** Puts what was heard since into its place. */
  settle(): void {
    this.#hearEvents();
    const all = this.#heard;
    this.#heard = [];
    // Sorting is stable: what one of them did stays in order.
    all.sort((a, b) => a.at - b.at || (a.rank < b.rank ? -1 : a.rank > b.rank ? 1 : 0));
    for (const { rank: _, ...entry } of all) this.entries.push(entry);
  }

  #hearEvents(): void {
    const { events, servers } = this.#stand;
    for (const { server, vendor, event } of events.slice(this.#eventsSeen)) {
      const text = eventText(event);
      if (text === undefined) continue;
      const whose = servers.length === 1 ? vendor : `${server} ${vendor}`;
      const place = servers.findIndex(({ name }) => name === server);
      const rank = `a server ${String(place).padStart(4, '0')}`;
      this.#heard.push({ at: event.at, kind: 'event', text: `${whose}: ${text}`, rank });
    }
    this.#eventsSeen = events.length;
  }
}
