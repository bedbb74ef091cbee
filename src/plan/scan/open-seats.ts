import type { EpochMs } from '../../base/clock.ts';
import { KnownError } from '../../base/errors.ts';
import { limits } from '../../base/limits.ts';

/** A checkout whose check-in has not come yet. Those of one client and feature hang together, oldest first. */
export interface OpenSeat {
  readonly feature: number;
  readonly client: number;
  readonly since: EpochMs;
  count: number;
  next: OpenSeat | undefined;
}

/** Space for clients in a key that holds feature and client. */
const CLIENTS_MAX = 2 ** 26;

/** What is out at a moment of the log, to pair each IN with its OUT. */
export class OpenSeats {
  readonly #heads = new Map<number, OpenSeat>();
  #size = 0;

  get size(): number {
    return this.#size;
  }

  /** @throws KnownError PLAN_TOO_LARGE past `limits.logSeatsMax`. */
  add(feature: number, client: number, since: EpochMs, count: number): void {
    const key = feature * CLIENTS_MAX + client;
    const seat: OpenSeat = { feature, client, since, count, next: undefined };
    let last = this.#heads.get(key);
    if (last === undefined) this.#heads.set(key, seat);
    else {
      while (last.next !== undefined) last = last.next;
      last.next = seat;
    }
    if (++this.#size <= limits.logSeatsMax) return;
    const text = `debug log: expected at most ${limits.logSeatsMax} seats out at a time, got more`;
    throw new KnownError('PLAN_TOO_LARGE', text);
  }

  /**
   * Takes seats of a client back: the oldest checkout of just as many if there is one, else from the oldest on, and a
   * part of one if need be. Gives those that were never seen to go out.
   */
  take(
    feature: number,
    client: number,
    count: number,
    close: (seat: OpenSeat, count: number) => void,
  ): number {
    const key = feature * CLIENTS_MAX + client;
    const head = this.#heads.get(key);
    if (head === undefined) return count;
    if (head.count === count) {
      this.#setHead(key, head.next);
      close(head, count);
      return 0;
    }
    return this.#takeSame(head, count, close) ? 0 : this.#takeOldest(key, head, count, close);
  }

  #takeSame(
    head: OpenSeat,
    count: number,
    close: (seat: OpenSeat, count: number) => void,
  ): boolean {
    let before = head;
    while (before.next !== undefined) {
      const seat = before.next;
      if (seat.count === count) {
        before.next = seat.next;
        this.#size--;
        close(seat, count);
        return true;
      }
      before = seat;
    }
    return false;
  }

  #takeOldest(
    key: number,
    head: OpenSeat,
    count: number,
    close: (seat: OpenSeat, count: number) => void,
  ): number {
    let left = count;
    let seat: OpenSeat | undefined = head;
    while (seat !== undefined && left > 0) {
      const taken = Math.min(seat.count, left);
      close(seat, taken);
      left -= taken;
      seat.count -= taken;
      if (seat.count > 0) break;
      seat = seat.next;
      this.#setHead(key, seat);
    }
    return left;
  }

  #setHead(key: number, seat: OpenSeat | undefined): void {
    this.#size--;
    if (seat === undefined) this.#heads.delete(key);
    else this.#heads.set(key, seat);
  }

  /** All that is out; those of one client and feature oldest first. */
  *seats(): Generator<OpenSeat> {
    for (const head of this.#heads.values()) {
      for (let seat: OpenSeat | undefined = head; seat !== undefined; seat = seat.next) yield seat;
    }
  }

  /** Takes all back of which `isMeant` says so, oldest first for each client. */
  takeAll(
    isMeant: (feature: number) => boolean,
    close: (seat: OpenSeat, count: number) => void,
  ): void {
    for (const [key, head] of this.#heads) {
      if (!isMeant(head.feature)) continue;
      this.#heads.delete(key);
      for (let seat: OpenSeat | undefined = head; seat !== undefined; seat = seat.next) {
        this.#size--;
        close(seat, seat.count);
      }
    }
  }
}
