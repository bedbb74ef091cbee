import type { Replayed } from '../replay-ledger.ts';
import { doSweepJob, type SweepJob } from './sweep-job.ts';

/** A thread that replays. */
export default function work(job: SweepJob): Replayed {
  return doSweepJob(job);
}
