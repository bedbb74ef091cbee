import { TIMER_DELAY_MS_MAX } from '../base/clock.ts';
import type { Refusal } from '../base/refusal.ts';
import type { Rng } from '../base/rng.ts';
import type { ClientIdentity } from '../client/identity.ts';
import { isRefused } from '../client/refused.ts';
import { type Distribution, drawn } from '../domain/workload/distributions.ts';
import type { RetryPolicy, SeatRequest } from '../domain/workload/model.ts';
import { waitBeforeRetry } from '../domain/workload/retries.ts';
import type { LoadClient, QueueWish, Reply, Seat } from '../load/target.ts';
import { renderShortError } from '../text/error-message.ts';
import type { Metrics } from './metrics.ts';
import type { ServedLicenses } from './served-licenses.ts';

/** How somebody asks for licenses. */
export interface Asking {
  readonly bundle: readonly SeatRequest[];
  readonly retry?: RetryPolicy;
  /** Who is denied waits in the queue, so long at most. */
  readonly queue?: { readonly patience?: Distribution };
}

/** The user goes home: no license for it, which is an answer and no failure. */
export class WentWithout extends Error {}

/** Nobody decided: the network, a server that is down. By a FlexNet code. */
export class Unanswered extends Error {
  constructor(code: number) {
    super(renderShortError({ major: code, minor: 0 }));
  }
}

/** A reply, or that its user has left the queue. */
export type Answer = Reply | { readonly kind: 'left' };

type Refusing = Exclude<Answer, { kind: 'granted' }>;

interface Held {
  readonly feature: string;
  readonly seat: Seat;
  readonly client: LoadClient;
}

/** One application of one user: its connections, one a vendor daemon, and what it holds. */
export class VirtualUser {
  readonly rng: Rng;
  readonly #licenses: ServedLicenses;
  readonly #metrics: Metrics;
  readonly #identity: ClientIdentity;
  readonly #clients = new Map<string, LoadClient>();
  #held: Held[] = [];

  constructor(licenses: ServedLicenses, metrics: Metrics, identity: ClientIdentity, rng: Rng) {
    this.#licenses = licenses;
    this.#metrics = metrics;
    this.#identity = identity;
    this.rng = rng;
  }

  /**
   * Takes all of a bundle, or nothing of it.
   * @throws WentWithout when it was denied for good or left the queue, Unanswered when nobody decided
   */
  async checkout({ bundle, retry, queue }: Asking): Promise<void> {
    for (let attempt = 1; ; attempt++) {
      const before = this.#held.length;
      const no = await this.#takeAll(bundle, queue);
      if (no === undefined) return;
      await this.#giveBack(this.#held.slice(before));
      const waitMs = waitBeforeRetry(retry, attempt, this.rng);
      if (no instanceof Left || waitMs === undefined) throw no;
      await pause(waitMs);
    }
  }

  /** Gives back what it holds, the last taken first: all, or all of a feature. */
  async checkin(feature?: string): Promise<void> {
    const isMeant = (held: Held): boolean => feature === undefined || held.feature === feature;
    await this.#giveBack(this.#held.filter(isMeant));
  }

  async status(feature: string | undefined): Promise<void> {
    const began = performance.now();
    const isGood = await this.#licenses.status(feature);
    this.#metrics.count('polls');
    if (isGood) this.#metrics.time('poll', performance.now() - began);
    else this.#metrics.count('pollErrors');
  }

  /** Ends without a word, as a crash does: what it holds goes with its connections. */
  die(): void {
    this.#metrics.count('deaths', this.#held.length);
    this.#held = [];
    this.#close();
  }

  /** At its end: gives everything back and disconnects. */
  async leave(): Promise<void> {
    await this.checkin();
    this.#close();
  }

  async #takeAll(
    bundle: readonly SeatRequest[],
    queue: Asking['queue'],
  ): Promise<WentWithout | Unanswered | undefined> {
    for (const request of bundle) {
      const client = await this.#clientFor(request);
      if (typeof client === 'number') return this.#refused({ kind: 'failed', code: client });
      const reply = await this.#ask(client, request, queue);
      if (reply.kind !== 'granted') return this.#refused(reply);
      this.#metrics.replied(reply);
      // A connection that broke under the answer took the seat along.
      if (!this.#isOpen(client)) {
        this.#metrics.count('losses');
        return new Unanswered(-16);
      }
      this.#held.push({ feature: request.feature, seat: reply.seat, client });
    }
    return undefined;
  }

  #refused(reply: Refusing): WentWithout | Unanswered {
    this.#metrics.replied(reply);
    return refusalOf(reply);
  }

  /** Times the answer of the daemon; who waits in the queue was answered when that was said. */
  #ask(client: LoadClient, request: SeatRequest, queue: Asking['queue']): Promise<Answer> {
    const began = performance.now();
    const patienceMs = queue?.patience && drawn(queue.patience, this.rng);
    let queuedAt: number | undefined;
    let hasLeft = false;
    let timer: NodeJS.Timeout | undefined;
    const wish: QueueWish = {
      queued: (leave) => {
        queuedAt = performance.now();
        this.#metrics.count('queued');
        this.#metrics.time('checkout', queuedAt - began);
        if (patienceMs === undefined) return;
        timer = later(patienceMs, () => {
          hasLeft = true;
          leave();
        });
      },
    };
    return new Promise((resolve) => {
      client.checkout(request, queue && wish, (reply) => {
        clearTimeout(timer);
        const tookMs = performance.now() - (queuedAt ?? began);
        if (queuedAt === undefined && reply.kind !== 'failed')
          this.#metrics.time('checkout', tookMs);
        if (queuedAt !== undefined && reply.kind === 'granted') this.#metrics.time('queue', tookMs);
        resolve(hasLeft && reply.kind === 'denied' ? { kind: 'left' } : reply);
      });
    });
  }

  /** The connection to the daemon that has a feature, made when there is none; else a FlexNet code. */
  async #clientFor(request: SeatRequest): Promise<LoadClient | number> {
    const vendor = await this.#licenses.vendorOf(request);
    if (typeof vendor !== 'string') return this.#noConnection(vendor);
    const open = this.#clients.get(vendor);
    if (open !== undefined) return open;
    const began = performance.now();
    const client = await this.#licenses.connect(vendor, this.#identity);
    if (isRefused(client)) return this.#noConnection(client.refusal);
    this.#metrics.count('connects');
    this.#metrics.time('connect', performance.now() - began);
    this.#clients.set(vendor, client);
    client.onLost = () => this.#lost(vendor, client);
    client.onSeatLost = (seat) => this.#seatLost(client, seat);
    return client;
  }

  #noConnection({ major }: Refusal): number {
    this.#metrics.count('connectErrors');
    return major;
  }

  async #giveBack(seats: readonly Held[]): Promise<void> {
    for (const held of seats.toReversed()) {
      // Lost meanwhile, and counted as that.
      if (!this.#held.includes(held)) continue;
      this.#held = this.#held.filter((each) => each !== held);
      const began = performance.now();
      const isBack = await new Promise<boolean>((resolve) =>
        held.client.checkin(held.seat, resolve),
      );
      this.#metrics.count(isBack ? 'checkins' : 'losses');
      if (isBack) this.#metrics.time('checkin', performance.now() - began);
    }
  }

  #isOpen(client: LoadClient): boolean {
    return [...this.#clients.values()].includes(client);
  }

  #lost(vendor: string, client: LoadClient): void {
    this.#clients.delete(vendor);
    this.#metrics.count('drops');
    const gone = this.#held.filter((held) => held.client === client);
    this.#metrics.count('losses', gone.length);
    this.#held = this.#held.filter((held) => held.client !== client);
  }

  #seatLost(client: LoadClient, { handle, vendor }: Seat): void {
    const kept = this.#held.filter(
      (held) =>
        held.client !== client || held.seat.handle !== handle || held.seat.vendor !== vendor,
    );
    this.#metrics.count('losses', this.#held.length - kept.length);
    this.#held = kept;
  }

  #close(): void {
    for (const client of this.#clients.values()) client.close();
    this.#clients.clear();
  }
}

/** Its patience is over: it does not ask again. */
class Left extends WentWithout {}

function refusalOf(reply: Refusing): WentWithout | Unanswered {
  if (reply.kind === 'left') return new Left('left the queue');
  if (reply.kind === 'failed') return new Unanswered(reply.code);
  return new WentWithout(renderShortError({ major: reply.code, minor: 0 }));
}

function later(ms: number, task: () => void): NodeJS.Timeout {
  return setTimeout(task, Math.min(ms, TIMER_DELAY_MS_MAX));
}

/** A pause on the machine's clock. */
export function pause(ms: number): Promise<void> {
  return new Promise((resolve) => later(ms, resolve));
}
