import { describe, expect, test } from 'vitest';
import { bundleAsJson, bundleOfText } from '../../src/report/bundle.ts';
import { mergeBundles, type NamedBundle } from '../../src/report/merge.ts';
import { renderResult } from '../../src/report/result-table.ts';
import { RunRecord } from '../../src/report/run-record.ts';
import { outcomeAsJson, outcomeOf } from '../../src/report/summary.ts';
import { makeBundle, makePart, makeTimes } from './make.ts';

const shards = [0, 1, 2].map((index) => ({
  where: `shard${index}`,
  bundle: makeBundle({
    counters: { arrivals: 100 + index, granted: 90, denied: 10 + index },
    responseMs: makeTimes(100, 2, `shard ${index}`),
    parts: [makePart({ index, of: 3 })],
  }),
}));

test('counters add up, and quantiles are those of all times together', () => {
  const merged = mergeBundles(shards);
  expect(merged.record.counters).toMatchObject({ arrivals: 303, granted: 270, denied: 33 });
  const pooled = makeBundle({
    responseMs: [0, 1, 2].flatMap((index) => makeTimes(100, 2, `shard ${index}`)),
  });
  expect([...merged.record.timings.response.steps()]).toEqual([
    ...pooled.record.timings.response.steps(),
  ]);
  expect(merged.parts.map(({ index }) => index)).toEqual([0, 1, 2]);
});

test('what was written is read back whole, from a bundle or from a result', () => {
  const { bundle } = shards[1]!;
  for (const written of [bundleAsJson(bundle), outcomeAsJson(outcomeOf(bundle, []))]) {
    const read = bundleOfText(JSON.stringify(written), 'f');
    expect(bundleAsJson(read)).toEqual(bundleAsJson(bundle));
  }
});

test('a merged result tells how far apart its parts began', () => {
  const late = shards.map(({ where, bundle }, index) => {
    const parts = bundle.parts.map((part) => ({ ...part, startedAt: 1_000_000 + 1_500 * index }));
    return { where, bundle: { ...bundle, parts } };
  });
  const outcome = outcomeOf(mergeBundles(late), []);
  expect(outcomeAsJson(outcome)).toMatchObject({ startSpreadMs: 3_000 });
  expect(renderResult(outcome)).toContain('  parts      3, begun within 3 s of each other');
  expect(renderResult(outcomeOf(late[0]!.bundle, []))).not.toContain('begun within');
});

describe('the intervals of shards', () => {
  /** Begun so many milliseconds after the first by the server's clock, on machines whose clocks are days off. */
  const begun = (afterMs: readonly number[]): readonly NamedBundle[] =>
    shards.map(({ where, bundle }, index) => {
      const serverAheadMs = index * 86_400_000 - 250;
      const startedAt = 1_900_000_000_000 + afterMs[index]! - serverAheadMs;
      const parts = bundle.parts.map((part) => ({ ...part, startedAt, serverAheadMs }));
      return { where, bundle: { ...bundle, parts } };
    });
  const perInterval = (all: readonly NamedBundle[]) =>
    mergeBundles(all).record.intervals.map(({ response }) => response.total);

  test('lie over each other by the clock of the server, to the nearest whole one', () => {
    expect(perInterval(begun([0, 0, 0]))).toEqual(Array(10).fill(30));
    expect(perInterval(begun([0, 2_400, 9_600]))).toEqual(
      [10, 10, 20, 20, 20, 20, 20, 20, 20, 20].concat([20, 20, 10, 10, 10, 10, 10, 10, 10, 10]),
    );
    const outcome = outcomeOf(mergeBundles(begun([0, 400, 2_400])), []);
    expect(outcomeAsJson(outcome)).toMatchObject({ startSpreadMs: 2_400 });
    expect(renderResult(outcome)).toContain(
      "  parts      3, begun within 2.4 s of each other by the server's clock",
    );
  });

  test('count from the begin of each when one does not know the clock, or they ran one after the other', () => {
    const [first, second, third] = begun([0, 2_400, 9_600]);
    expect(perInterval([first!, second!, shards[2]!])).toEqual(Array(10).fill(30));
    expect(perInterval([first!, second!, third!])).not.toEqual(Array(10).fill(30));
    expect(perInterval(begun([0, 2_400, 10_000]))).toEqual(Array(10).fill(30));
  });
});

test('the order of the shards does not matter', () => {
  const backward = mergeBundles([...shards].reverse());
  expect(bundleAsJson(backward)).toEqual(bundleAsJson(mergeBundles(shards)));
});

const other = (plan: object) => ({
  where: 'other',
  bundle: makeBundle({
    plan: { ...makeBundle().plan, ...plan },
    parts: [makePart({ index: 2, of: 3 })],
  }),
});

test.each([
  [[], /^expected bundles, got none/],
  [shards.slice(0, 2), /^expected all 3 shards, got none of 2\/3; --partial/],
  [[...shards, shards[1]!], /^shard1: expected each shard once, got 1\/3, which shard1 has, too/],
  [[shards[0]!, shards[1]!, other({ seed: 'z' })], /^other: expected the seed s of shard0, got z/],
  [
    [shards[0]!, shards[1]!, other({ hash: 'z' })],
    /^other: expected the same workload, by its hash/,
  ],
])('bundles that are not one run are refused: %#', (all, message) => {
  expect(() => mergeBundles(all)).toThrowError(message);
});

test('shards that are missing can be gone without', () => {
  const merged = mergeBundles(shards.slice(0, 2), { partial: true });
  expect(merged.record.counters.arrivals).toBe(201);
});

test('a shard that workers shared stands for all its parts', () => {
  const part = (index: number) => makePart({ index, of: 4 });
  const even = { where: 'even', bundle: makeBundle({ parts: [part(0), part(2)] }) };
  const odd = { where: 'odd', bundle: makeBundle({ parts: [makePart({ index: 1, of: 2 })] }) };
  expect(mergeBundles([even, odd]).parts.length).toBe(3);
});

test.each([
  ['', /expected what fauxlm load wrote .*got no JSON/],
  ['[]', /got something else/],
  ['{"kind":"fauxlm load bundle","version":99}', /got version 99; update fauxlm/],
  ['{"kind":"fauxlm load bundle","version":1}', /got damaged data: "intervalMs" is no number/],
])('text that is no bundle is refused: %s', (text, message) => {
  expect(() => bundleOfText(text, 'f')).toThrowError(message);
});

test('a bundle with any field missing is refused with a word about it, or read', () => {
  const whole = bundleAsJson(shards[0]!.bundle) as Record<string, unknown>;
  for (const name of Object.keys(whole)) {
    const { [name]: _, ...rest } = whole;
    expect(() => bundleOfText(JSON.stringify(rest), 'f'), name).toThrowError(/^f: expected what/);
  }
});

test.each([
  ['"of" 0', (part: object) => ({ parts: [{ ...part, of: 0 }] }), 'no part of a whole: 0/0'],
  [
    '"of" without end',
    (part: object) => ({ parts: [{ ...part, of: 1e15 }] }),
    'no part of a whole',
  ],
  ['a shard beyond all', (part: object) => ({ parts: [{ ...part, index: 7, of: 3 }] }), '7/3'],
  ['half a grant', () => ({ counters: { granted: 0.5 } }), '"granted" is no count'],
  ['grants below nothing', () => ({ counters: { granted: -5 } }), '"granted" is no count'],
  ['intervals of nothing', () => ({ intervalMs: 0 }), '"intervalMs" is not more than nothing'],
])('a bundle with %s is damaged', (_, damage, message) => {
  const whole = bundleAsJson(makeBundle()) as { parts: readonly object[] };
  const text = JSON.stringify({ ...whole, ...damage(whole.parts[0]!) });
  expect(() => bundleOfText(text, 'f')).toThrow(message);
});

test('runs that had not begun are nothing to merge, and intervals must be alike', () => {
  const none = { where: 'f', bundle: makeBundle({ parts: [] }) };
  expect(() => mergeBundles([none], { partial: true })).toThrow('f: expected a run that had begun');
  const coarse = { where: 'g', bundle: makeBundle({ record: new RunRecord(7_000) }) };
  const text = 'g: expected intervals of 1000 ms as in shard0, got 7000';
  expect(() => mergeBundles([shards[0]!, coarse])).toThrow(text);
});

test('a name in a bundle cannot steer the terminal of who reads its result', () => {
  const bundle = makeBundle();
  const plan = { ...bundle.plan, name: 'a\u001b[31m\nb' };
  const [line] = renderResult(outcomeOf({ ...bundle, plan }, [])).split('\n');
  expect(line).toMatch(/^a\?\[31m\?b: /);
});
