import { limits } from '../../base/limits.ts';
import type { PollStream, Workload } from './model.ts';
import { expectedSessions } from './sessions.ts';

/** More of something than a generator can be asked for. */
export interface Excess {
  /** Which part of the workload asks for it. */
  readonly part: 'sessions' | 'monitors' | 'churn';
  readonly what: string;
  readonly most: number;
  readonly got: number;
}

/** What a workload has too much of, as it is or once it is scaled; undefined when it can be done. */
export function excessOf(workload: Workload): Excess | undefined {
  const { users, polls, churnPerSecond, durationMs } = workload;
  const most = limits.loadArrivalsMax;
  const all: readonly Excess[] = [
    { part: 'sessions', what: 'sessions', most, got: expectedSessions(workload) ?? 0 },
    { part: 'sessions', what: 'users', most: limits.loadUsersMax, got: users },
    {
      part: 'monitors',
      what: 'monitors',
      most: limits.loadMonitorsMax,
      got: polls.reduce((sum, { monitors }) => sum + monitors, 0),
    },
    {
      part: 'monitors',
      what: 'questions of monitors',
      most,
      got: polls.reduce((sum, stream) => sum + questionsOf(stream, durationMs), 0),
    },
    {
      part: 'churn',
      what: 'connections of churn',
      most,
      got: (churnPerSecond * durationMs) / 1000,
    },
  ];
  return all.find(({ most: bound, got }) => !(got <= bound));
}

function questionsOf({ ask, features, monitors, everyMs }: PollStream, durationMs: number): number {
  const each = ask === 'all' ? 1 : features.length;
  return (monitors * each * durationMs) / everyMs;
}

/** `at most 30000 users, got 640000` */
export function excessText({ what, most, got }: Excess): string {
  return `at most ${most} ${what}, got ${Math.round(got)}`;
}
