import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Rng } from '../../src/base/rng.ts';
import { HIGHEST_US, Histogram, highestUs, indexOf, lowestUs } from '../../src/report/histogram.ts';
import { decodeHistogram, encodeHistogram } from '../../src/report/histogram-codec.ts';

function histogramOf(us: readonly number[]): Histogram {
  const histogram = new Histogram();
  for (const value of us) histogram.recordUs(value);
  return histogram;
}

const times = fc.integer({ min: 0, max: HIGHEST_US });

describe('a step', () => {
  test('holds what falls into it, to a thousandth', () => {
    fc.assert(
      fc.property(times, (us) => {
        const index = indexOf(us);
        expect(lowestUs(index)).toBeLessThanOrEqual(us);
        expect(highestUs(index)).toBeGreaterThanOrEqual(us);
        expect(highestUs(index) - lowestUs(index)).toBeLessThanOrEqual(us / 1000);
      }),
    );
  });

  test('is followed by the next one without a gap', () => {
    for (let index = 0; index < indexOf(HIGHEST_US); index++) {
      if (lowestUs(index + 1) !== highestUs(index) + 1) expect(index, 'a gap behind').toBe(-1);
    }
    expect(highestUs(indexOf(HIGHEST_US))).toBe(HIGHEST_US);
  });
});

/**
 * What hdr-histogram-js 3.0.1 makes of these values: lowest 1, highest 2^32-1, three digits. Made once with it, so
 * that it need not be installed.
 */
const reference = {
  values: [
    0, 1, 2, 1000, 2047, 2048, 2049, 4095, 4096, 5000, 5000, 5000, 123456, 999999, 1000000,
    60000000, 3600000000,
  ],
  often: { us: 777, count: 100_000 },
  text: 'HISTFAAAAEZ4nJNpmSzMwMCgxMDAwMjAwMDMAAEgNsP/////w/hMTEzdPAdm8exmZlotwMTym5+J6SAz22kvprUGLJ1xTNPjmACzgQ6f',
  quantilesUs: [
    [0.1, 777],
    [0.5, 777],
    [0.99, 777],
    [0.99999, 60_030_975],
    [1, 3_600_809_983],
  ],
} as const;

function referenceHistogram(): Histogram {
  const histogram = histogramOf(reference.values);
  histogram.addAt(indexOf(reference.often.us), reference.often.count);
  return histogram;
}

test('quantiles are those of the reference implementation', () => {
  const histogram = referenceHistogram();
  for (const [share, us] of reference.quantilesUs) {
    expect(histogram.quantileMs(share)).toBe(us / 1000);
  }
});

test('its text is read', () => {
  const read = decodeHistogram(reference.text, 'reference');
  expect([...read.steps()]).toEqual([...referenceHistogram().steps()]);
});

test('a text gives back what was written', () => {
  fc.assert(
    fc.property(
      fc.array(times, { maxLength: 300 }),
      fc.integer({ min: 1, max: 2 ** 50 }),
      (all, much) => {
        const histogram = histogramOf(all);
        histogram.addAt(indexOf(12_345), much);
        const read = decodeHistogram(encodeHistogram(histogram), 'x');
        expect([...read.steps()]).toEqual([...histogram.steps()]);
        expect(read.total).toBe(histogram.total);
      },
    ),
  );
});

test('an empty one is told as empty', () => {
  const read = decodeHistogram(encodeHistogram(new Histogram()), 'x');
  expect(read.total).toBe(0);
  expect(read.quantileMs(0.5)).toBeUndefined();
  expect(read.meanMs).toBeUndefined();
});

test('texts that are none are refused and never become numbers', () => {
  const whole = Buffer.from(reference.text, 'base64');
  fc.assert(
    fc.property(fc.nat({ max: whole.length - 1 }), fc.nat({ max: 255 }), (at, byte) => {
      const damaged = Buffer.from(whole);
      damaged[at] = byte;
      try {
        expect(decodeHistogram(damaged.toString('base64'), 'f').total).toBeGreaterThanOrEqual(0);
      } catch (error) {
        expect(error).toMatchObject({
          code: 'LOAD_BUNDLE',
          message: expect.stringMatching(/^f: expected an HdrHistogram/),
        });
      }
    }),
  );
  for (const text of ['', 'HISTFAAAAEZ4', reference.text.slice(0, -9), 'x'.repeat(99)]) {
    expect(() => decodeHistogram(text, 'f')).toThrowError(/expected an HdrHistogram/);
  }
});

test('adding loses nothing: parts added are the whole', () => {
  const rng = new Rng('parts');
  const all = Array.from({ length: 5_000 }, () => Math.floor(10 ** (rng.unit() * 9)));
  const whole = histogramOf(all);
  const sum = new Histogram();
  for (let part = 0; part < 4; part++) sum.add(histogramOf(all.filter((_, at) => at % 4 === part)));
  expect([...sum.steps()]).toEqual([...whole.steps()]);
});

test('quantiles of recorded times are those of the sorted times, to a thousandth', () => {
  fc.assert(
    fc.property(
      fc.array(times, { minLength: 1, maxLength: 200 }),
      fc.double({ min: 0, max: 1, noNaN: true }),
      (all, share) => {
        const sorted = [...all].sort((a, b) => a - b);
        const rank = Math.min(Math.max(Math.ceil(share * all.length - 1e-9), 1), all.length);
        const exact = sorted[rank - 1]!;
        const found = histogramOf(all).quantileMs(share)! * 1000;
        expect(found).toBeGreaterThanOrEqual(exact - 1e-6);
        expect(found - exact).toBeLessThanOrEqual(exact / 1000 + 1e-6);
      },
    ),
  );
});

test('the mean and what lies above a time are told', () => {
  const histogram = histogramOf([100, 200, 300, 5_000]);
  expect(histogram.meanMs).toBeCloseTo(1.4, 2);
  expect(histogram.countAboveMs(0.25)).toBe(2);
  expect(histogram.countAboveMs(0.3)).toBe(1);
  expect(histogram.countAboveMs(10)).toBe(0);
});

test('times beyond the longest count as the longest', () => {
  const histogram = new Histogram();
  histogram.recordMs(1e12);
  expect(histogram.maxMs).toBe(HIGHEST_US / 1000);
  histogram.recordMs(-5);
  expect(histogram.quantileMs(0)).toBe(0);
});

test('one that was cleared is empty', () => {
  const histogram = histogramOf([1, 100_000]);
  histogram.clear();
  expect([...histogram.steps()]).toEqual([]);
  histogram.recordUs(7);
  expect([...histogram.steps()]).toEqual([{ index: 7, count: 1 }]);
});
