import type { EpochMs } from '../../base/clock.ts';
import { KnownError } from '../../base/errors.ts';
import { limits } from '../../base/limits.ts';
import { HASH_START, hashStep } from './byte-words.ts';

/** Is told of seats that are no longer out. */
export type CloseSeat = (feature: number, client: number, since: EpochMs, count: number) => void;

/** Seats that a client has of one feature. */
export interface OpenSeat {
  readonly feature: number;
  readonly client: number;
  readonly since: EpochMs;
  readonly count: number;
}

const NONE = -1;
const ROOM_AT_FIRST = 256;

/**
 * What is out at a moment of the log, to pair each IN with its OUT. Checkouts of one client and feature hang together,
 * oldest first; columns instead of objects, for each lives only a while and there are millions.
 */
export class OpenSeats {
  #feature = new Int32Array(ROOM_AT_FIRST);
  #client = new Int32Array(ROOM_AT_FIRST);
  #since = new Float64Array(ROOM_AT_FIRST);
  #count = new Int32Array(ROOM_AT_FIRST);
  /** Of the chain, or of the free rows. */
  #next = new Int32Array(ROOM_AT_FIRST);
  /** Of the first row of a chain: its last one. */
  #last = new Int32Array(ROOM_AT_FIRST);
  /** The first row of each chain, by hash of client and feature; twice as many as rows. */
  #heads = new Int32Array(2 * ROOM_AT_FIRST).fill(NONE);
  #free = NONE;
  #rows = 0;
  #size = 0;

  get size(): number {
    return this.#size;
  }

  /** @throws KnownError PLAN_TOO_LARGE past `limits.logSeatsMax`. */
  add(feature: number, client: number, since: EpochMs, count: number): void {
    const row = this.#newRow();
    this.#feature[row] = feature;
    this.#client[row] = client;
    this.#since[row] = since;
    this.#count[row] = count;
    this.#next[row] = NONE;
    const slot = this.#slotOf(feature, client);
    const head = this.#heads[slot]!;
    if (head === NONE) this.#heads[slot] = row;
    else this.#next[this.#last[head]!] = row;
    this.#last[head === NONE ? row : head] = row;
  }

  /**
   * Takes seats of a client back: the oldest checkout of just as many if there is one, else from the oldest on, and a
   * part of one if need be. Gives those that were never seen to go out.
   */
  take(feature: number, client: number, count: number, close: CloseSeat): number {
    const slot = this.#slotOf(feature, client);
    let before = NONE;
    for (let row = this.#heads[slot]!; row !== NONE; row = this.#next[row]!) {
      if (this.#count[row] === count) {
        this.#close(row, count, close);
        this.#unchain(slot, before, row);
        return 0;
      }
      before = row;
    }
    return this.#takeOldest(slot, count, close);
  }

  #unchain(slot: number, before: number, row: number): void {
    const next = this.#next[row]!;
    const head = this.#heads[slot]!;
    if (before === NONE) this.#setHead(slot, next);
    else {
      this.#next[before] = next;
      if (next === NONE) this.#last[head] = before;
    }
    this.#release(row);
  }

  #takeOldest(slot: number, count: number, close: CloseSeat): number {
    let left = count;
    let row = this.#heads[slot]!;
    while (row !== NONE && left > 0) {
      const taken = Math.min(this.#count[row]!, left);
      this.#close(row, taken, close);
      left -= taken;
      this.#count[row]! -= taken;
      if (this.#count[row]! > 0) break;
      const next = this.#next[row]!;
      this.#release(row);
      row = next;
    }
    if (row !== this.#heads[slot]) this.#setHead(slot, row);
    return left;
  }

  /** All that is out, oldest first. */
  seats(): readonly OpenSeat[] {
    return this.#inOrder(() => true).map((row) => ({
      feature: this.#feature[row]!,
      client: this.#client[row]!,
      since: this.#since[row]!,
      count: this.#count[row]!,
    }));
  }

  /** Takes all back of which `isMeant` says so, oldest first. */
  takeAll(isMeant: (feature: number) => boolean, close: CloseSeat): void {
    for (const row of this.#inOrder(isMeant)) {
      this.#close(row, this.#count[row]!, close);
      const slot = this.#slotOf(this.#feature[row]!, this.#client[row]!);
      // Its chain may be gone with another of its rows.
      if (this.#heads[slot] !== NONE) this.#setHead(slot, NONE);
      this.#release(row);
    }
  }

  #inOrder(isMeant: (feature: number) => boolean): readonly number[] {
    const rows: number[] = [];
    for (const head of this.#heads) {
      if (head === NONE || !isMeant(this.#feature[head]!)) continue;
      for (let row = head; row !== NONE; row = this.#next[row]!) rows.push(row);
    }
    return rows.sort((a, b) => this.#since[a]! - this.#since[b]!);
  }

  #close(row: number, count: number, close: CloseSeat): void {
    close(this.#feature[row]!, this.#client[row]!, this.#since[row]!, count);
  }

  #newRow(): number {
    if (this.#size >= limits.logSeatsMax) {
      const text = `debug log: expected at most ${limits.logSeatsMax} seats out at a time, got more`;
      throw new KnownError('PLAN_TOO_LARGE', text);
    }
    this.#size++;
    if (this.#free !== NONE) {
      const row = this.#free;
      this.#free = this.#next[row]!;
      return row;
    }
    if (this.#rows === this.#next.length) this.#grow();
    return this.#rows++;
  }

  #release(row: number): void {
    this.#next[row] = this.#free;
    this.#free = row;
    this.#size--;
  }

  /** The slot of the chain's head, or the one that it would have. */
  #slotOf(feature: number, client: number): number {
    const heads = this.#heads;
    let slot = this.#homeOf(feature, client);
    for (;;) {
      const head = heads[slot]!;
      if (head === NONE) return slot;
      if (this.#client[head] === client && this.#feature[head] === feature) return slot;
      slot = (slot + 1) & (heads.length - 1);
    }
  }

  #homeOf(feature: number, client: number): number {
    return hashStep(hashStep(HASH_START, feature), client) & (this.#heads.length - 1);
  }

  /** A chain that has ended leaves no hole before others of its neighborhood. */
  #setHead(slot: number, head: number): void {
    const heads = this.#heads;
    if (head !== NONE) this.#last[head] = this.#last[heads[slot]!]!;
    heads[slot] = head;
    if (head !== NONE) return;
    const mask = heads.length - 1;
    let hole = slot;
    for (let at = (slot + 1) & mask; heads[at] !== NONE; at = (at + 1) & mask) {
      const row = heads[at]!;
      const home = this.#homeOf(this.#feature[row]!, this.#client[row]!);
      if (((at - home) & mask) < ((at - hole) & mask)) continue;
      heads[hole] = row;
      heads[at] = NONE;
      hole = at;
    }
  }

  #grow(): void {
    this.#feature = grown(this.#feature);
    this.#client = grown(this.#client);
    this.#count = grown(this.#count);
    this.#next = grown(this.#next);
    this.#last = grown(this.#last);
    const since = new Float64Array(2 * this.#since.length);
    since.set(this.#since);
    this.#since = since;
    const heads = this.#heads.filter((head) => head !== NONE);
    this.#heads = new Int32Array(2 * this.#next.length).fill(NONE);
    for (const head of heads) {
      this.#heads[this.#slotOf(this.#feature[head]!, this.#client[head]!)] = head;
    }
  }
}

function grown(old: Int32Array): Int32Array<ArrayBuffer> {
  const ints = new Int32Array(2 * old.length);
  ints.set(old);
  return ints;
}
