import { limits } from '../base/limits.ts';
import type { Rng } from '../base/rng.ts';
import { drawn } from '../domain/workload/distributions.ts';
import type { Shard, Workload } from '../domain/workload/model.ts';
import {
  type PlannedSession,
  SessionPlan,
  type UserPlan,
  userNumbersOf,
  usersOf,
} from '../domain/workload/sessions.ts';
import type { RunRecord } from '../report/run-record.ts';
import { type Agenda, type Appointment, ranks } from './agenda.ts';
import { type ClientSlot, ClientSlots } from './client-slots.ts';
import { Outcomes } from './outcomes.ts';
import { Recurring } from './recurring.ts';
import { type AskTimes, type Ending, Session, type SessionHost } from './session.ts';
import type { LoadTarget, Reply } from './target.ts';

export interface EngineOptions {
  readonly workload: Workload;
  readonly shard: Shard;
  readonly rng: Rng;
  readonly agenda: Agenda;
  readonly target: LoadTarget;
  readonly record: RunRecord;
  /** Everything that was begun has ended. */
  readonly onDone: () => void;
}

/** Does what one shard of a workload says, at its times, and records what comes of it. */
export class Engine implements SessionHost {
  readonly #options: EngineOptions;
  readonly #agenda: Agenda;
  readonly #record: RunRecord;
  readonly #slots: ClientSlots;
  readonly #plan: SessionPlan;
  readonly #recurring: Recurring;
  readonly #outcomes: Outcomes;
  readonly #active = new Set<Session>();
  #next: PlannedSession | undefined;
  /** Who loses seats comes back within this time: that of the last storm. */
  #comebackOverMs = 0;
  #isOver = false;
  #isDone = false;

  constructor(options: EngineOptions) {
    const { workload, shard, rng, agenda, target, record } = options;
    this.#options = options;
    this.#agenda = agenda;
    this.#record = record;
    this.#slots = new ClientSlots(target, record, () => agenda.now());
    this.#outcomes = new Outcomes(record, () => agenda.now());
    this.#plan = new SessionPlan(workload, shard, rng);
    this.#recurring = new Recurring({
      ...{ workload, shard, agenda, target, record },
      onIdle: () => this.#doneIfIdle(),
    });
  }

  /** Connects the users whose connections are held; `done` is told the code of the first that could not, or 0. */
  warmUp(done: (code: number) => void): void {
    const { workload, shard } = this.#options;
    if (workload.connections === 'fresh' || workload.mix.length === 0) return done(0);
    this.#slots.warmUp(userNumbersOf(workload, shard), done);
  }

  /** Begins; time 0 is now. */
  start(): void {
    const { workload, shard, rng } = this.#options;
    this.#agenda.at(workload.durationMs, () => this.stop(), ranks.end);
    this.#tick(1);
    for (const storm of workload.storms) {
      this.#agenda.at(storm.atMs, () => this.#storm(storm.overMs));
    }
    for (const user of usersOf(workload, shard, rng)) this.#awaitUser(user);
    this.#recurring.start();
    this.#next = this.#plan.next();
    this.#awaitNext();
  }

  /** No session begins any more, those in progress are cut; without a reason at the end of the time. */
  stop(): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#recurring.stop();
    this.#skipRest();
    this.#record.counters.cut += this.#active.size;
    for (const session of [...this.#active]) session.cut();
    // Seats come back once nobody waits for them: those of all shards, or the queue would hand them on.
    const letGo = (): void => {
      for (const session of [...this.#active]) session.letGo();
    };
    this.#agenda.at(this.now(), letGo, ranks.givingBack);
    this.#doneIfIdle();
  }

  /** Ends what does not end by itself: connections are closed, and who waits for an answer gets none. */
  abandon(): void {
    this.stop();
    this.#slots.breakAll();
    this.#slots.closeAll();
  }

  /** Sessions in progress. */
  get active(): number {
    return this.#active.size;
  }

  // What sessions ask for.

  now(): number {
    return this.#agenda.now();
  }

  later(ms: number, rank: number, task: () => void): Appointment {
    return this.#agenda.at(this.#agenda.now() + ms, task, rank);
  }

  cancel(appointment: Appointment): void {
    this.#agenda.cancel(appointment);
  }

  rngOf({ index }: PlannedSession): Rng {
    return this.#options.rng.fork(`session/${index}`);
  }

  comebackMs(rng: Rng): number {
    return drawn({ kind: 'uniform', fromMs: 0, toMs: this.#comebackOverMs }, rng);
  }

  standing(session: Session): ClientSlot | undefined {
    if (this.#isAlone(session)) return undefined;
    const slot = this.#slots.standing(session.plan.user);
    slot?.sessions.add(session);
    return slot;
  }

  /** Who dies must not take the sessions of others along. */
  #isAlone({ plan }: Session): boolean {
    return plan.dies || this.#options.workload.connections === 'fresh';
  }

  connect(session: Session, done: (slot: ClientSlot | undefined, code: number) => void): void {
    const { user } = session.plan;
    const take = (slot: ClientSlot | undefined, code: number): void => {
      slot?.sessions.add(session);
      if (slot === undefined) this.#outcomes.failed(code);
      done(slot, code);
    };
    if (this.#isAlone(session)) this.#slots.fresh(user, take);
    else this.#slots.shared(user, take);
  }

  // What sessions tell.

  queued(times: AskTimes): void {
    this.#outcomes.queued(times);
  }

  replied(feature: string, reply: Reply, times: AskTimes, abandoned: boolean): void {
    this.#outcomes.replied(feature, reply, times, abandoned);
  }

  checkedIn(isBack: boolean, askedMs: number): void {
    this.#outcomes.checkedIn(isBack, askedMs);
  }

  died(slot: ClientSlot, seats: number): void {
    this.#outcomes.died(seats);
    this.#slots.close(slot);
  }

  lost(seats: number): void {
    this.#outcomes.lost(seats);
  }

  holds(session: Session, isFirst: boolean): void {
    this.#outcomes.holds(session.plan, isFirst);
  }

  holdsNoMore(): void {
    this.#outcomes.holdsNoMore();
  }

  ended(session: Session, how: Ending, slot: ClientSlot | undefined): void {
    this.#outcomes.ended(how);
    slot?.sessions.delete(session);
    if (slot !== undefined && !slot.isShared) this.#slots.close(slot);
    this.#active.delete(session);
    if (!this.#isOver) session.afterwards?.();
    this.#doneIfIdle();
  }

  // How sessions begin.

  #awaitNext(): void {
    if (this.#next === undefined) return;
    this.#agenda.at(this.#next.atMs, () => this.#arrive(), ranks.arrival);
  }

  #arrive(): void {
    if (this.#isOver) return;
    const now = this.now();
    for (let due = this.#next; due !== undefined && due.atMs <= now; due = this.#next) {
      this.#next = this.#plan.next();
      this.#begin(due);
    }
    this.#awaitNext();
  }

  /** `then` is called when the session has ended. */
  #begin(plan: PlannedSession, then?: () => void): void {
    const { counters } = this.#record;
    counters.arrivals++;
    if (this.#active.size >= limits.loadSessionsMax) {
      counters.dropped++;
      return;
    }
    this.#outcomes.began(plan);
    const session = new Session(plan, this, then);
    this.#active.add(session);
    session.start();
    this.#recurring.sessionBegan(plan);
  }

  /** One session after the other, until the time is over. */
  #awaitUser(user: UserPlan): void {
    let beginsMs = user.firstMs;
    const begin = (): void => {
      if (!this.#isOver) this.#begin(user.next(beginsMs), again);
    };
    const again = (): void => {
      beginsMs = this.now() + user.thinkMs();
      this.#awaitBegin(beginsMs, begin);
    };
    this.#awaitBegin(beginsMs, begin);
  }

  #awaitBegin(atMs: number, begin: () => void): void {
    if (atMs < this.#options.workload.durationMs) this.#agenda.at(atMs, begin, ranks.arrival);
  }

  /** What would have come is counted, so that shards and runs that end early still account for all arrivals. */
  #skipRest(): void {
    if (this.#next === undefined) return;
    const { counters } = this.#record;
    const rest = 1 + this.#plan.rest();
    counters.arrivals += rest;
    counters.skipped += rest;
    this.#next = undefined;
  }

  #storm(overMs: number): void {
    if (this.#isOver) return;
    this.#comebackOverMs = overMs;
    this.#slots.breakAll();
  }

  /** At the end of each interval: who holds what. */
  #tick(number: number): void {
    const { intervalMs } = this.#record;
    this.#agenda.at(number * intervalMs, () => {
      if (this.#isDone) return;
      this.#outcomes.tick((number - 1) * intervalMs);
      if (!this.#isOver) this.#tick(number + 1);
    });
  }

  #doneIfIdle(): void {
    const isBusy = this.#active.size > 0 || this.#recurring.open > 0;
    if (!this.#isOver || isBusy || this.#isDone) return;
    this.#isDone = true;
    this.#slots.closeAll();
    this.#options.onDone();
  }
}
