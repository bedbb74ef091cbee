import { expect, test } from 'vitest';
import type { KnownError } from '../../src/base/errors.ts';
import { scaled } from '../../src/domain/workload/scaling.ts';
import { expectedSessions } from '../../src/domain/workload/sessions.ts';
import { workloadOfFlags } from '../../src/load/flag-workload.ts';
import { parseProfile, readProfile } from '../../src/load/profile.ts';
import { Folder } from '../e2e/processes.ts';

const whole = `
name: all of it
server: 27000@localhost
seed: 12
phases:
  - ramp: { from: 0, to: 200/s, for: 20s }
  - steady: { rate: 200/s, for: 1m }
  - soak: { rate: 0.5, for: 1s }
  - steps: { from: 50/s, to: 400/s, levels: 8, for: 2m }
  - spike: { rate: 50/s, peak: 500/s, peakFor: 5s, for: 30s }
  - week: { rates: [1, 2], hour: 1s, fromHour: 1, for: 3s }
spacing: uniform
users: 10
connections: fresh
sessions:
  - name: first
    weight: 2.5
    checkout: solve:2
    hold: lognormal:10m,1.2
    retry: { after: 30s, factor: 1.5, atMost: 5m, attempts: 10 }
    queue: { patience: exp:30s }
    deaths: 2%
  - checkout: [ mesh+view, { feature: solve, count: 3, version: 2024.10 } ]
    hold: 5s
    retry: exp:5s,4
    queue: true
monitors:
  - { ask: each feature, every: 1m, perSession: 1 }
storms: [ { at: 30s, over: 2s } ]
churn: 10/s
thresholds: [ 'p99<5ms', 'denied<1%' ]
`;

test('a profile says all that a workload has', () => {
  const { name, server, seed, workload, thresholds } = parseProfile('p.profile.yaml', whole);
  expect([name, server, seed]).toEqual(['all of it', '27000@localhost', '12']);
  expect(thresholds.map(({ text }) => text)).toEqual(['p99<5ms', 'denied<1%']);
  expect(workload.durationMs).toBe(234_000);
  expect(workload).toMatchObject({ users: 10, connections: 'fresh', churnPerSecond: 10 });
  expect(workload.sessions).toMatchObject({ kind: 'open', spacing: 'uniform' });
  const [first, second] = workload.mix;
  expect(first).toEqual({
    name: 'first',
    weight: 2.5,
    bundle: [{ feature: 'solve', count: 2, version: '0.0' }],
    hold: { kind: 'lognormal', medianMs: 600_000, sigma: 1.2 },
    deaths: 0.02,
    retry: {
      after: { kind: 'fixed', ms: 30_000 },
      factor: 1.5,
      waitMsMax: 300_000,
      attemptsMax: 10,
    },
    queue: { patience: { kind: 'exponential', meanMs: 30_000 } },
  });
  expect(second).toMatchObject({
    name: 'session 2',
    weight: 1,
    bundle: [
      { feature: 'mesh', count: 1 },
      { feature: 'view', count: 1 },
      { feature: 'solve', count: 3, version: '2024.10' },
    ],
    retry: { after: { kind: 'exponential', meanMs: 5_000 }, attemptsMax: 4 },
    queue: {},
  });
  expect(workload.polls[0]).toMatchObject({ features: ['solve', 'mesh', 'view'], monitors: 1 });
  expect(workload.storms).toEqual([{ atMs: 30_000, overMs: 2_000 }]);
});

const sessions = 'sessions: [ { checkout: a, hold: 1s } ]';

test.each([
  [
    'phases: [ { stedy: { rate: 1, for: 1s } } ]\n',
    'p:1:13: expected a phase (steady, soak, ramp, steps, spike, week), got "stedy"; did you mean steady?',
  ],
  [
    'phases: [ { steady: { rate: fast, for: 1s } } ]\n',
    'p:1:29: expected a rate such as 200/s or 90/m, got "fast"',
  ],
  [
    'phases: [ { steady: { rat: 1, for: 1s } } ]\n',
    'p:1:23: expected one of rate, for, got "rat"; did you mean rate?',
  ],
  ['phases: [ {} ]\n', 'p:1:11: expected "steady", a mapping, got nothing'],
  ['', 'p:1:1: expected one of phases, trace, closed, got none'],
  [
    'phases: [ { steady: { rate: 1, for: 1s } } ]\nclosed: { users: 1, think: 1s, for: 1s }\n',
    'p:2:1: expected one of phases, trace, closed, got phases and closed',
  ],
  ['trace: { for: 1s }\n', 'p:1:1: expected "at" or "file", got neither or both'],
  ['trace: { file: nowhere.txt, for: 1s }\n', 'expected a readable file'],
  ['closed: { users: 0, think: 1s, for: 1s }\n', 'p:1:18: expected at least 1, got 0'],
  ['closed: { users: 1, think: soon, for: 1s }\n', 'p:1:28: expected'],
  [
    'phases: [ { steady: { rate: 900000000, for: 100d } } ]\n',
    'p:1:1: expected at most 200000000 sessions',
  ],
  [
    'thresholds: [ p97<1ms ]\nphases: [ { steady: { rate: 1, for: 1s } } ]\n',
    'p:1:15: expected a threshold such as',
  ],
  ['phases: [ { steady: { rate: 1, for: 1s } }\n', 'expected YAML, got'],
  [
    'phases: [ { spike: { rate: 1, peak: 9, peakFor: 5s, for: 1s } } ]\n',
    'p:1:49: expected a peak within the 1s of its phase, got 5s',
  ],
  [
    'phases: [ { week: { rates: [1], hour: 0s, for: 1s } } ]\n',
    'p:1:39: expected hours of which at most 100000 are in 1s, got 0s',
  ],
  [
    'phases: [ { week: { rates: [1], for: 36525d } } ]\n',
    'expected hours of which at most 100000 are in 36525d, got 1h',
  ],
  [
    'storms: [ { at: 2s } ]\nphases: [ { steady: { rate: 1, for: 1s } } ]\n',
    'p:1:17: expected a time within the 1s of the load, got 2s',
  ],
  [
    'monitors: [ { ask: all, every: 0s } ]\nphases: [ { steady: { rate: 1, for: 1s } } ]\n',
    'p:1:32: expected more than nothing, got 0s',
  ],
])('%j is told with its place', (text, message) => {
  const parse = () => parseProfile('p', `${text}${sessions}\n`);
  expect(parse).toThrowError(expect.objectContaining({ code: 'LOAD_PROFILE' }));
  expect(parse).toThrowError(message);
});

test('everything that is wrong is told at once, with the line and a caret', () => {
  const text = 'phases: 5\nsessions:\n  - checkout: a\n    hodl: 1s\n';
  try {
    parseProfile('p', text);
    expect.unreachable('a wrong profile was read');
  } catch (error) {
    expect((error as KnownError).message.split('\n')).toEqual([
      'p:1:9: expected a list, got 5',
      '  1 | phases: 5',
      '    |         ^',
      expect.stringMatching(/^p:4:5: expected one of .*, got "hodl"; did you mean hold\?$/),
      '  4 |     hodl: 1s',
      '    |     ^',
    ]);
  }
});

test('measured times are read from a file beside the profile', () => {
  using folder = new Folder();
  folder.file('holds.txt', '# from a log\n1s\n2s  # twice\n\n2s\n');
  folder.file('starts.txt', '500ms\n0s\n');
  const text =
    'trace: { file: starts.txt, for: 1s }\nsessions: [ { checkout: a, hold: { file: holds.txt } } ]\n';
  const { workload } = parseProfile(folder.at('x.profile.yaml'), text);
  expect(workload.mix[0]!.hold).toEqual({ kind: 'empirical', valuesMs: [1_000, 2_000, 2_000] });
  expect(workload.sessions).toEqual({ kind: 'trace', atMs: [0, 500] });
  folder.file('holds.txt', '1s\nlong\n');
  expect(() => parseProfile(folder.at('x.profile.yaml'), text)).toThrowError(
    /x\.profile\.yaml:2:42: holds\.txt:2: expected a duration/,
  );
});

test('a quicker pace keeps what is in use, a smaller scale makes it less', () => {
  const { workload } = parseProfile('p', whole);
  const all = expectedSessions(workload)!;
  const quick = scaled(workload, { scale: 1, pace: 60 });
  expect(quick.durationMs).toBe(3_900);
  expect(expectedSessions(quick)).toBeCloseTo(all, 6);
  expect(quick.mix[0]!.hold).toEqual({ kind: 'lognormal', medianMs: 10_000, sigma: 1.2 });
  const small = scaled(workload, { scale: 0.1, pace: 1 });
  expect(expectedSessions(small)).toBeCloseTo(all / 10, 6);
  expect(small).toMatchObject({ users: 1, durationMs: 234_000 });
});

test.each([
  [{ feature: ['a'] }, /expected --rate .* or --think .*, got neither/],
  [{ feature: ['a'], rate: '1', think: '1s' }, /got both/],
  [{ rate: '1' }, /expected --feature, got none/],
  [{ feature: ['a:0'], rate: '1' }, /^--feature: expected a feature such as solve or solve:2/],
  [{ feature: ['a'], rate: '0' }, /^--rate: expected more than 0/],
  [{ feature: ['a'], rate: '1', duration: '0s' }, /^--duration: expected more than nothing/],
  [{ feature: ['a'], rate: '1', deaths: '200%' }, /^--deaths: expected a share such as 2%/],
  [{ feature: ['a'], rate: '1', retry: '1s,0' }, /^--retry: expected a wait and 1 or more/],
  [{ feature: ['a'], rate: '1', users: '0' }, /^--users: expected a whole number from 1/],
])('flags that make no sense are refused: %j', (flags, message) => {
  expect(() => workloadOfFlags(flags)).toThrowError(message);
});

test('flags say what a small profile says', () => {
  const { workload } = parseProfile(
    'p',
    'phases: [ { steady: { rate: 5/s, for: 2s } } ]\nsessions: [ { name: a+b:2, checkout: a+b:2, hold: exp:1s, retry: "1s,3" } ]\n',
  );
  const flags = { feature: ['a+b:2'], rate: '5/s', duration: '2s', hold: 'exp:1s', retry: '1s,3' };
  expect(workloadOfFlags(flags)).toEqual(workload);
});

const beside = 'sessions: [{ checkout: solve, hold: 1s }]\n';

test('times of a file may have comments and ends of lines of any kind', () => {
  using folder = new Folder();
  folder.file('times.txt', '\uFEFF100ms\r\n# a comment\r\n200ms # another\r\n\r\n');
  const file = folder.file('p.profile.yaml', `trace: { file: times.txt, for: 1s }\n${beside}`);
  expect(readProfile(file).workload.sessions).toMatchObject({ atMs: [100, 200] });
});

test('more times than a file may hold are told, and none is left out', () => {
  using folder = new Folder();
  folder.file('times.txt', '1ms\n'.repeat(1_000_001));
  const file = folder.file('p.profile.yaml', `trace: { file: times.txt, for: 1s }\n${beside}`);
  expect(() => readProfile(file)).toThrow('at most 1000000, got 1000001 of them');
});

test.each([
  [
    'trace: { at: [2s, 3s], for: 1s }',
    '1:29: expected times within the 1s of the load, got the first at 2s',
  ],
  [
    'phases: [{ steady: { rate: 1, for: 1s } }]\nchurn: 1e308',
    '2:1: expected at most 200000000 connections of churn',
  ],
  [
    'phases: [{ steady: { rate: 1, for: 1h } }]\nmonitors: [{ ask: all, every: 1ms, count: 10000 }]',
    '2:1: expected at most 200000000 questions of monitors, got 36000000000',
  ],
])('%s is more, or less, than a load can be', (stream, message) => {
  expect(() => parseProfile('p', `${stream}\n${beside}`)).toThrow(message);
});

test.each([
  [
    'x: &a { rate: 1, for: 1s }\nphases: [{ steady: *a }]',
    '2:20: expected no alias, got one; write it out',
  ],
  ['phases: []\n---\nphases: []', 'got: Source contains multiple documents\n'],
])('YAML that a profile cannot be is told in words for its author: %s', (text, message) => {
  expect(() => parseProfile('p', `${text}\n${beside}`)).toThrow(message);
});
