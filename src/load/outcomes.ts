import type { PlannedSession } from '../domain/workload/sessions.ts';
import { count, type RunRecord } from '../report/run-record.ts';
import type { AskTimes, Ending } from './session.ts';
import type { Reply } from './target.ts';

/** A session is late so much behind its plan: timers are a millisecond off, a slice of the scheduler is a few. */
export const LATE_MS = 20;

/** Counts and times what happens to sessions. */
export class Outcomes {
  readonly #record: RunRecord;
  readonly #now: () => number;
  #holders = 0;
  #lastGrantMs = 0;
  #gapFromMs: number | undefined;

  constructor(record: RunRecord, now: () => number) {
    this.#record = record;
    this.#now = now;
  }

  began({ atMs }: PlannedSession): void {
    const { counters, timings } = this.#record;
    const now = this.#now();
    timings.start.recordMs(now - atMs);
    if (now - atMs > LATE_MS) counters.late++;
    this.#record.intervalAt(now).started++;
  }

  queued({ intendedMs, askedMs }: AskTimes): void {
    this.#record.counters.queued++;
    this.#timeAnswer(intendedMs, askedMs);
  }

  /** `abandoned`: the session has left the queue, and the reply only says so. */
  replied(feature: string, reply: Reply, times: AskTimes, abandoned: boolean): void {
    const { counters } = this.#record;
    const counts = this.#record.feature(feature);
    const { intendedMs, askedMs, queuedMs } = times;
    counters.asked++;
    counts.asked++;
    // Who waited was answered when that was said.
    if (queuedMs === undefined && reply.kind !== 'failed') this.#timeAnswer(intendedMs, askedMs);
    if (reply.kind === 'granted') {
      counters.grants++;
      counts.grants++;
      this.#granted(queuedMs);
    } else if (reply.kind === 'failed') {
      counters.errors++;
      counts.errors++;
      this.failed(reply.code);
    } else if (abandoned) {
      counters.left++;
    } else {
      counters.denials++;
      counts.denials++;
      count(this.#record.denialsByCode, reply.code);
    }
  }

  checkedIn(isBack: boolean, askedMs: number): void {
    const { counters, timings } = this.#record;
    if (!isBack) {
      counters.losses++;
      return;
    }
    counters.checkins++;
    timings.checkin.recordMs(this.#now() - askedMs);
  }

  died(seats: number): void {
    this.#record.counters.deaths += seats;
  }

  lost(seats: number): void {
    this.#record.counters.losses += seats;
    this.#openGap();
  }

  /** Nobody decided, by a FlexNet code. */
  failed(code: number): void {
    count(this.#record.errorsByCode, code);
    this.#openGap();
  }

  holds({ atMs }: PlannedSession, isFirst: boolean): void {
    const { counters, timings } = this.#record;
    this.#holders++;
    if (!isFirst) {
      counters.regained++;
      return;
    }
    const now = this.#now();
    counters.granted++;
    timings.acquire.recordMs(now - atMs);
    this.#record.intervalAt(now).granted++;
  }

  holdsNoMore(): void {
    this.#holders--;
  }

  ended(how: Ending): void {
    this.#record.counters[how]++;
    const interval = this.#record.intervalAt(this.#now());
    if (how === 'released') interval.released++;
    else if (how === 'failed') interval.failed++;
    else interval.denied++;
  }

  /** At the end of the interval that begins at `fromMs`: who holds what, and how long there has been no grant. */
  tick(fromMs: number): void {
    this.#record.intervalAt(fromMs).inUse = this.#holders;
    if (this.#gapFromMs !== undefined) this.#measureGap(this.#gapFromMs);
  }

  #timeAnswer(intendedMs: number, askedMs: number): void {
    const now = this.#now();
    const { timings } = this.#record;
    timings.response.recordMs(now - intendedMs);
    timings.service.recordMs(now - askedMs);
    this.#record.intervalAt(now).response.recordMs(now - intendedMs);
  }

  #granted(queuedMs: number | undefined): void {
    const now = this.#now();
    if (queuedMs !== undefined) this.#record.timings.queue.recordMs(now - queuedMs);
    if (this.#gapFromMs !== undefined) this.#measureGap(this.#gapFromMs);
    this.#gapFromMs = undefined;
    this.#lastGrantMs = now;
  }

  #openGap(): void {
    this.#gapFromMs ??= this.#lastGrantMs;
  }

  #measureGap(fromMs: number): void {
    this.#record.gapMs = Math.max(this.#record.gapMs, this.#now() - fromMs);
  }
}
