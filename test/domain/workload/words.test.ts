import { expect, test } from 'vitest';
import { parseDistribution, parseRate } from '../../../src/domain/workload/words.ts';

test.each([
  ['50ms', { kind: 'fixed', ms: 50 }],
  ['fixed:1s', { kind: 'fixed', ms: 1000 }],
  ['exp:500ms', { kind: 'exponential', meanMs: 500 }],
  ['uniform:1s,3s', { kind: 'uniform', fromMs: 1000, toMs: 3000 }],
  ['lognormal:10m,1.2', { kind: 'lognormal', medianMs: 600_000, sigma: 1.2 }],
  ['empirical:1s, 2s,2s', { kind: 'empirical', valuesMs: [1000, 2000, 2000] }],
])('%s is a time', (text, distribution) => {
  expect(parseDistribution(text, 'hold')).toEqual(distribution);
});

test.each([
  '',
  'exp:',
  'exp:1s,2s',
  'exponential:1s',
  'uniform:3s,1s',
  'uniform:1s',
  'lognormal:10m',
  'lognormal:10m,-1',
  'lognormal:10m,9',
  'empirical:',
  'constructor:1s',
  '-5s',
])('"%s" is none, and the message names what was read', (text) => {
  expect(() => parseDistribution(text, '--hold')).toThrowError(
    /^--hold: expected a (time|duration)/,
  );
});

test.each([
  ['200/s', 200],
  ['200', 200],
  ['90/m', 1.5],
  ['90/min', 1.5],
  ['5400/h', 1.5],
  ['0.5/s', 0.5],
])('%s is a rate', (text, perSecond) => {
  expect(parseRate(text, '--rate')).toBe(perSecond);
});

test.each(['', 'fast', '-3', '5/d', '1e9', '1/s/s'])('"%s" is no rate', (text) => {
  expect(() => parseRate(text, '--rate')).toThrowError(/^--rate: expected a rate such as 200\/s/);
});
