import { describe, expect, test } from 'vitest';
import { Rng } from '../../../src/base/rng.ts';
import {
  type ArrivalTimes,
  openArrivals,
  tracedArrivals,
} from '../../../src/domain/workload/arrivals.ts';
import { type Phase, segmentsOf } from '../../../src/domain/workload/phases.ts';
import { RateCurve } from '../../../src/domain/workload/rate-curve.ts';

function all(times: ArrivalTimes): number[] {
  const found: number[] = [];
  for (let at = times.next(); at !== undefined; at = times.next()) found.push(at);
  return found;
}

const minute = 60_000;
const phases: Readonly<Record<string, Phase>> = {
  steady: { kind: 'steady', durationMs: 10 * minute, rate: 50 },
  ramp: { kind: 'ramp', durationMs: 10 * minute, from: 0, to: 100 },
  'ramp down': { kind: 'ramp', durationMs: 10 * minute, from: 100, to: 0 },
  steps: { kind: 'steps', durationMs: 10 * minute, from: 20, to: 80, levels: 4 },
  spike: { kind: 'spike', durationMs: 10 * minute, rate: 20, peak: 200, peakMs: minute },
  week: {
    kind: 'week',
    durationMs: 10 * minute,
    hourlyRates: Array.from({ length: 24 }, (_, hour) => (hour >= 8 && hour < 18 ? 90 : 10)),
    hourMs: 25_000,
    fromHour: 0,
  },
};

describe.each(Object.entries(phases))('%s', (_, phase) => {
  const curve = new RateCurve([phase]);

  test('its pieces last as long as it does', () => {
    const length = segmentsOf(phase).reduce((sum, { lengthMs }) => sum + lengthMs, 0);
    expect(length).toBeCloseTo(phase.durationMs, 6);
  });

  test('Poisson arrivals come in the expected number, as many in each part of it as its area', () => {
    const times = all(openArrivals([phase], 'poisson', new Rng('arrivals')));
    expect(Math.abs(times.length - curve.total)).toBeLessThan(4 * Math.sqrt(curve.total));
    expect(times.every((at, index) => index === 0 || at >= times[index - 1]!)).toBe(true);
    expect(times.every((at) => at >= 0 && at <= phase.durationMs)).toBe(true);
    // Chi-square over twenty parts: its mean is 20, its deviation 6.3.
    const parts = 20;
    const length = phase.durationMs / parts;
    let chi = 0;
    for (let part = 0; part < parts; part++) {
      const count = times.filter((at) => at >= part * length && at < (part + 1) * length).length;
      const steps = 1000;
      let area = 0;
      for (let step = 0; step < steps; step++) {
        area += (curve.rateAt((part + (step + 0.5) / steps) * length) * length) / steps / 1000;
      }
      chi += (count - area) ** 2 / area;
    }
    expect(chi).toBeLessThan(45);
  });

  test('uniform arrivals come each time the area is a whole number', () => {
    const times = all(openArrivals([phase], 'uniform', new Rng('unused')));
    expect(times.length).toBe(Math.ceil(curve.total - 1e-9));
    expect(times.every((at) => at >= 0 && at <= phase.durationMs)).toBe(true);
    expect(times.every((at, index) => index === 0 || at >= times[index - 1]!)).toBe(true);
  });
});

test.each(['uniform', 'poisson'] as const)(
  '%s arrivals go through phases one after another',
  (spacing) => {
    const ramp = { kind: 'ramp', durationMs: 1000, from: 0, to: 8 } as const;
    const pause = { kind: 'steady', durationMs: 1000, rate: 0 } as const;
    const down = { kind: 'ramp', durationMs: 1000, from: 8, to: 0 } as const;
    const times = all(openArrivals([pause, ramp, pause, down, ramp], spacing, new Rng('phases')));
    expect(times.length).toBeGreaterThan(6);
    // Nobody comes in a pause; the ramp after a whole number of arrivals begins with the next.
    expect(times.every((at) => (at >= 1000 && at <= 2000) || (at >= 3000 && at <= 5000))).toBe(
      true,
    );
    expect(times).toEqual([...times].sort((one, two) => one - two));
    if (spacing === 'uniform') expect([times[0], times.length]).toEqual([1000, 12]);
  },
);

test('gaps of steady Poisson arrivals are exponential: their deviation is their mean', () => {
  const times = all(openArrivals([phases['steady']!], 'poisson', new Rng('gaps')));
  const gaps = times.slice(1).map((at, index) => at - times[index]!);
  const mean = gaps.reduce((sum, gap) => sum + gap, 0) / gaps.length;
  const variance = gaps.reduce((sum, gap) => sum + (gap - mean) ** 2, 0) / gaps.length;
  expect(Math.abs(mean - 20)).toBeLessThan(0.5);
  expect(Math.sqrt(variance) / mean).toBeGreaterThan(0.97);
  expect(Math.sqrt(variance) / mean).toBeLessThan(1.03);
});

test('a ramp from nothing has reached a quarter of its arrivals after half of its time', () => {
  const curve = new RateCurve([{ kind: 'ramp', durationMs: 1000, from: 0, to: 8 }]);
  expect(curve.total).toBe(4);
  expect(curve.timeOf(1)).toBeCloseTo(500, 9);
  expect(curve.timeOf(4)).toBeUndefined();
});

test('uniform arrivals at four a second come each quarter of a second, the first at once', () => {
  const phase = { kind: 'steady', durationMs: 1000, rate: 4 } as const;
  expect(all(openArrivals([phase], 'uniform', new Rng('x')))).toEqual([0, 250, 500, 750]);
});

test('a trace is played as it is, up to the end of the time', () => {
  expect(all(tracedArrivals([0, 5, 5, 90, 100], 100))).toEqual([0, 5, 5, 90]);
});
