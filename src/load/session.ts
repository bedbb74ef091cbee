import type { Rng } from '../base/rng.ts';
import { drawn } from '../domain/workload/distributions.ts';
import type { SessionKind } from '../domain/workload/model.ts';
import { waitBeforeRetry } from '../domain/workload/retries.ts';
import type { PlannedSession } from '../domain/workload/sessions.ts';
import { type Appointment, ranks } from './agenda.ts';
import type { ClientSlot } from './client-slots.ts';
import type { QueueWish, Reply, Seat } from './target.ts';

/** How a session ended; `released` is one that had got what it asked for. */
export type Ending = 'released' | 'denied' | 'failed' | 'abandoned';

/** What a session does once it has given back what it had. */
type AfterGivingBack = 'end' | 'retry' | 'come back';

/** When a checkout was to be asked for, was asked for, and began to wait in a queue. */
export interface AskTimes {
  readonly intendedMs: number;
  readonly askedMs: number;
  readonly queuedMs: number | undefined;
}

/** Whom a session asks for its connection and time, and tells what happens to it. */
export interface SessionHost {
  now(): number;
  later(ms: number, rank: number, task: () => void): Appointment;
  cancel(appointment: Appointment): void;
  /** A stream of chance of this session's own. */
  rngOf(plan: PlannedSession): Rng;
  /** From the loss of seats to asking for them again. */
  comebackMs(rng: Rng): number;
  /** The connection that stands for it already. */
  standing(session: Session): ClientSlot | undefined;
  connect(session: Session, done: (slot: ClientSlot | undefined, code: number) => void): void;
  queued(times: AskTimes): void;
  replied(feature: string, reply: Reply, times: AskTimes, abandoned: boolean): void;
  checkedIn(isBack: boolean, askedMs: number): void;
  died(slot: ClientSlot, seats: number): void;
  lost(seats: number): void;
  /** It has everything; `isFirst`: for the first time. */
  holds(session: Session, isFirst: boolean): void;
  holdsNoMore(): void;
  ended(session: Session, how: Ending, slot: ClientSlot | undefined): void;
}

/** A holder that cannot get its seats back asks again so often, as FlexNet's clients retry. */
const COMEBACK_RETRY_MS = 1_000;

/**
 * One use of licenses: it asks for each request of its bundle, holds what it got, and gives it back. Whatever
 * happens on the way, each grant is told to end exactly once, and the session ends exactly once.
 *
 * A generator has tens of thousands of them a second: what it tells its host of itself is in its own fields, and no
 * closure or object is made where a method or a field does.
 */
export class Session implements AskTimes {
  readonly plan: PlannedSession;
  /** What is done when it has ended. */
  readonly afterwards: (() => void) | undefined;
  readonly #host: SessionHost;
  /** `busy`: an answer is to come; `waiting`: for its next attempt. */
  #state: 'busy' | 'queued' | 'holding' | 'waiting' | 'ended' = 'waiting';
  #slot: ClientSlot | undefined;
  #seats: Seat[] = [];
  /** Requests of the bundle that were granted in this attempt. */
  #taken = 0;
  #attempts = 0;
  intendedMs: number;
  /** Of the checkout, and then of the check-in. */
  askedMs = 0;
  queuedMs: number | undefined;
  #appointment: Appointment | undefined;
  #leaveQueue: (() => void) | undefined;
  #holdsUntilMs: number | undefined;
  #lastRefusal: 'denied' | 'failed' = 'denied';
  #isCut = false;
  #abandons = false;
  #givesBackTo: AfterGivingBack = 'end';
  #rng: Rng | undefined;

  constructor(plan: PlannedSession, host: SessionHost, afterwards?: () => void) {
    this.plan = plan;
    this.afterwards = afterwards;
    this.#host = host;
    this.intendedMs = plan.atMs;
  }

  start(): void {
    this.#state = 'busy';
    this.#attempts++;
    this.#taken = 0;
    if (this.#slot?.client === undefined) this.#slot = this.#host.standing(this);
    if (this.#slot === undefined) this.#connect();
    else this.#ask();
  }

  #connect(): void {
    this.#host.connect(this, (slot, code) => {
      this.#slot = slot;
      if (slot === undefined) this.#refused({ kind: 'failed', code });
      else this.#ask();
    });
  }

  /** The run is over: nobody waits any longer, and no attempt follows. What is held waits for `letGo`. */
  cut(): void {
    this.#isCut = true;
    if (this.#state === 'queued') this.#leave();
    else if (this.#state === 'waiting') this.#end();
  }

  /** What is held goes back now. */
  letGo(): void {
    if (this.#state === 'holding') this.#release();
  }

  /** The connection is gone, and with it what was out over it. */
  connectionLost(): void {
    this.#host.lost(this.#seats.length);
    this.#seats = [];
    // Who is asking hears of it by the reply.
    if (this.#state === 'holding') this.#comeBack();
  }

  /** The daemon took seats back; false when they are not this session's. */
  seatLost(seat: Seat): boolean {
    const at = this.#seats.findIndex(
      ({ vendor, handle }) => vendor === seat.vendor && handle === seat.handle,
    );
    if (at === -1) return false;
    this.#seats.splice(at, 1);
    this.#host.lost(1);
    if (this.#state === 'holding') this.#comeBack();
    return true;
  }

  #ask(): void {
    const client = this.#slot?.client;
    if (client === undefined) return this.#refused({ kind: 'failed', code: -16 });
    const { bundle, queue } = this.plan.kind;
    this.askedMs = this.#host.now();
    this.queuedMs = undefined;
    const wish = queue && this.#queueWish(queue);
    client.checkout(bundle[this.#taken]!, wish, (reply) => this.#replied(reply));
  }

  #replied(reply: Reply): void {
    this.#state = 'busy';
    this.#cancel();
    const { feature } = this.plan.kind.bundle[this.#taken]!;
    this.#host.replied(feature, reply, this, this.#abandons);
    if (reply.kind === 'granted') this.#granted(reply.seat);
    else this.#refused(reply);
  }

  #queueWish({ patience }: NonNullable<SessionKind['queue']>): QueueWish {
    return {
      queued: (leave) => {
        this.queuedMs = this.#host.now();
        this.#host.queued(this);
        this.#waitInQueue(leave, patience && drawn(patience, this.#chance()));
      },
    };
  }

  #waitInQueue(leave: () => void, patienceMs: number | undefined): void {
    this.#state = 'queued';
    this.#leaveQueue = leave;
    if (this.#isCut) return this.#leave();
    if (patienceMs === undefined) return;
    this.#appointment = this.#host.later(patienceMs, ranks.retry, () => this.#leave());
  }

  /** The reply to the checkout follows: that it left, or a grant that was quicker. */
  #leave(): void {
    this.#abandons = true;
    this.#state = 'busy';
    this.#cancel();
    this.#leaveQueue?.();
  }

  #granted(seat: Seat): void {
    this.#abandons = false;
    // An array that is pushed to makes room for many: most bundles have one.
    if (this.#seats.length === 0) this.#seats = [seat];
    else this.#seats.push(seat);
    this.#taken++;
    // Some were taken away while it asked for the others.
    if (this.#seats.length < this.#taken) return this.#refused({ kind: 'failed', code: -16 });
    if (this.#taken === this.plan.kind.bundle.length) return this.#hold();
    this.intendedMs = this.#host.now();
    this.#ask();
  }

  #hold(): void {
    this.#host.holds(this, this.#holdsUntilMs === undefined);
    this.#state = 'holding';
    const now = this.#host.now();
    this.#holdsUntilMs ??= now + this.plan.holdMs;
    if (this.#isCut) return this.#release();
    const restMs = this.#holdsUntilMs - now;
    this.#appointment = this.#host.later(restMs, ranks.release, () => this.#release());
  }

  #release(): void {
    this.#state = 'busy';
    this.#cancel();
    this.#host.holdsNoMore();
    if (this.plan.dies && this.#slot?.client !== undefined) {
      this.#host.died(this.#slot, this.#seats.length);
      this.#seats = [];
    }
    this.#giveBack('end');
  }

  /** Gives back what it has, one after the other, the last taken first; and then does what it does so for. */
  #giveBack(to: AfterGivingBack): void {
    this.#givesBackTo = to;
    const client = this.#slot?.client;
    const seat = this.#seats.pop();
    if (seat === undefined || client === undefined) return this.#gaveBack();
    this.askedMs = this.#host.now();
    client.checkin(seat, (isBack) => this.#checkedIn(isBack));
  }

  #checkedIn(isBack: boolean): void {
    this.#host.checkedIn(isBack, this.askedMs);
    this.#giveBack(this.#givesBackTo);
  }

  #gaveBack(): void {
    if (this.#givesBackTo === 'end') this.#end();
    else if (this.#givesBackTo === 'retry') this.#retry();
    else this.#retryAfterLoss();
  }

  #refused({ kind }: Exclude<Reply, { kind: 'granted' }>): void {
    this.#lastRefusal = kind;
    this.#giveBack('retry');
  }

  #retry(): void {
    const waitMs = this.#isCut || this.#abandons ? undefined : this.#waitMs(this.#lastRefusal);
    if (waitMs === undefined) this.#end();
    else this.#retryIn(waitMs);
  }

  /** A holder that lost its seats asks on until its time is over. */
  #waitMs(kind: 'denied' | 'failed'): number | undefined {
    const { retry } = this.plan.kind;
    const waitMs =
      this.#holdsUntilMs !== undefined && kind === 'failed'
        ? COMEBACK_RETRY_MS
        : retry && waitBeforeRetry(retry, this.#attempts, this.#chance());
    return waitMs === undefined || this.#isOver(waitMs) ? undefined : waitMs;
  }

  #isOver(waitMs: number): boolean {
    return this.#holdsUntilMs !== undefined && this.#host.now() + waitMs >= this.#holdsUntilMs;
  }

  #retryIn(waitMs: number): void {
    this.#state = 'waiting';
    this.intendedMs = this.#host.now() + waitMs;
    this.#appointment = this.#host.later(waitMs, ranks.retry, () => this.start());
  }

  /** Seats are gone that it holds: it takes all of them again for the rest of its time. */
  #comeBack(): void {
    this.#state = 'busy';
    this.#cancel();
    this.#host.holdsNoMore();
    this.#giveBack('come back');
  }

  #retryAfterLoss(): void {
    const waitMs = this.#host.comebackMs(this.#chance());
    this.#attempts = 0;
    if (this.#isCut || this.#isOver(waitMs)) this.#end();
    else this.#retryIn(waitMs);
  }

  #chance(): Rng {
    this.#rng ??= this.#host.rngOf(this.plan);
    return this.#rng;
  }

  #cancel(): void {
    if (this.#appointment !== undefined) this.#host.cancel(this.#appointment);
    this.#appointment = undefined;
  }

  #end(): void {
    this.#state = 'ended';
    this.#cancel();
    const refusal = this.#abandons ? 'abandoned' : this.#lastRefusal;
    const how = this.#holdsUntilMs === undefined ? refusal : 'released';
    this.#host.ended(this, how, this.#slot);
  }
}
