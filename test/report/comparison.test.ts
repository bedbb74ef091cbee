import { describe, expect, test } from 'vitest';
import { compareBundles, renderComparison, usualComparison } from '../../src/report/comparison.ts';
import { makeBundle, makeTimes } from './make.ts';

const runOf = (middleMs: number, seed: string, counters: object = {}, length = 2_000) =>
  makeBundle({
    responseMs: makeTimes(length, middleMs, seed),
    counters: { arrivals: length, granted: length, ...counters },
  });

const changes = (comparison: ReturnType<typeof compareBundles>) =>
  Object.fromEntries(comparison.quantiles.map(({ name, change }) => [name, change]));

test('a run is no regression of itself, nor of another run of the same server', () => {
  const a = runOf(2, 'a');
  expect(compareBundles(a, a).verdict).toBe('same');
  // At 95 % one pair in twenty differs by chance, where the difference is above the floor.
  const others = Array.from({ length: 8 }, (_, index) => compareBundles(a, runOf(2, `b${index}`)));
  expect(others.filter(({ verdict }) => verdict === 'regression').length).toBeLessThanOrEqual(2);
});

test('a server that became a fifth slower is one, and one that became quicker is not', () => {
  const slower = compareBundles(runOf(2, 'a'), runOf(2.4, 'b'));
  expect(slower.verdict).toBe('regression');
  expect(changes(slower)).toMatchObject({ p50: 'slower', p90: 'slower', 'p99.9': 'unsure' });
  const [p50] = slower.quantiles;
  expect(p50!.low).toBeGreaterThan(0);
  expect(p50!.low).toBeLessThan(0.4);
  expect(p50!.high).toBeGreaterThan(p50!.difference);
  expect(compareBundles(runOf(2, 'a'), runOf(1.6, 'b')).verdict).toBe('same');
  expect(renderComparison(slower)).toMatch(
    /p50 +[\d.]+ -> 2\.\d+ ms .*: slower\n[\s\S]*a regression\n$/,
  );
});

test('a difference below the floor does not matter, however sure it is', () => {
  const a = runOf(2, 'a', {}, 20_000);
  const b = runOf(2.05, 'b', {}, 20_000);
  expect(changes(compareBundles(a, b))['p50']).toBe('same');
  expect(
    changes(compareBundles(a, b, { ...usualComparison, floorShare: 0.01, floorMs: 0 }))['p50'],
  ).toBe('slower');
});

test('intervals hold the true difference about as often as they say', () => {
  const rounds = 30;
  let held = 0;
  for (let round = 0; round < rounds; round++) {
    const [p50] = compareBundles(
      runOf(2, `a${round}`, {}, 500),
      runOf(2.2, `b${round}`, {}, 500),
    ).quantiles;
    if (p50!.low <= 0.2 && p50!.high >= 0.2) held++;
  }
  // The sum of twelve stands for a normal variable: its middle is exactly that of the lognormal.
  expect(held).toBeGreaterThanOrEqual(25);
});

describe('shares', () => {
  test('of denials that grew are a regression', () => {
    const a = runOf(2, 'a', { denied: 40 });
    expect(compareBundles(a, runOf(2, 'a', { denied: 200 })).shares[0]!.change).toBe('slower');
    expect(compareBundles(a, runOf(2, 'a', { denied: 50 })).shares[0]!.change).toBe('same');
  });
});

test('too few times are inconclusive, and what differs in the plans is said', () => {
  const few = runOf(2, 'a', {}, 10);
  expect(compareBundles(few, few).verdict).toBe('unsure');
  const { plan } = few;
  const other = { ...few, plan: { ...plan, hash: 'other' } };
  expect(compareBundles(few, other).warnings).toEqual([
    'the two did not do the same: their workloads differ',
  ]);
  const empty = makeBundle({});
  expect(compareBundles(empty, empty).verdict).toBe('unsure');
});

test('the seed of the draws decides the intervals', () => {
  const [a, b] = [runOf(2, 'a'), runOf(2.1, 'b')];
  expect(compareBundles(a, b)).toEqual(compareBundles(a, b));
  const other = compareBundles(a, b, { ...usualComparison, seed: 'other' });
  expect(other.quantiles).not.toEqual(compareBundles(a, b).quantiles);
});
