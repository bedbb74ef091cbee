import { expect, test } from 'vitest';
import {
  confidenceOf,
  findSaturation,
  judgeStep,
  renderSaturation,
} from '../../src/load/saturation.ts';
import { type Outcome, outcomeOf } from '../../src/report/summary.ts';
import { parseThreshold } from '../../src/report/thresholds.ts';
import { makeBundle } from '../report/make.ts';

/** A server whose p99 is 1 ms up to its capacity and 100 ms above; a generator that is late from a rate on. */
function search(
  capacity: number,
  more: { toRate?: number; generator?: number; lucky?: number; unlucky?: number } = {},
) {
  const { toRate = 10_000, generator = Number.POSITIVE_INFINITY, lucky = -1, unlucky = -1 } = more;
  const rates: number[] = [];
  const found = findSaturation({
    fromRate: 50,
    toRate,
    precision: 1.05,
    confirmations: 2,
    run: async (rate, step) => {
      rates.push(rate);
      const keepsUp = step !== unlucky && (rate <= capacity || step === lucky);
      const ms = keepsUp ? 1 : 100;
      const bundle = makeBundle({
        responseMs: Array.from({ length: 200 }, () => ms),
        counters: { arrivals: 200, granted: 200, grants: 200, late: rate > generator ? 190 : 0 },
      });
      return outcomeOf(bundle, [parseThreshold('p99<10ms')]);
    },
    onStep: () => {},
    interrupted: new AbortController().signal,
  });
  return found.then((result) => ({ ...result, rates }));
}

test('the rate found is within the precision below what the server can do, and was run again', async () => {
  const { rate, failedAt, sustained, runs, limit, rates } = await search(730);
  expect(rate).toBeLessThanOrEqual(730);
  expect(rate).toBeGreaterThan(730 / 1.06);
  expect(failedAt! / rate).toBeLessThanOrEqual(1.051);
  expect([sustained, runs, limit]).toEqual([3, 3, 'server']);
  const found = await search(730);
  expect(found.confidence).toBe(0.875);
  expect(renderSaturation(found)).toContain(
    'in 3 of 3 runs (87.5 % sure that it is more often than not',
  );
  expect(rates.slice(0, 5)).toEqual([50, 100, 200, 400, 800]);
});

test('a rate that held by luck is given up when it does not hold again', async () => {
  // The bisection between 400 and 800 runs fifth, above what the server can do.
  const { rate } = await search(450, { lucky: 5 });
  expect(rate).toBeLessThanOrEqual(450);
});

test('a generator that gives out first is told from a server that does', async () => {
  const found = await search(10_000, { generator: 300 });
  expect(found.limit).toBe('generator');
  expect(found.rate).toBeLessThanOrEqual(300);
  expect(renderSaturation(found)).toMatch(
    /the generator gave out at \d+\/s, so the server may do more/,
  );
});

test('the confidence is that of as many tosses of a coin', () => {
  const of = (sustained: number, runs: number) => confidenceOf(sustained, runs);
  expect([of(0, 0), of(1, 1), of(2, 2), of(3, 3), of(5, 5)]).toEqual([0, 0.5, 0.75, 0.875, 0.969]);
  expect([of(2, 3), of(4, 5), of(0, 3)]).toEqual([0.5, 0.813, 0]);
  expect(of(101, 101)).toBe(1);
});

test('no rate, and the highest rate that was asked for', async () => {
  expect(await search(10)).toMatchObject({ rate: 0, limit: 'server', runs: 0 });
  const found = await search(10_000, { toRate: 300 });
  expect(found).toMatchObject({ rate: 300, failedAt: undefined, limit: 'none', sustained: 3 });
});

test('a rate that failed once of three times is not told as the one that is too much', async () => {
  const first = await search(730);
  const found = await search(730, { unlucky: first.rates.length - 1 });
  expect(found).toMatchObject({
    rate: first.rate,
    failedAt: first.failedAt,
    sustained: 2,
    runs: 3,
  });
  expect(found.failedAt).toBeGreaterThan(found.rate);
});

test('the highest rate asked for is not too much for having failed once of three times', async () => {
  const found = await search(10_000, { toRate: 100, unlucky: 3 });
  expect(found).toMatchObject({ rate: 100, failedAt: undefined, limit: 'none', sustained: 2 });
});

function outcomeAt(ms: number, cause?: 'deadline' | 'interrupted'): Outcome {
  const counters = { arrivals: 200, granted: cause === undefined ? 200 : 0, grants: 200 };
  const bundle = makeBundle({ responseMs: Array.from({ length: 200 }, () => ms), counters });
  return outcomeOf(bundle, [parseThreshold('p99<10ms')], cause);
}

function searchOf(run: (rate: number, step: number) => Outcome) {
  return findSaturation({
    ...{ fromRate: 100, toRate: 400, precision: 1.05, confirmations: 2 },
    run: async (rate, step) => run(rate, step),
    onStep: () => {},
    interrupted: new AbortController().signal,
  });
}

test.each(['deadline', 'interrupted'] as const)(
  'a step cut short fails no rate: %s',
  async (cause) => {
    const found = await searchOf((_, step) => outcomeAt(1, step === 1 ? cause : undefined));
    expect(found).toMatchObject({ rate: 100, failedAt: undefined, limit: cause });
    expect(found.steps).toHaveLength(1);
  },
);

test('a step in which no session came fails no rate', () => {
  expect(judgeStep(1, outcomeOf(makeBundle(), [])).verdict).toBe('sustained');
});
