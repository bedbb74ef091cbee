import { clientsOf } from '../clients.ts';
import type { DemandRows } from '../demand/demand.ts';
import { type LicenseChange, type PlanLicense, PlanLicenses } from '../feature-license.ts';
import { type Replayed, type ReplayWays, replay } from '../replay-ledger.ts';

/** What all replays of one demand have in common, as plain data that threads share. */
export interface SweepTask {
  readonly feature: string;
  readonly daemon: string;
  readonly license: PlanLicense;
  /** When the license files are read: the end of the log. */
  readonly licenseAt: number;
  readonly change: LicenseChange;
  readonly ways: ReplayWays;
  readonly demand: DemandRows;
  /** User and host of each client; `demand.client` counts them, from 0 or below it. */
  readonly names: readonly (readonly [user: string, host: string])[];
}

export interface SweepJob {
  /** Jobs of one task have one key: a thread reads license files once for them. */
  readonly key: string;
  readonly task: SweepTask;
  readonly seats: number;
}

type Prepared = (seats: number) => Replayed;

/** Tasks that a thread keeps ready. */
const TASKS_KEPT_MAX = 4;
const ready = new Map<string, Prepared>();

/** Does one job; what it needs beside the number of seats is kept for the next one. */
export function doSweepJob({ key, task, seats }: SweepJob): Replayed {
  let prepared = ready.get(key);
  if (prepared === undefined) {
    prepared = prepare(task);
    if (ready.size >= TASKS_KEPT_MAX) ready.clear();
    ready.set(key, prepared);
  }
  return prepared(seats);
}

function prepare(task: SweepTask): Prepared {
  const { feature, daemon, change, ways, demand, names } = task;
  const { newLedger } = new PlanLicenses(task.license, task.licenseAt).of(feature, daemon, change);
  const clientOf = clientsOf((id) => ({ user: names[id]![0], host: names[id]![1] }));
  return (seats) => replay({ demand, feature, clientOf }, newLedger, seats, ways);
}
