import type { PollStream, Shard, Workload } from '../domain/workload/model.ts';
import { churnTimes, type MonitorPlan, monitorsOf } from '../domain/workload/recurring.ts';
import type { PlannedSession } from '../domain/workload/sessions.ts';
import type { RunRecord } from '../report/run-record.ts';
import type { Agenda } from './agenda.ts';
import type { LoadTarget } from './target.ts';

export interface RecurringOptions {
  readonly workload: Workload;
  readonly shard: Shard;
  readonly agenda: Agenda;
  readonly target: LoadTarget;
  readonly record: RunRecord;
  /** Nothing that was asked waits for its answer any more. */
  readonly onIdle: () => void;
}

/** What goes on beside the sessions: monitors that ask for the status, and connections that only come and go. */
export class Recurring {
  readonly #options: RecurringOptions;
  readonly #perSession: readonly PollStream[];
  #isOver = false;
  #open = 0;

  constructor(options: RecurringOptions) {
    this.#options = options;
    this.#perSession = options.workload.polls.filter(({ perSession }) => perSession > 0);
  }

  start(): void {
    const { workload, shard } = this.#options;
    for (const monitor of monitorsOf(workload, shard)) this.#await(monitor);
    this.#awaitChurn(churnTimes(workload, shard));
  }

  stop(): void {
    this.#isOver = true;
  }

  /** Questions and connections whose outcome is not known yet. */
  get open(): number {
    return this.#open;
  }

  /** A job's prolog asks for the status, too. */
  sessionBegan({ kind, index }: PlannedSession): void {
    for (const { perSession, ask } of this.#perSession) {
      const { feature } = kind.bundle[index % kind.bundle.length]!;
      for (let each = 0; each < perSession; each++) this.#poll(ask === 'all' ? undefined : feature);
    }
  }

  #await(monitor: MonitorPlan): void {
    const poll = monitor.next();
    if (poll === undefined) return;
    this.#options.agenda.at(poll.atMs, () => {
      if (this.#isOver) return;
      this.#poll(poll.feature);
      this.#await(monitor);
    });
  }

  #poll(feature: string | undefined): void {
    const { agenda, target, record } = this.#options;
    const askedMs = agenda.now();
    this.#open++;
    target.poll(feature, (isGood) => {
      record.counters.polls++;
      if (isGood) record.timings.poll.recordMs(agenda.now() - askedMs);
      else record.counters.pollErrors++;
      this.#close();
    });
  }

  #awaitChurn(times: { next(): number | undefined }): void {
    const atMs = times.next();
    if (atMs === undefined) return;
    const { agenda, target, record } = this.#options;
    agenda.at(atMs, () => {
      if (this.#isOver) return;
      const beganMs = agenda.now();
      this.#open++;
      target.connect(record.counters.churned, (client) => {
        if (client === undefined) record.counters.connectErrors++;
        else {
          record.counters.churned++;
          record.counters.connects++;
          record.timings.connect.recordMs(agenda.now() - beganMs);
          client.close();
        }
        this.#close();
      });
      this.#awaitChurn(times);
    });
  }

  #close(): void {
    this.#open--;
    if (this.#open === 0) this.#options.onIdle();
  }
}
