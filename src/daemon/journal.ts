import { limits } from '../base/limits.ts';
import type { LedgerEvent } from '../domain/ledger/events.ts';
import { EventRing } from './journal-ring.ts';
import type { Notice } from './server-config.ts';
import type { Traffic } from './traffic.ts';
import { charactersOf, type Weighed } from './weights.ts';

/** One thing that happened, numbered from 1 over the life of the server, whatever daemon it was in. */
export interface JournalEntry {
  readonly number: number;
  readonly vendor: string;
  readonly event: JournalEvent;
}

/** A ledger event as plain data: its pool by id, everything else as it is. */
export type JournalEvent = LedgerEvent extends infer E
  ? E extends { readonly pool: unknown }
    ? Omit<E, 'pool' | 'draws'> & { readonly pool: string; readonly poolVersion: string }
    : E
  : never;

/** One that throws is reported as a notice, and called again with the next event. */
export type JournalListener = (entry: JournalEntry) => void;

/** Counts events as they are; it throws nothing, and keeps none of them. */
export type EventTally = (vendor: string, event: LedgerEvent | JournalEvent) => void;

/** The notice of a listener that threw. */
export const listenerFailed = 'journal listener failed';

/**
 * The latest events of all daemons, a ring: the oldest go when it is full. Events are
 * turned into plain data only when somebody asks: keeping them is to cost the hot path next to nothing.
 */
export class Journal {
  readonly #size: number;
  readonly #charactersMax: number;
  /** Kept events at the place their number says; none at those of events that went. */
  readonly #events = new EventRing<JournalEvent>();
  /** Of each event, in the same places. */
  readonly #weights: number[] = [];
  #characters = 0;
  readonly #vendors: string[] = [];
  readonly #notice: Notice;
  readonly #traffic: Traffic | undefined;
  readonly #listeners = new Set<JournalListener>();
  readonly #tallies = new Set<EventTally>();
  readonly #forgetters = new Set<() => void>();
  #count = 0;
  #era = 0;
  /** The oldest that is kept, or the next. */
  #first = 1;

  /**
   * `size` events are kept, and `characters` of their clients' texts; `notice` hears of listeners that fail,
   * `traffic` of those that may do something.
   */
  constructor({
    size = limits.journalEventsMax,
    characters = limits.journalCharactersMax,
    notice = () => {},
    traffic,
  }: {
    readonly size?: number | undefined;
    readonly characters?: number;
    readonly notice?: Notice;
    readonly traffic?: Traffic;
  } = {}) {
    this.#size = size;
    this.#charactersMax = characters;
    this.#notice = notice;
    this.#traffic = traffic;
  }

  /** Events there ever were. */
  get count(): number {
    return this.#count;
  }

  /** How often it was cleared: numbers begin anew each time. */
  get era(): number {
    return this.#era;
  }

  push(vendor: string, event: LedgerEvent | JournalEvent): void {
    const weight = charactersOf(event as Weighed);
    while (this.#isFullFor(weight)) this.#forgetFirst();
    const at = this.#count++ % this.#size;
    this.#events.put(at, event);
    this.#weights[at] = weight;
    this.#characters += weight;
    this.#vendors[at] = vendor;
    for (const tally of this.#tallies) tally(vendor, event);
    if (this.#listeners.size > 0) this.#tell(at);
  }

  #isFullFor(weight: number): boolean {
    const kept = this.#count + 1 - this.#first;
    const isHeavy = this.#characters + weight > this.#charactersMax;
    return kept > 0 && (kept === this.#size || isHeavy);
  }

  #forgetFirst(): void {
    const at = (this.#first++ - 1) % this.#size;
    this.#characters -= this.#weights[at]!;
    // The usual one that goes makes its place for the next.
    if (at !== this.#count % this.#size) this.#events.forget(at);
  }

  /** Forgets every event; the next is number 1. Listeners stay. */
  clear(): void {
    this.#era++;
    this.#events.clear();
    this.#weights.length = 0;
    this.#vendors.length = 0;
    this.#characters = 0;
    this.#count = 0;
    this.#first = 1;
    for (const forgotten of [...this.#forgetters]) forgotten();
  }

  /** Calls `forgotten` whenever every event was forgotten: the server begins anew. Gives back what ends that. */
  whenCleared(forgotten: () => void): () => void {
    this.#forgetters.add(forgotten);
    return () => this.#forgetters.delete(forgotten);
  }

  #tell(at: number): void {
    this.#traffic?.stir();
    const entry = this.#entry(this.#count, at);
    // A copy: what a listener adds hears the next event.
    for (const listener of [...this.#listeners]) {
      try {
        // It may be an async function all the same.
        const later: unknown = listener(entry);
        if (later instanceof Promise) later.catch((error: unknown) => this.#failed(entry, error));
      } catch (error) {
        this.#failed(entry, error);
      }
    }
  }

  /** What happened has happened, whatever is thought of it: the ledger and the other listeners go on. */
  #failed({ vendor, number }: JournalEntry, error: unknown): void {
    this.#notice(listenerFailed, { vendor, number, error });
  }

  #entry(number: number, at: number): JournalEntry {
    return { number, vendor: this.#vendors[at]!, event: plainEvent(this.#events.get(at)) };
  }

  /** The number of the oldest that is kept, or of the next. */
  get first(): number {
    return this.#first;
  }

  /** Entries kept, oldest first, from number `from` on; `most` of them. */
  entries(from = 1, most = Number.POSITIVE_INFINITY): readonly JournalEntry[] {
    const first = Math.max(from, this.#first);
    const last = Math.min(this.#count, first + most - 1);
    const list: JournalEntry[] = [];
    for (let number = first; number <= last; number++) {
      list.push(this.#entry(number, (number - 1) % this.#size));
    }
    return list;
  }

  /** As `listen`, for who only counts: it costs no entries, and a clock that is moved does not wait for it. */
  tally(tally: EventTally): () => void {
    this.#tallies.add(tally);
    return () => this.#tallies.delete(tally);
  }

  /** Calls `listener` with each new entry; gives back what ends that. */
  listen(listener: JournalListener): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }
}

/** A ledger event as plain data that survives JSON. */
export function plainEvent(event: LedgerEvent | JournalEvent): JournalEvent {
  if (!('pool' in event) || typeof event.pool === 'string') return event as JournalEvent;
  const { id, version } = event.pool.definition;
  // What seats count against is the ledger's own business, and no plain data.
  const { draws: _draws, ...rest } = { draws: undefined, ...event };
  return { ...rest, pool: id, poolVersion: version } as JournalEvent;
}
