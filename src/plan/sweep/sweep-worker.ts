import type { SeatCounts } from '../estimate/seat-search.ts';
import { doSweepJob, type SweepJob } from './sweep-job.ts';

/** A thread that replays. */
export default function work(job: SweepJob): SeatCounts {
  return doSweepJob(job);
}
