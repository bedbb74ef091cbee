import type { EpochMs } from '../../base/clock.ts';
import { KnownError } from '../../base/errors.ts';
import { limits } from '../../base/limits.ts';
import type { Closing, HistorySink, SavedSeat } from '../scan/history.ts';
import type { LogNames } from '../scan/log-names.ts';
import { type Begun, type Ended, endTimes } from './end-times.ts';
import type { Pace } from './pace.ts';
import type { PolledFeature, PolledHolder } from './poll.ts';

/** A checkout that was out in the last sample. `key` is '' for one that nobody's name stands at. */
export interface SavedHolder extends Omit<SavedSeat, 'since'> {
  readonly key: string;
  /** null: it was out in the first sample already. */
  readonly since: EpochMs | null;
  readonly seenAt: EpochMs;
}

/** Seats that there are from a time on. */
export interface IssuedFrom {
  readonly from: EpochMs;
  readonly seats: number;
}

/** What is to be known of a feature that was sampled. */
export interface SampledFacts {
  readonly daemon: string;
  readonly feature: string;
  readonly polls: number;
  /** Samples in which all seats that there are were out. */
  readonly fullPolls: number;
  /** Samples in which seats were out that nobody's name stands at. */
  readonly namelessPolls: number;
  /** Sessions that began since the sample before: at first sight younger than half of that time, and older. */
  readonly young: number;
  readonly old: number;
  readonly issued: readonly IssuedFrom[];
}

const MINUTE_MS = 60_000;

interface Held {
  readonly client: number;
  readonly since: EpochMs | undefined;
  count: number;
  seenAt: EpochMs;
}

/** The sessions of one feature, pieced together from samples. */
export class SampledFeature {
  polls = 0;
  fullPolls = 0;
  namelessPolls = 0;
  young = 0;
  old = 0;
  readonly issued: IssuedFrom[] = [];
  readonly #id: number;
  readonly #names: LogNames;
  readonly #sink: HistorySink;
  readonly #pace: Pace;
  /** By key; several when seats were added to a checkout. Oldest first. */
  readonly #named = new Map<string, Held[]>();
  /** Seats without a name, oldest first: which of them came back no sample says. */
  readonly #nameless: Held[] = [];
  readonly #freeNumbers: number[] = [];
  #numbers = 0;
  /** What this sample has not any more, and has anew. */
  #ended: (Ended & { readonly held: Held })[] = [];
  #begun: Begun[] = [];
  #inUse: number | undefined;
  #at: EpochMs | undefined;

  /** `at`: when its daemon told last that nothing of it was out. */
  constructor(id: number, names: LogNames, sink: HistorySink, pace: Pace, at?: EpochMs) {
    this.#id = id;
    this.#names = names;
    this.#sink = sink;
    this.#pace = pace;
    this.#at = at;
  }

  /** What a sample says of it; samples come in order of time. @throws KnownError PLAN_TOO_LARGE */
  take(at: EpochMs, polled: Pick<PolledFeature, 'used' | 'issued' | 'holders'>): void {
    const { used, issued, holders } = polled;
    if (used > limits.logSeatsMax) {
      const text = `samples: expected at most ${limits.logSeatsMax} seats out at a time, got ${used}`;
      throw new KnownError('PLAN_TOO_LARGE', text);
    }
    this.#countIssued(at, used, issued);
    const named = this.#takeNamed(at, holders);
    this.#takeNameless(at, Math.max(0, used - named));
    this.#tellEnded(issued === undefined ? undefined : Math.max(0, issued - (this.#inUse ?? 0)));
    this.polls++;
    this.#at = at;
    if (this.#inUse !== used) this.#sink.step(at, this.#id, used);
    this.#inUse = used;
  }

  /** There are no more samples: what is out stays open. */
  end(until: EpochMs): void {
    for (const [, held] of this.#all()) this.#tell(held, until, held.count, 'open');
  }

  save(): readonly SavedHolder[] {
    const feature = this.#names.feature(this.#id);
    return [...this.#all()].map(([key, { client, since, count, seenAt }]) => ({
      ...{ ...feature, client: this.#names.clients.textOf(client), key, count, seenAt },
      since: since ?? null,
    }));
  }

  restore({ client, key, since, count, seenAt }: SavedHolder): void {
    const id = this.#names.clients.idOfText(client, 0);
    const held = { client: id, since: since ?? undefined, count, seenAt };
    if (key === '') {
      this.#numbers = Math.max(this.#numbers, Number(/^seat (\d+)@/.exec(client)?.[1] ?? 0));
      this.#nameless.push(held);
    } else this.#listOf(key).push(held);
    this.#at = seenAt;
    this.#inUse = (this.#inUse ?? 0) + count;
  }

  *#all(): Generator<[string, Held]> {
    for (const [key, list] of this.#named) for (const held of list) yield [key, held];
    for (const held of this.#nameless) yield ['', held];
  }

  #countIssued(at: EpochMs, used: number, issued: number | undefined): void {
    if (issued === undefined) return;
    if (used >= issued && issued > 0) this.fullPolls++;
    if (this.issued.at(-1)?.seats === issued || this.issued.length >= limits.logNotesMax) return;
    this.issued.push({ from: this.#begin(at) ?? at, seats: issued });
  }

  /** Gives how many seats are out to somebody with a name. */
  #takeNamed(at: EpochMs, holders: readonly PolledHolder[]): number {
    const now = new Map<string, { readonly holder: PolledHolder; count: number }>();
    let sum = 0;
    for (const holder of holders) {
      const same = now.get(holder.key);
      if (same) same.count += holder.count;
      else now.set(holder.key, { holder, count: holder.count });
      sum += holder.count;
    }
    for (const [key, { holder, count }] of now) {
      const list = this.#listOf(key);
      const more = count - seatsOf(list);
      if (more > 0) list.push(this.#newHeld(at, holder, more));
    }
    for (const [key, list] of this.#named) {
      this.#close(list, seatsOf(list) - (now.get(key)?.count ?? 0), at);
      for (const held of list) held.seenAt = at;
      if (list.length === 0) this.#named.delete(key);
    }
    return sum;
  }

  #newHeld(at: EpochMs, { client, since }: PolledHolder, count: number): Held {
    const id = this.#names.clients.idOfText(client, 0);
    if (since !== undefined && this.#at !== undefined) this.#countAge(at - since, at - this.#at);
    return this.#newSeats(id, this.#begin(at, since), count, at);
  }

  #newSeats(client: number, since: EpochMs | undefined, count: number, seenAt: EpochMs): Held {
    if (since !== undefined) this.#begun.push({ at: since, count });
    return { client, since, count, seenAt };
  }

  /** A begin is told to the minute: it may have been at any second of it. */
  #countAge(age: number, interval: number): void {
    if (age > interval || interval === 0) return;
    const youngest = age - MINUTE_MS;
    const young = Math.min(1, Math.max(0, (interval / 2 - youngest) / MINUTE_MS));
    this.young += young;
    this.old += 1 - young;
  }

  #takeNameless(at: EpochMs, count: number): void {
    if (count > 0) this.namelessPolls++;
    const returned = this.#nameless.splice(0, Math.max(0, this.#nameless.length - count));
    for (const held of returned) {
      this.#end(held, 1, at);
      this.#freeNumbers.push(held.client);
    }
    for (const held of this.#nameless) held.seenAt = at;
    while (this.#nameless.length < count) {
      const client =
        this.#freeNumbers.pop() ?? this.#names.clients.idOfText(`seat ${++this.#numbers}@`, 0);
      this.#nameless.push(this.#newSeats(client, this.#begin(at), 1, at));
    }
  }

  /** Takes seats back, oldest first. */
  #close(list: Held[], count: number, at: EpochMs): void {
    let left = count;
    while (left > 0) {
      const held = list[0]!;
      const taken = Math.min(held.count, left);
      this.#end(held, taken, at);
      left -= taken;
      held.count -= taken;
      if (held.count === 0) list.shift();
    }
  }

  /**
   * When something began that this sample shows first: as it says, else halfway to the last sample without it. What is
   * in the first sample was out before.
   */
  #begin(at: EpochMs, told?: EpochMs): EpochMs | undefined {
    if (this.#at === undefined) return undefined;
    return told === undefined ? at - this.#half(at - this.#at) : Math.min(told, at);
  }

  /** It is told when all is known that this sample does not have any more. */
  #end(held: Held, count: number, at: EpochMs): void {
    const { seenAt } = held;
    this.#ended.push({ held, count, seenAt, halfway: seenAt + this.#half(at - seenAt) });
  }

  /** `room`: seats that were free in the last sample; undefined when nobody knows. */
  #tellEnded(room = Number.POSITIVE_INFINITY): void {
    const times = endTimes(this.#ended, this.#begun, room);
    for (const [index, { held, count }] of this.#ended.entries()) {
      this.#tell(held, times[index]!, count, 'checkin');
    }
    this.#ended = [];
    this.#begun = [];
  }

  /** Half of an interval in whole seconds, for one of a gap half of what is usual twice. */
  #half(interval: number): number {
    return 1_000 * Math.round(Math.min(interval, 2 * (this.#pace.usual || interval)) / 2_000);
  }

  #tell({ client, since }: Held, until: EpochMs, count: number, closing: Closing): void {
    const end = since === undefined ? until : Math.max(since, until);
    this.#sink.session(since, end, this.#id, client, count, closing);
  }

  #listOf(key: string): Held[] {
    let list = this.#named.get(key);
    if (list === undefined) {
      list = [];
      this.#named.set(key, list);
    }
    return list;
  }
}

function seatsOf(list: readonly Held[]): number {
  return list.reduce((seats, { count }) => seats + count, 0);
}
