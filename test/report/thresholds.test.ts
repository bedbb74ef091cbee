import { describe, expect, test } from 'vitest';
import { renderResult } from '../../src/report/result-table.ts';
import { exitOfVerdict, outcomeOf } from '../../src/report/summary.ts';
import { isHopeless, judge, parseThreshold } from '../../src/report/thresholds.ts';
import { makeBundle, makePart } from './make.ts';

const oneToThousand = Array.from({ length: 1_000 }, (_, index) => index + 1);
const bundle = makeBundle({
  counters: {
    arrivals: 1_000,
    granted: 980,
    denied: 20,
    asked: 1_200,
    denials: 240,
    losses: 3,
    grants: 980,
  },
  responseMs: oneToThousand,
});
bundle.record.gapMs = 1_500;

test.each([
  ['p99<1s', 990, 'kept'],
  ['p99<500ms', 990, 'broken'],
  ['p50<=600ms', 500, 'kept'],
  ['p50<0.6s', 500, 'kept'],
  ['p50 < 600000us', 500, 'kept'],
  ['max<1100ms', 1000, 'kept'],
  ['mean<400ms', 500, 'broken'],
  ['p99.9>900ms', 999, 'kept'],
  ['denied<1%', 0.02, 'broken'],
  ['denied<=2%', 0.02, 'kept'],
  ['denied<2%', 0.02, 'broken'],
  ['denials<20.5%', 0.2, 'kept'],
  ['denied<21', 20, 'kept'],
  ['losses<=2', 3, 'broken'],
  ['dropped<0', 0, 'kept'],
  ['granted_rate>=98/s', 98, 'kept'],
  ['failover_gap<3s', 1500, 'kept'],
  ['failover_gap<1s', 1500, 'broken'],
  ['service_p99<5ms', undefined, 'inconclusive'],
])('%s', (text, value, verdict) => {
  const judged = judge(parseThreshold(text), bundle, false);
  expect(judged.verdict).toBe(verdict);
  if (value === undefined) expect(judged.value).toBeUndefined();
  else expect(Math.abs(judged.value! / (value || 1) - (value === 0 ? 0 : 1))).toBeLessThan(0.002);
});

test.each([
  ['p99', /expected a threshold such as p99<5ms/],
  ['p99=5ms', /expected a threshold/],
  ['p98<5ms', /got "p98<5ms"/],
  ['deneid<1%', /did you mean denied\?/],
  ['p99<fast', /threshold p99<fast: expected a duration/],
  ['p99<5', /threshold p99<5: expected a duration/],
  ['denied<1ms', /expected a bound such as 1% or 10, got "1ms"/],
  ['constructor<1', /expected a threshold/],
  ['serivce_p99<1ms', /did you mean service_p99\?/],
  ['arrivals_rat>1/s', /did you mean arrivals_rate\?/],
  ['granted_rate<5%', /expected a bound such as 100\/s, got "5%"/],
])('%s is none', (text, message) => {
  expect(() => parseThreshold(text)).toThrowError(message);
});

test('a quantile that no sample lies beyond is not known', () => {
  const few = makeBundle({ counters: { arrivals: 99 }, responseMs: oneToThousand.slice(0, 99) });
  expect(judge(parseThreshold('p99<1s'), few, false).verdict).toBe('inconclusive');
  expect(judge(parseThreshold('p95<1s'), few, false).verdict).toBe('kept');
});

test('times are not known when the generator itself was late, counts are', () => {
  expect(judge(parseThreshold('p99<500ms'), bundle, true).verdict).toBe('inconclusive');
  expect(judge(parseThreshold('denied<1%'), bundle, true).verdict).toBe('broken');
});

describe('a result', () => {
  const verdictOf = (counters: object, thresholds: readonly string[] = []) => {
    const made = makeBundle({
      counters: { arrivals: 100, granted: 100, grants: 100, ...counters },
    });
    const { verdict, bottleneck } = outcomeOf(made, thresholds.map(parseThreshold));
    return [exitOfVerdict[verdict], bottleneck !== undefined];
  };

  test('is good when nothing is broken: 0', () => {
    expect(verdictOf({}, ['denied<1%'])).toEqual([0, false]);
  });

  test('with a broken threshold is 4', () => {
    expect(verdictOf({ denied: 5 }, ['denied<1%'])).toEqual([4, false]);
  });

  test('of a generator that began more than a tenth of its sessions late is 5', () => {
    expect(verdictOf({ late: 10 })).toEqual([0, false]);
    expect(verdictOf({ late: 11 })).toEqual([5, true]);
    // Sessions that were skipped were not begun in time.
    expect(verdictOf({ late: 5, skipped: 60 })).toEqual([5, true]);
  });

  test('that no daemon decided is 3', () => {
    expect(verdictOf({ granted: 0, grants: 0, failed: 100 }, ['failed<1%'])).toEqual([3, false]);
  });

  test('stopped at its deadline is 124, by hand 130', () => {
    const made = makeBundle({ parts: [makePart()] });
    expect(exitOfVerdict[outcomeOf(made, [], 'deadline').verdict]).toBe(124);
    expect(exitOfVerdict[outcomeOf(made, [], 'interrupted').verdict]).toBe(130);
  });
});

describe('a threshold is lost', () => {
  const expected = { sessions: 1_000, checkouts: 1_000 };
  const lost = (text: string, counters: object, responseMs: readonly number[] = []) =>
    isHopeless(parseThreshold(text), makeBundle({ counters, responseMs }).record, expected);

  test('when the whole rest going well would not be enough', () => {
    expect(lost('denied<1%', { arrivals: 11, denied: 10 })).toBe(false);
    expect(lost('denied<1%', { arrivals: 11, denied: 11 })).toBe(true);
    expect(lost('failed<1', { arrivals: 11, failed: 1 })).toBe(true);
    expect(lost('failed<=1', { arrivals: 11, failed: 1 })).toBe(false);
    expect(lost('failed<0', { arrivals: 11 })).toBe(false);
    expect(
      lost(
        'p99<5ms',
        {},
        Array.from({ length: 10 }, () => 6),
      ),
    ).toBe(false);
    expect(
      lost(
        'p99<5ms',
        {},
        Array.from({ length: 11 }, () => 6),
      ),
    ).toBe(true);
    expect(lost('losses<=0', { losses: 1 })).toBe(true);
  });

  test('and not while it can still be kept, or nobody knows how much will come', () => {
    expect(lost('granted_rate>5/s', {})).toBe(false);
    const { record } = makeBundle({ counters: { arrivals: 20, denied: 20 } });
    const unknown = { sessions: undefined, checkouts: undefined };
    expect(isHopeless(parseThreshold('denied<1%'), record, unknown)).toBe(false);
  });
});

test('the rate of a run that ended early is that of the time it had', () => {
  const parts = [makePart({ tookMs: 2_000 })];
  const early = makeBundle({ counters: { granted: 200 }, parts, ended: 'interrupted' });
  const rateOf = (bundle: typeof early) =>
    judge(parseThreshold('granted_rate>90/s'), bundle, false);
  expect(rateOf(early)).toMatchObject({ value: 100, verdict: 'kept' });
  expect(renderResult(outcomeOf(early, []))).toContain('200 granted (100/s)');
  // One that came to its end waited for its last answers beyond it.
  const { ended: _, ...whole } = early;
  expect(rateOf({ ...whole, parts: [makePart({ tookMs: 11_000 })] }).value).toBe(20);
});
