import type { SessionKind, Workload } from '../../src/domain/workload/model.ts';

/** A kind of session: one seat of `solve` for half a second on average. */
export function makeKind(more: Partial<SessionKind> = {}): SessionKind {
  return {
    name: 'solve',
    weight: 1,
    bundle: [{ feature: 'solve', count: 1, version: '0.0' }],
    hold: { kind: 'exponential', meanMs: 500 },
    deaths: 0,
    ...more,
  };
}

/** A workload of Poisson arrivals at `rate` a second, unless other `sessions` are given. */
export function makeWorkload({
  rate = 100,
  durationMs = 10_000,
  ...more
}: Partial<Workload> & { readonly rate?: number } = {}): Workload {
  return {
    durationMs,
    sessions: {
      kind: 'open',
      spacing: 'poisson',
      phases: [{ kind: 'steady', durationMs, rate }],
    },
    users: 16,
    connections: 'held',
    mix: [makeKind()],
    polls: [],
    storms: [],
    churnPerSecond: 0,
    ...more,
  };
}
