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

type Done = (received: Received) => void;
type Queued = (place: QueuePlace) => void;

interface Waiter {
  readonly tag: number;
  readonly done: Done;
  readonly queued: Queued | undefined;
  /** By `uptimeMs`. */
  readonly endsAt: number;
  /** Who asked next. */
  next: Waiter | undefined;
  /** Under which it waits in the daemon's queue. */
  handle: number | undefined;
}

/** Of this process, as timers have it: a test that moves `performance` moves no socket's wait. */
const uptimeMs = performance.now.bind(performance);

/**
 * What one session has asked and not been answered, each under a tag of its own. Answers come in the order of asking,
 * all but those from a daemon's queue: a list of which the first is nearly always the one.
 */
export class PendingAnswers {
  readonly #timeoutMs: number;
  /** In the order of asking, which is that of their ends: all wait equally long. */
  #first: Waiter | undefined;
  #last: Waiter | undefined;
  #listed = 0;
  /** Those who wait in the daemon's queue, for ever: by their tags, and by the handles they wait under. */
  readonly #inQueue = new Map<number, Waiter>();
  readonly #byHandle = new Map<number, Waiter>();
  /** One for all who wait, and left running when they are answered: most are long before it comes. */
  #timer: NodeJS.Timeout | undefined;
  #tag = 0;

  /** Each answer is waited for so long. */
  constructor(timeoutMs: number) {
    this.#timeoutMs = timeoutMs;
  }

  /**
   * The tag of a request that is sent now, or undefined when too many wait. `done` is told its answer, or -52 when none
   * comes in time, and never before this returns. With `queued` it may be told first that it waits in the daemon's
   * queue: that it may do for ever.
   */
  await(done: Done, queued?: Queued): number | undefined {
    if (this.#listed + this.#inQueue.size >= WAITING_MAX) {
      queueMicrotask(() => done(networkRefusal({ major: -52, minor: 2 })));
      return undefined;
    }
    const tag = (this.#tag % 0xffff_ffff) + 1;
    this.#tag = tag;
    const endsAt = uptimeMs() + this.#timeoutMs;
    this.#list({ tag, done, queued, endsAt, next: undefined, handle: undefined });
    if (this.#timer === undefined) this.#arm(this.#timeoutMs);
    else if (this.#listed === 1) this.#timer.ref();
    return tag;
  }

  /** Hands an answer to who waits for it; false when nobody does. */
  receive(received: Received): boolean {
    const tag = tagOf(received);
    if (tag === undefined) return false;
    const waiter = this.#unlisted(tag) ?? this.#unqueued(this.#inQueue.get(tag));
    if (waiter === undefined) return false;
    if (received.kind === 'queued' && waiter.queued !== undefined) {
      const { handle, ahead } = received.value;
      waiter.handle = handle;
      this.#inQueue.set(tag, waiter);
      this.#byHandle.set(handle, waiter);
      waiter.queued({ handle, ahead });
    } else {
      waiter.done(received);
    }
    return true;
  }

  /** Who waits in the queue under this handle is answered so: the daemon will not. */
  leave(handle: number, refusal: Refusal): void {
    this.#unqueued(this.#byHandle.get(handle))?.done(networkRefusal(refusal));
  }

  /** Everybody who waits is answered so, after this returns: who ends a session tells first that it is lost. */
  end(refusal: Refusal): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    const received = networkRefusal(refusal);
    const waiting = [...this.#inQueue.values()];
    for (let each = this.#first; each !== undefined; each = each.next) waiting.push(each);
    for (const { done } of waiting) queueMicrotask(() => done(received));
    this.#first = undefined;
    this.#last = undefined;
    this.#listed = 0;
    this.#inQueue.clear();
    this.#byHandle.clear();
  }

  #list(waiter: Waiter): void {
    if (this.#last === undefined) this.#first = waiter;
    else this.#last.next = waiter;
    this.#last = waiter;
    this.#listed++;
  }

  /** Takes who waits for this tag out of the list. */
  #unlisted(tag: number): Waiter | undefined {
    let before: Waiter | undefined;
    let found = this.#first;
    while (found !== undefined && found.tag !== tag) {
      before = found;
      found = found.next;
    }
    if (found === undefined) return undefined;
    if (before === undefined) this.#first = found.next;
    else before.next = found.next;
    if (found === this.#last) this.#last = before;
    found.next = undefined;
    // A timer that nobody waits for must not keep a program alive.
    if (--this.#listed === 0) this.#timer?.unref();
    return found;
  }

  #unqueued(waiter: Waiter | undefined): Waiter | undefined {
    if (waiter?.handle === undefined) return undefined;
    this.#inQueue.delete(waiter.tag);
    this.#byHandle.delete(waiter.handle);
    return waiter;
  }

  #arm(waitMs: number): void {
    this.#timer = setTimeout(() => this.#expire(), waitMs);
  }

  #expire(): void {
    this.#timer = undefined;
    const now = uptimeMs();
    while (this.#first !== undefined && this.#first.endsAt <= now) {
      this.#unlisted(this.#first.tag)?.done(networkRefusal({ major: -52, minor: 1 }));
    }
    // Rounded up, as a timer that comes early would be armed again and again.
    if (this.#first !== undefined && this.#timer === undefined) {
      this.#arm(Math.ceil(this.#first.endsAt - now));
    }
  }
}

/** As an answer: none came, and this is why. */
export function networkRefusal(refusal: Refusal): Received {
  return { kind: 'refused', refusal };
}

function tagOf(received: Received): number | undefined {
  if (received.kind === 'refused') return received.tag;
  return 'tag' in received.value ? received.value.tag : undefined;
}
