import { describe, expect, test } from 'vitest';
import { Rng } from '../../../src/base/rng.ts';
import { type Distribution, drawn, meanOf } from '../../../src/domain/workload/distributions.ts';

const draws = 50_000;

function sample(distribution: Distribution, seed = 'draws'): readonly number[] {
  const rng = new Rng(seed);
  return Array.from({ length: draws }, () => drawn(distribution, rng));
}

function moments(values: readonly number[]) {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length;
  return { mean, variance };
}

/** Each with its variance by the closed form. */
const cases: readonly (readonly [Distribution, number])[] = [
  [{ kind: 'fixed', ms: 50 }, 0],
  [{ kind: 'uniform', fromMs: 100, toMs: 400 }, 300 ** 2 / 12],
  [{ kind: 'exponential', meanMs: 500 }, 500 ** 2],
  [
    { kind: 'lognormal', medianMs: 200, sigma: 0.5 },
    200 ** 2 * Math.exp(0.25) * (Math.exp(0.25) - 1),
  ],
  [{ kind: 'empirical', valuesMs: [1, 2, 2, 9] }, 9.25 + 13.25 - 12.25],
];

describe.each(cases)('%j', (distribution, variance) => {
  test('has the mean and the variance of the closed form', () => {
    const found = moments(sample(distribution));
    const mean = meanOf(distribution);
    // Five standard errors: with fixed seeds this holds or it does not.
    expect(Math.abs(found.mean - mean)).toBeLessThanOrEqual(5 * Math.sqrt(variance / draws) + 1e-9);
    expect(found.variance).toBeGreaterThanOrEqual(variance * 0.93);
    expect(found.variance).toBeLessThanOrEqual(variance * 1.07 + 1e-9);
  });

  test('is never negative, and takes as many numbers whatever comes of them', () => {
    const rng = new Rng('length');
    drawn(distribution, rng);
    const lengths = new Set<number>();
    for (let round = 0; round < 100; round++) {
      let taken = 0;
      const counting = Object.assign(Object.create(rng) as Rng, {
        unit: () => {
          taken++;
          return rng.unit();
        },
      });
      expect(drawn(distribution, counting)).toBeGreaterThanOrEqual(0);
      lengths.add(taken);
    }
    expect(lengths.size).toBe(1);
  });
});

test('half of a lognormal time is below its median', () => {
  const below = sample({ kind: 'lognormal', medianMs: 600, sigma: 1.2 }).filter((ms) => ms < 600);
  expect(below.length / draws).toBeCloseTo(0.5, 1.7);
});

test('of an exponential time a share of 1/e lies above its mean', () => {
  const above = sample({ kind: 'exponential', meanMs: 10 }).filter((ms) => ms > 10);
  expect(Math.abs(above.length / draws - Math.exp(-1))).toBeLessThan(0.01);
});

test('the seed decides: the same one the same times, another one others', () => {
  const distribution = { kind: 'exponential', meanMs: 500 } as const;
  expect(sample(distribution, 'a')).toEqual(sample(distribution, 'a'));
  expect(sample(distribution, 'a')).not.toEqual(sample(distribution, 'b'));
});
