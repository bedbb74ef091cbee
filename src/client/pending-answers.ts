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
  readonly done: (received: Received) => void;
  readonly queued: ((place: QueuePlace) => void) | undefined;
  /** By `uptimeMs`. Who waits in a queue waits for ever. */
  endsAt: number;
}

/** Of this process, as timers have it: a test that moves `performance` moves no socket's wait. */
function uptimeMs(): number {
  return process.uptime() * 1000;
}

/** What one session has asked and not been answered, each under a tag of its own. */
export class PendingAnswers {
  readonly #timeoutMs: number;
  /** In the order of asking, which is that of their ends: all wait equally long. */
  readonly #waiting = new Map<number, Waiter>();
  /** Tags of those that wait in a queue, by the handles they wait under. */
  readonly #queued = new Map<number, number>();
  /** One for all who wait, and left running when they are answered: most are long before it comes. */
  #timer: NodeJS.Timeout | undefined;
  /** Those who wait for an answer and not in a queue. */
  #timed = 0;
  #tag = 0;

  /** Each answer is waited for so long. */
  constructor(timeoutMs: number) {
    this.#timeoutMs = timeoutMs;
  }

  /**
   * Has a request sent under a new tag; `done` is told its answer, or -52 when none comes in time, and never before
   * this returns. With `queued` it may be told first that it waits in the daemon's queue: that it may do for ever.
   */
  ask(
    send: (tag: number) => void,
    done: (received: Received) => void,
    queued?: (place: QueuePlace) => void,
  ): void {
    if (this.#waiting.size >= WAITING_MAX) {
      return queueMicrotask(() => done(networkRefusal({ major: -52, minor: 2 })));
    }
    this.#tag = (this.#tag % 0xffff_ffff) + 1;
    this.#waiting.set(this.#tag, { done, queued, endsAt: uptimeMs() + this.#timeoutMs });
    this.#timed++;
    if (this.#timer === undefined) this.#arm(this.#timeoutMs);
    else if (this.#timed === 1) this.#timer.ref();
    send(this.#tag);
  }

  /** Hands an answer to who waits for it; false when nobody does. */
  receive(received: Received): boolean {
    const tag = tagOf(received);
    const waiter = tag === undefined ? undefined : this.#waiting.get(tag);
    if (tag === undefined || waiter === undefined) return false;
    if (received.kind === 'queued' && waiter.queued !== undefined) {
      const { handle, ahead } = received.value;
      this.#queued.set(handle, tag);
      this.#untime(waiter);
      waiter.queued({ handle, ahead });
      return true;
    }
    this.#waiting.delete(tag);
    this.#untime(waiter);
    waiter.done(received);
    return true;
  }

  /** Who waits in the queue under this handle is answered so: the daemon will not. */
  leave(handle: number, refusal: Refusal): void {
    const tag = this.#queued.get(handle);
    this.#queued.delete(handle);
    const waiter = tag === undefined ? undefined : this.#waiting.get(tag);
    if (tag === undefined || waiter === undefined) return;
    this.#waiting.delete(tag);
    this.#untime(waiter);
    waiter.done(networkRefusal(refusal));
  }

  /** Everybody who waits is answered so, after this returns: who ends a session tells first that it is lost. */
  end(refusal: Refusal): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    const received = networkRefusal(refusal);
    for (const { done } of this.#waiting.values()) queueMicrotask(() => done(received));
    this.#waiting.clear();
    this.#queued.clear();
    this.#timed = 0;
  }

  /** The timer is not for this one any more. */
  #untime(waiter: Waiter): void {
    if (waiter.endsAt === Number.POSITIVE_INFINITY) return;
    waiter.endsAt = Number.POSITIVE_INFINITY;
    // A timer that nobody waits for must not keep a program alive.
    if (--this.#timed === 0) this.#timer?.unref();
  }

  #arm(waitMs: number): void {
    this.#timer = setTimeout(() => this.#expire(), waitMs);
  }

  #expire(): void {
    this.#timer = undefined;
    const now = uptimeMs();
    const late = [...this.#waiting].filter(([, { endsAt }]) => endsAt <= now);
    for (const [tag, waiter] of late) {
      if (!this.#waiting.delete(tag)) continue;
      this.#untime(waiter);
      waiter.done(networkRefusal({ major: -52, minor: 1 }));
    }
    // Rounded up, as a timer that comes early would be armed again and again.
    for (const { endsAt } of this.#waiting.values()) {
      if (endsAt !== Number.POSITIVE_INFINITY) return this.#arm(Math.ceil(endsAt - now));
    }
  }
}

export function networkRefusal(refusal: Refusal): Received {
  return { kind: 'refused', refusal };
}

function tagOf(received: Received): number | undefined {
  if (received.kind === 'refused') return received.tag;
  return 'tag' in received.value ? received.value.tag : undefined;
}
