import type { Refusal } from '../base/refusal.ts';
import type { Received } from './received.ts';

/** Requests of one session that may wait for their answers at a time. */
const WAITING_MAX = 10_000;

/** Where a request stands in a daemon's queue. */
export interface QueuePlace {
  /** Names it while it waits. */
  readonly handle: number;
  /** Requests before it. */
  readonly ahead: number;
}

interface Waiter {
  readonly resolve: (received: Received) => void;
  readonly timer: ReturnType<typeof setTimeout>;
  readonly queued: ((place: QueuePlace) => void) | undefined;
}

/** What one session has asked and not been answered, each under a tag of its own. */
export class PendingAnswers {
  readonly #waiting = new Map<number, Waiter>();
  /** Tags of those that wait in a queue, by the handles they wait under. */
  readonly #queued = new Map<number, number>();
  #tag = 0;

  /**
   * Has a request sent under a new tag; resolves with its answer, or with -52 when none comes in time. With `queued`
   * it may be told first that it waits in the daemon's queue: that it may do for ever.
   */
  ask(
    send: (tag: number) => void,
    timeoutMs: number,
    queued?: (place: QueuePlace) => void,
  ): Promise<Received> {
    if (this.#waiting.size >= WAITING_MAX) {
      return Promise.resolve(networkRefusal({ major: -52, minor: 2 }));
    }
    this.#tag = (this.#tag % 0xffff_ffff) + 1;
    const tag = this.#tag;
    return new Promise((resolve) => {
      const timer = setTimeout(() => {
        this.#waiting.delete(tag);
        resolve(networkRefusal({ major: -52, minor: 1 }));
      }, timeoutMs);
      this.#waiting.set(tag, { resolve, timer, queued });
      send(tag);
    });
  }

  /** Hands an answer to who waits for it; false when nobody does. */
  receive(received: Received): boolean {
    const tag = tagOf(received);
    const waiter = tag === undefined ? undefined : this.#waiting.get(tag);
    if (tag === undefined || waiter === undefined) return false;
    clearTimeout(waiter.timer);
    if (received.kind === 'queued' && waiter.queued !== undefined) {
      const { handle, ahead } = received.value;
      this.#queued.set(handle, tag);
      waiter.queued({ handle, ahead });
      return true;
    }
    this.#waiting.delete(tag);
    waiter.resolve(received);
    return true;
  }

  /** Who waits in the queue under this handle is answered so: the daemon will not. */
  leave(handle: number, refusal: Refusal): void {
    const tag = this.#queued.get(handle);
    this.#queued.delete(handle);
    const waiter = tag === undefined ? undefined : this.#waiting.get(tag);
    if (tag !== undefined) this.#waiting.delete(tag);
    waiter?.resolve(networkRefusal(refusal));
  }

  /** Everybody who waits is answered so. */
  end(refusal: Refusal): void {
    for (const { resolve, timer } of this.#waiting.values()) {
      clearTimeout(timer);
      resolve(networkRefusal(refusal));
    }
    this.#waiting.clear();
    this.#queued.clear();
  }
}

export function networkRefusal(refusal: Refusal): Received {
  return { kind: 'refused', refusal };
}

function tagOf(received: Received): number | undefined {
  if (received.kind === 'refused') return received.tag;
  return 'tag' in received.value ? received.value.tag : undefined;
}
