import { describe, expect, test } from 'vitest';
import type { Workload } from '../../src/domain/workload/model.ts';
import { deniedInterval, deniedShare, simulate } from '../../src/load/simulation.ts';
import { erlangB } from '../../src/plan/estimate/erlang.ts';
import { monday } from '../make.ts';

const HOUR_MS = 3_600_000;

/** `load` erlang of one feature, an hour each on average. */
function poissonLoad(load: number, hours: number, more: Partial<Workload> = {}): Workload {
  const durationMs = hours * HOUR_MS;
  return {
    durationMs,
    sessions: {
      ...{ kind: 'open', spacing: 'poisson' },
      phases: [{ kind: 'steady', durationMs, rate: load / 3_600 }],
    },
    ...{ users: 1_000, connections: 'fresh', polls: [], storms: [], churnPerSecond: 0 },
    mix: [
      {
        ...{ name: 'solve', weight: 1, deaths: 0 },
        bundle: [{ feature: 'solve', count: 1, version: '0.0' }],
        hold: { kind: 'exponential', meanMs: HOUR_MS },
      },
    ],
    ...more,
  };
}

const seats = (count: number) => ({ kind: 'seats', seats: count }) as const;

describe('a load in no time', () => {
  test('denies as many as Erlang B says', () => {
    const simulation = {
      workload: poissonLoad(8, 400),
      seed: 'b',
      license: seats(10),
      start: monday,
    };
    const { mean, low, high } = deniedInterval(simulation, 20);
    // The reach for the mean of 20 runs is a fifth of that for one more; the empty begin is in it.
    expect(Math.abs(mean - erlangB(10, 8))).toBeLessThan((high - low) / 2 / 2);
  });

  test('is the same for the same seed, and another for another', () => {
    const workload = poissonLoad(8, 50);
    const counts = (seed: string) => {
      const { counters } = simulate({ workload, seed, license: seats(9), start: monday });
      return [counters.arrivals, counters.granted, counters.denied];
    };
    expect(counts('one')).toEqual(counts('one'));
    expect(counts('one')).not.toEqual(counts('two'));
  });

  test('goes by license and options files', () => {
    const text =
      'SERVER this_host ANY\nVENDOR acmed\nINCREMENT solve acmed 1.0 permanent 5 SIGN=00\n';
    const workload = poissonLoad(8, 50);
    const license = {
      kind: 'files',
      options: {},
      licenses: [{ name: 'acme.lic', text }],
    } as const;
    const byFile = simulate({ workload, seed: 'f', license, start: monday });
    const bySeats = simulate({ workload, seed: 'f', license: seats(5), start: monday });
    expect(deniedShare(byFile)).toBe(deniedShare(bySeats));
  });

  test('a feature that the license does not have is denied', () => {
    const [kind] = poissonLoad(8, 10).mix;
    const bundle = [{ feature: 'other', count: 1, version: '0.0' }];
    const text =
      'SERVER this_host ANY\nVENDOR acmed\nINCREMENT solve acmed 1.0 permanent 5 SIGN=00\n';
    const license = {
      kind: 'files',
      options: {},
      licenses: [{ name: 'acme.lic', text }],
    } as const;
    const workload = poissonLoad(8, 10, { mix: [{ ...kind!, bundle }] });
    expect(deniedShare(simulate({ workload, seed: 'o', license, start: monday }))).toBe(1);
  });

  test('who waits in the queue gets the seat in the end', () => {
    const [kind] = poissonLoad(8, 10).mix;
    const workload = poissonLoad(8, 200, { mix: [{ ...kind!, queue: {} }] });
    const { counters } = simulate({ workload, seed: 'q', license: seats(10), start: monday });
    expect(counters.denied).toBe(0);
    expect(counters.granted).toBeGreaterThan(1_000);
  });
});
