import type { FullWeeks } from '../demand/weeks.ts';
import type { SeatCounts } from '../estimate/seat-search.ts';
import { type LicenseChange, type PlanLicense, PlanLicenses } from '../feature-license.ts';
import type { ReplayWays } from '../replay-ledger.ts';
import { WallClock } from '../scan/wall-clock.ts';
import { DemandReplays, type ReplayOrder } from './demand-replays.ts';
import type { SharedDemand } from './shared-demand.ts';

/** What all replays of one demand have in common, as plain data; what is large in it threads share. */
export interface SweepTask {
  readonly feature: string;
  readonly daemon: string;
  readonly license: PlanLicense;
  /** When the license files are read: the end of the log. */
  readonly licenseAt: number;
  readonly change: LicenseChange;
  readonly ways: ReplayWays;
  readonly shared: SharedDemand;
  readonly weeks: FullWeeks;
  /** Of the log; the machine's own when undefined. */
  readonly timeZone: string | undefined;
}

export interface SweepJob {
  /** Jobs of one task have one key: a thread reads license files once for them. */
  readonly key: string;
  readonly task: SweepTask;
  readonly order: ReplayOrder;
}

/** Tasks that a thread keeps ready. */
const TASKS_KEPT_MAX = 4;
const ready = new Map<string, DemandReplays>();

/** Does one job; what it needs beside its order is kept for the next one. */
export function doSweepJob({ key, task, order }: SweepJob): SeatCounts {
  let replays = ready.get(key);
  if (replays === undefined) {
    replays = prepare(task);
    if (ready.size >= TASKS_KEPT_MAX) ready.clear();
    ready.set(key, replays);
  }
  return replays.do(order);
}

function prepare(task: SweepTask): DemandReplays {
  const { feature, daemon, change, ways, shared, weeks, timeZone } = task;
  const { newLedger } = new PlanLicenses(task.license, task.licenseAt).of(feature, daemon, change);
  const wall = new WallClock(timeZone);
  return new DemandReplays({ shared, feature, newLedger, ways, weeks, wall });
}
