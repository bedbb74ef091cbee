import { expect, test } from 'vitest';
import { loadScenario } from '../../src/scenario/loading.ts';
import { timelineLine } from '../../src/scenario/reporters/reporter.ts';
import type { StandModeName } from '../../src/scenario/stand-modes.ts';
import {
  exampleServer,
  indented,
  makeFile,
  makeFiles,
  problemsIn,
  runFiles,
  runSteps,
} from './make.ts';

const everything = `${exampleServer}seed: load
steps:
${indented(`- load: { feature: [solve, 'solve+mesh:2'], rate: 20/h, hold: exp:20m, for: 90m, retry: '5m,3', deaths: 20% }
  expect: { thresholds: ['denials>0', 'granted>5', 'failed<=0'], inUse: { solve: 0, mesh: 0 } }
- load: { feature: solve, users: 5, think: 1m, hold: 10m, for: 90m, queue: exp:20m }
  expect: { thresholds: ['queue_max<2h', 'abandoned>0', 'denied<=0'], inUse: { solve: 0 }, waiting: { solve: 0 } }`)}`;

test('a load tells the same on ledgers, over sockets and over processes', async () => {
  const file = makeFile(everything);
  const modes: readonly StandModeName[] = ['ledger', 'in-process', 'process'];
  const all = [];
  for (const mode of modes) {
    const { results } = await runFiles([file], { mode });
    expect(results[0]!.failure).toBeUndefined();
    all.push(results[0]!.timeline.map(timelineLine));
  }
  expect(all[0]!.length).toBeGreaterThan(100);
  expect(all[1]).toEqual(all[0]);
  expect(all[2]).toEqual(all[0]);
});

test('the seed of the run decides when sessions come; two loads of one scenario are two', async () => {
  const steps = (seed: string) =>
    `${exampleServer}seed: ${seed}\nsteps:\n${indented(
      Array.from(
        { length: 2 },
        () => '- load: { feature: mesh, rate: 60/h, hold: 1s, for: 1h, spacing: poisson }',
      ).join('\n'),
    )}`;
  const told = async (seed: string) => {
    const { results } = await runFiles([makeFile(steps(seed))], { mode: 'ledger' });
    return results[0]!.timeline.map(timelineLine).filter((line) => line.includes('sessions'));
  };
  const [first, again, other] = [await told('a'), await told('a'), await told('b')];
  expect(first).toHaveLength(2);
  expect(first).toEqual(again);
  expect(first).not.toEqual(other);
});

test('a bound that is broken fails the step, and says what there was', async () => {
  const { failure } = await runSteps(
    "- load: { feature: solve, rate: 60/h, spacing: uniform, hold: 1h, for: 1h }\n  expect: { thresholds: ['denied<1%', 'acquire_max<1s', 'queue_p50<1m'] }",
  );
  expect(failure).toMatchObject({
    expected: 'denied<1%, queue_p50<1m',
    got: '96.667 %, nothing measured',
  });
});

test('without a word about it nobody may fail to get an answer', async () => {
  const load = '- load: { feature: solve, rate: 6/h, hold: 1m, for: 1h }';
  expect((await runSteps(load)).failure).toBeUndefined();
  const { failure } = await runSteps(`- kill: { server: main }\n${load}`);
  expect(failure).toMatchObject({ expected: 'failed<=0' });
});

test('retries without end are bounded', async () => {
  const { failure } = await runSteps(
    "- checkout: { feature: solve, count: 2 }\n- load: { feature: solve, users: 60, think: 1s, hold: 1s, for: 1h, retry: '1ms' }",
    '',
    { mode: 'ledger' },
  );
  expect(failure).toMatchObject({ expected: 'a load of at most 20000 events', got: 'more' });
});

test('words that do not go together are told at the step, before anything runs', () => {
  const problems = problemsIn(`${exampleServer}steps:
  - load: { feature: solve, for: 1h }
  - load: { feature: solve, rate: 1/s, think: 1s, for: 1h }
  - load: { feature: solve, rate: 1/s, for: 2h }
  - load: { feature: 'solve:0', rate: 1/s, for: 1m }
  - load: { feature: solve, rate: 1/s, for: 1m, hold: often }
  - load: { feature: solve, rate: 1/s, for: 1m, rtry: 1s }
  - load: { feature: solve, rate: 1/m, for: 0s }
  - load: { feature: solve, rate: 1/m, for: 1m }
    expect: { thresholds: ['p98<1s'] }
`);
  const told = problems.map(({ place, message }) => `${place.line}:${place.column} ${message}`);
  expect(told).toEqual([
    expect.stringMatching(/^10:\d+ expected rate .* or think .*, got neither/),
    expect.stringMatching(/^11:\d+ expected rate .*, got both/),
    expect.stringMatching(/^12:\d+ expected a load of at most 2000 sessions, got 7200/),
    expect.stringMatching(/^13:22 expected a feature such as solve/),
    expect.stringMatching(/^14:55 expected a duration such as 500ms/),
    expect.stringMatching(/^15:49 .*did you mean retry\?/),
    '16:11 for: expected more than nothing, got "0s"',
    expect.stringMatching(/^18:28 expected a threshold such as p99<5ms.*"p98<1s"/),
  ]);
  const load = 'load: { feature: solve, rate: 1/m, for: 1m, server: mian }';
  const [other] = problemsIn(`${exampleServer}steps:\n  - ${load}\n`);
  expect(other!.message).toContain('expected main, got "mian"');
});

const night = `name: night
spacing: uniform
sessions:
  - { checkout: solve, hold: 1m }
phases:
  - steady: { rate: 30/h, for: 2h }
thresholds: ['granted>50', 'acquire_max<1s']
`;

function scenarioWith(profile: string, load = '{ profile: night.profile.yaml }'): string {
  const text = `${exampleServer}steps:\n${indented(`- load: ${load}`)}`;
  return makeFiles({ 'night.profile.yaml': profile, 'test.yaml': text })('test.yaml');
}

test('a load may be a profile beside the scenario, whose thresholds are expected', async () => {
  const kept = await runFiles([scenarioWith(night)], { mode: 'ledger' });
  expect(kept.results[0]!.failure).toBeUndefined();
  const text = kept.results[0]!.timeline.map(timelineLine).join('\n');
  expect(text).toContain('load of night.profile.yaml');
  const strict = night.replace('granted>50', 'granted>2000');
  const missed = await runFiles([scenarioWith(strict)], { mode: 'ledger' });
  expect(missed.results[0]!.failure).toMatchObject({ expected: 'granted>2000' });
});

test('what is wrong with a profile is told at its place there, before anything runs', () => {
  const file = scenarioWith(night.replace('hold: 1m', 'hold: 10q'));
  const { problems, sources } = loadScenario(file);
  expect(problems).toHaveLength(1);
  const [{ place, message }] = problems as [(typeof problems)[number]];
  expect(place).toMatchObject({ file: file.replace('test.yaml', 'night.profile.yaml'), line: 4 });
  expect(message).toMatch(/^expected/);
  expect(sources.get(place.file)).toContain('10q');
});

test.each([
  [night, '{ profile: absent.profile.yaml }', /absent.profile.yaml: expected a readable file/],
  [night, '{ profile: night.profile.yaml, rate: 6/h }', /^expected a profile and .* got rate$/],
  [night, '{ rate: 6/h }', /^expected feature and for, or a profile/],
  [`${night}churn: 1/s\n`, undefined, /^expected a profile of sessions alone/],
  [
    night.replace('rate: 30/h', 'rate: 30000/h'),
    undefined,
    /^expected a load of at most \d+ sessions/,
  ],
])('a load that cannot be is told at the step: %#', (profile, load, message) => {
  const { problems } = loadScenario(scenarioWith(profile, load));
  expect(problems.map((each) => each.message)).toEqual([expect.stringMatching(message)]);
  expect(problems[0]!.place.file).toMatch(/test\.yaml$/);
});
