import type { StepRow } from './step-row.ts';
import { parallel, repeat } from './steps/blocks.ts';
import { job } from './steps/jobs.ts';
import { load } from './steps/load.ts';
import { exec, lmutil } from './steps/programs.ts';
import { active, checkin, checkout, heartbeat, idle } from './steps/seats.ts';
import { fault, heal, kill, partition, reread, start, stop } from './steps/servers.ts';
import { advance, setClock } from './steps/time.ts';

/** Every kind of step. To add one: a row here, its example in docs/scenarios.md. */
export const stepTable: Readonly<Record<string, StepRow>> = {
  checkout,
  checkin,
  idle,
  active,
  heartbeat,
  kill,
  stop,
  start,
  reread,
  partition,
  heal,
  fault,
  advance,
  setClock,
  lmutil,
  exec,
  job,
  load,
  repeat,
  parallel,
};
