import type { Cancel, Clock, EpochMs } from '../../base/clock.ts';
import { limits } from '../../base/limits.ts';
import type { Piece } from './reply-fates.ts';

interface Due {
  readonly bytes: Buffer;
  readonly at: EpochMs;
}

/**
 * What is on its way to one client, in order, on the clock of the server: on a manual one it comes when that is moved.
 * Bounded by who asks: nobody is read from while `isFull`.
 */
export class ReplyPipe {
  readonly #clock: Clock;
  readonly #write: (bytes: Buffer) => void;
  readonly #queue: Due[] = [];
  #bytes = 0;
  #lastAt: EpochMs = 0;
  #timer: Cancel | undefined;
  #held = false;
  #onRoom: (() => void) | undefined;
  #onEmpty: (() => void) | undefined;

  constructor(clock: Clock, write: (bytes: Buffer) => void) {
    this.#clock = clock;
    this.#write = write;
  }

  get isEmpty(): boolean {
    return this.#queue.length === 0;
  }

  get isFull(): boolean {
    return this.#bytes >= limits.answerBytesMax;
  }

  /** Puts pieces behind what is on its way; writes at once what nothing holds up. */
  push(pieces: readonly Piece[]): void {
    const now = this.#clock.now();
    for (const { bytes, latencyMs, busyMs } of pieces) {
      this.#lastAt = Math.max(this.#lastAt, now + latencyMs) + busyMs;
      this.#queue.push({ bytes, at: this.#lastAt });
      this.#bytes += bytes.length;
    }
    this.#pump();
  }

  /** Nothing leaves until `letGo`. */
  hold(): void {
    this.#held = true;
    this.#timer?.();
  }

  letGo(): void {
    this.#held = false;
    this.#pump();
  }

  /** What is on its way arrives now: nothing slows it down any more. */
  hurry(): void {
    this.#lastAt = 0;
    for (let at = 0; at < this.#queue.length; at++) {
      this.#queue[at] = { bytes: this.#queue[at]!.bytes, at: 0 };
    }
    this.#pump();
  }

  /** Resolves when there is room again. */
  room(): Promise<void> {
    return new Promise((resolve) => {
      this.#onRoom = resolve;
    });
  }

  /** Calls `then` once when nothing is on its way any more. */
  whenEmpty(then: () => void): void {
    if (this.isEmpty) then();
    else this.#onEmpty = then;
  }

  /** The client is gone. */
  stop(): void {
    this.#timer?.();
    this.#queue.length = 0;
    this.#bytes = 0;
  }

  #pump(): void {
    this.#timer?.();
    this.#timer = undefined;
    if (this.#held) return;
    const now = this.#clock.now();
    let sent = 0;
    while (sent < this.#queue.length && this.#queue[sent]!.at <= now) {
      const { bytes } = this.#queue[sent++]!;
      this.#bytes -= bytes.length;
      this.#write(bytes);
    }
    this.#queue.splice(0, sent);
    if (!this.isFull) {
      this.#onRoom?.();
      this.#onRoom = undefined;
    }
    const [first] = this.#queue;
    if (first !== undefined) this.#timer = this.#clock.schedule(first.at, () => this.#pump());
    else {
      this.#onEmpty?.();
      this.#onEmpty = undefined;
    }
  }
}
