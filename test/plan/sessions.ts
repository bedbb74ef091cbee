import { Rng } from '../../src/base/rng.ts';
import { type PlanOptions, planSeats } from '../../src/plan/plan.ts';
import { logFile } from './log-text.ts';

export const MONDAY = Date.UTC(2026, 0, 5);

export interface Session {
  readonly at: number;
  readonly holdMs: number;
  readonly user?: string;
}

/** Plans `solve` from logs in UTC. */
export const plan = (sources: readonly string[], options: Partial<PlanOptions> = {}) =>
  planSeats({
    ...{ sources, deny: 0.01, licenses: [], options: {}, windowMs: 900_000, seed: '1' },
    ...{ timeZone: 'UTC', feature: 'solve', ...options },
  });

/** A log of sessions and further lines at times. */
export function logOf(
  sessions: readonly Session[],
  extra: readonly (readonly [at: number, text: string])[] = [],
): string {
  const lines = sessions.flatMap(({ at, holdMs, user = `u${at}` }): [number, string][] => [
    [at, `OUT: "solve" ${user}@ws1  `],
    [at + holdMs, `IN: "solve" ${user}@ws1  `],
  ]);
  const all = [...lines, ...extra].sort((a, b) => a[0] - b[0]);
  let day = '';
  const text = all.flatMap(([at, words]) => {
    const date = new Date(at);
    const clock = date.toISOString().slice(11, 19);
    const today = `${date.getUTCMonth() + 1}/${date.getUTCDate()}/${date.getUTCFullYear()}`;
    const stamps = today === day ? [] : [`${clock} (acmed) TIMESTAMP ${today}`];
    day = today;
    return [...stamps, `${clock} (acmed) ${words}`];
  });
  return logFile(text);
}

/** Poisson arrivals over four weeks and a day, exponential holding times. */
export function poisson(seed: string, perHour: number, holdMinutes: number): readonly Session[] {
  const rng = new Rng(seed);
  const exponential = (mean: number): number => -Math.log1p(-rng.unit()) * mean;
  const sessions: Session[] = [];
  for (let at = MONDAY; at < MONDAY + 29 * 86_400_000; at += exponential(3_600_000 / perHour)) {
    sessions.push({ at: Math.floor(at / 1000) * 1000, holdMs: exponential(holdMinutes * 60_000) });
  }
  return sessions.map(({ at, holdMs }, index) => ({
    ...{ at, holdMs: Math.round(holdMs / 1000) * 1000, user: `u${index}` },
  }));
}
