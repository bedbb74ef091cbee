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
  /** In which order entries of one moment stand, where that is to be found out again. */
  readonly #ranks = new WeakMap<TimelineEntry, string>();
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
  step(entry: Omit<TimelineEntry, 'at' | 'kind'>, at: EpochMs, row: string): void {
    const told: TimelineEntry = { at, kind: 'step', ...entry };
    this.#ranks.set(told, row);
    this.entries.push(told);
  }

  /**
   * Puts what happened since there were `from` entries in an order that no race decides: of one moment the steps first,
   * row by row, then what the servers and clients did.
   */
  arrange(from: number): void {
    this.settle();
    const rank = (entry: TimelineEntry): string =>
      `${entry.kind === 'step' ? 'a' : 'b'} ${this.#ranks.get(entry)}`;
    const since = this.entries.splice(from);
    since.sort((a, b) => a.at - b.at || (rank(a) < rank(b) ? -1 : rank(a) > rank(b) ? 1 : 0));
    for (const entry of since) this.entries.push(entry);
  }

  /** Puts what was heard since into its place. */
  settle(): void {
    this.#hearEvents();
    const all = this.#heard;
    this.#heard = [];
    // Sorting is stable: what one of them did stays in order.
    all.sort((a, b) => a.at - b.at || (a.rank < b.rank ? -1 : a.rank > b.rank ? 1 : 0));
    for (const { rank, ...entry } of all) {
      this.#ranks.set(entry, rank);
      this.entries.push(entry);
    }
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
