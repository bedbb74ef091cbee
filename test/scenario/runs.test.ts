import { describe, expect, test } from 'vitest';
import { loadScenario } from '../../src/scenario/loading.ts';
import { failureLines } from '../../src/scenario/reporters/reporter.ts';
import {
  exampleServer,
  exampleTriad,
  indented,
  makeFile,
  makeFiles,
  runFiles,
  runSteps,
} from './make.ts';

test('what is to come by the end may come in any later step', async () => {
  const wish = '- expect: { journal: { event: seatReturned, user: ann@ws1, eventually: true } }';
  const taken = `- checkout: { feature: solve, user: ann@ws1 }\n${wish}\n- advance: 1h`;
  expect(await runSteps(`${taken}\n- checkin: ann@ws1`)).toMatchObject({ status: 'passed' });
  const { failure } = await runSteps(taken);
  expect(failure).toMatchObject({
    place: { line: 11 },
    expected: 'seatReturned user=ann@ws1 at least 1 times by the end',
    got: '0 times',
  });
});

test('a program of several lines is shown by its first, and a file may be empty', async () => {
  const files = '{ empty: "" }';
  const { failure, timeline } = await runSteps(
    `- exec: { run: "test ! -s empty\\nexit 3", files: ${files} }`,
  );
  expect(failure).toMatchObject({ step: 'exec test ! -s empty ...' });
  expect(timeline.map(({ text }) => text).join()).toContain('exec test ! -s empty ... -> exit 3');
});

test('with `within`, what is to come has that long only', async () => {
  const steps = `- checkout: { feature: solve, user: ann@ws1 }
- expect: { journal: { event: seatReturned, eventually: true } }
  within: 5m
- checkin: ann@ws1`;
  expect((await runSteps(steps)).failure).toMatchObject({ place: { line: 11 } });
});

test('an order that is to come, and an invariant that is to have come by the end', async () => {
  const order = `- expect: { journal: { order: [{ event: seatTaken }, { event: seatReturned }], eventually: true } }
- checkout: { feature: solve, user: ann@ws1 }
- checkin: ann@ws1`;
  const invariant = (event: string) =>
    `invariants: [{ journal: { event: ${event}, eventually: true } }]\n`;
  expect(await runSteps(order, invariant('seatReturned'))).toMatchObject({ status: 'passed' });
  expect(await runSteps(order, invariant('seatKept'))).toMatchObject({ status: 'failed' });
});

/** One of two checkouts is refused, whichever. */
const byChance = `${exampleServer.replace('permanent 2', 'permanent 99')}faults: [denied code=-4 probability=1/2]
steps:
${indented(`- repeat: { times: 30, steps: [{ checkout: { feature: solve, version: 1.0 }, expect: { granted: { atLeast: 0 } } }, { note: next }] }`)}`;

test.each(['in-process', 'process'] as const)(
  'faults that are left to chance follow the seed of the run: %s',
  async (mode) => {
    const file = makeFile(byChance);
    const outcomes = async (seed: string): Promise<string> => {
      const { results } = await runFiles([file], { seed, mode });
      return results[0]!.timeline
        .filter(({ text }) => text.startsWith('checkout'))
        .map(({ text }) => (text.includes('granted') ? '.' : 'x'))
        .join('');
    };
    const first = await outcomes('one');
    expect(first).toMatch(/^(?=.*x)(?=.*\.).{30}$/);
    expect(await outcomes('one')).toBe(first);
    expect(await outcomes('two')).not.toBe(first);
  },
  60_000,
);

test('--retry tries again what failed, and tells that it had to', async () => {
  const folder = makeFiles({ 'main.yaml': '' });
  const marker = folder('marker');
  const file = makeFile(`${exampleServer}steps:
  - exec: 'test -f ${marker} || { touch ${marker}; exit 1; }'
`);
  const { results, summary } = await runFiles([file], { retry: 1 });
  expect(results[0]).toMatchObject({ status: 'passed', tries: 2 });
  expect(summary).toMatchObject({ passed: 1, failed: 0 });
  const hopeless = makeFile(`${exampleServer}steps:\n  - exec: exit 1\n`);
  const failed = await runFiles([hopeless], { retry: 2 });
  expect(failed.results[0]).toMatchObject({ status: 'failed', tries: 3 });
});

test('a license that is borrowed outlives its application, comes back in time, or early', async () => {
  const license = exampleServer.replace('permanent 2 SIGN', 'permanent 2 BORROW SIGN');
  const file = makeFile(`${license}clock: 2030-01-07T09:00
steps:
  - checkout: { feature: solve, user: ann@laptop, borrow: 20h }
  - checkout: { feature: solve, user: ben@laptop, borrow: '8-jan-2030:18:30' }
  - kill: { client: ann@laptop }
    expect: { inUse: { solve: 2 } }
  - lmutil: { run: lmborrow -return solve, as: ann@laptop }
    expect: { inUse: { solve: 1 }, journal: { event: seatReturned, user: ann@laptop, reason: returnedEarly } }
  - at: 2030-01-08T18:00
    expect: { inUse: { solve: 1 } }
  - at: 2030-01-08T18:31
    expect: { inUse: { solve: 0 }, journal: { event: seatReturned, user: ben@laptop, reason: borrowEnded } }
`);
  for (const mode of ['in-process', 'process'] as const) {
    const { results } = await runFiles([file], { mode });
    expect(results.flatMap(failureLines).join('\n'), mode).toBe('');
    expect(results[0]?.status).toBe('passed');
  }
  const wrong = makeFile(`${license}steps:\n  - checkout: { feature: solve, borrow: soon }\n`);
  expect(loadScenario(wrong).problems.map(({ message }) => message)).toEqual([
    'expected a duration such as 20h or 3d, or an end such as 9-mar-2031:18:30, got "soon"',
  ]);
});

test('policies change at a time of the day, by files that stand beside the scenario', async () => {
  const folder = makeFiles({
    'day.yaml': `${exampleServer}clock: 2030-01-07T17:30
steps:
  - checkout: { feature: solve, user: ann@ws1 }
  - at: 18:00
    reread: { license: night.lic, options: { acmed: night.opt } }
  - checkout: { feature: solve, user: ben@ws2 }
    expect: { denied: -39, holds: { ann@ws1: solve } }
  - checkout: { feature: solve, user: batch@node1, count: 4 }
  - at: '06:00'
    reread: { options: { acmed: day.opt } }
  - checkout: { feature: solve, user: ben@ws2 }
    expect: { granted: 1, inUse: { solve: 6 }, log: { contains: 'Rereading options file' } }
`,
    'night.opt': 'INCLUDE solve USER batch\n# the night shift\n',
    'day.opt': '# everybody\n\n',
    'night.lic': `SERVER this_host ANY
VENDOR acmed
INCREMENT solve acmed 2030.0 permanent 9 SIGN=00
INCREMENT mesh acmed 2030.0 permanent 5 SIGN=00
`,
  });
  for (const mode of ['in-process', 'process'] as const) {
    const { results } = await runFiles([folder('day.yaml')], { mode });
    expect(results.flatMap(failureLines).join('\n'), mode).toBe('');
    expect(results[0]?.status, mode).toBe('passed');
  }
});

test('a time that has passed cannot be waited for', async () => {
  const steps = '- at: 2030-01-07T18:00\n- { at: 2029-01-07T18:00, note: last year }';
  expect((await runSteps(steps, 'clock: 2030-01-07T09:00\n')).failure).toMatchObject({
    place: { line: 12 },
    expected: 'a time from 2030-01-07T18:00:00.000Z on',
    got: '2029-01-07T18:00:00.000Z',
  });
});

test('a server that runs is not started, one that is down neither stopped nor killed', async () => {
  const failures = [
    ['- start: { server: main }', 'server main to be down', 'one that runs'],
    ['- stop: {}\n- stop: {}', 'server main to be up', 'one that is down'],
    [
      '- kill: { server: main }\n- kill: { server: main }',
      'server main to be up',
      'one that is down',
    ],
  ] as const;
  for (const [steps, expected, got] of failures) {
    expect((await runSteps(steps)).failure, steps).toMatchObject({ expected, got });
  }
});

describe.each(['in-process', 'process'] as const)('faults, %s', (mode) => {
  test('one is taken back by its name or id, or all are', async () => {
    const steps = `- fault: denied code=-4
- fault: expired user=nobody id=other
- fault: { off: denied }
- checkout: { feature: solve }
- fault: { off: other }
- fault: denied code=-10 first=1
- checkout: { feature: solve }
  expect: { denied: -10 }
- fault: { off: all }
  note: over, but not taken back
- checkout: { feature: solve }`;
    const result = await runSteps(steps, '', { mode });
    expect(failureLines(result)).toEqual([]);
  });

  test('what is not in force cannot be taken back, and the line is told', async () => {
    const mistakes = [
      ['- fault: { off: all }', 10, 'a fault in force at main', 'none'],
      [
        '- fault: refused\n- fault: { off: refsed }',
        11,
        'the fault refsed in force at main',
        'refused; did you mean refused?',
      ],
      [
        '- fault: slow\n- fault: { off: all }\n- fault: { off: slow }',
        12,
        'the fault slow in force at main',
        'none',
      ],
      [
        '- fault: slow\n- stop: {}\n- start: {}\n- fault: { off: slow }',
        13,
        'the fault slow in force at main',
        'none',
      ],
    ] as const;
    for (const [steps, line, expected, got] of mistakes) {
      const { failure } = await runSteps(steps, '', { mode });
      expect(failure, steps).toMatchObject({ place: { line }, expected, got });
    }
    const servers = `name: apart\n${exampleTriad}`;
    const steps = '- partition: one|two,three\n- heal: {}\n- heal: {}';
    const { failure } = await runSteps(steps, '', { mode, servers });
    expect(failure).toMatchObject({
      place: { line: 14 },
      expected: 'a partition in force',
      got: 'none',
    });
  });
});

test('a log that a server does not have is missed, and is looked for in its folder only', async () => {
  const { failure } = await runSteps('- expect: { log: { file: acmed.log, contains: OUT } }');
  expect(failure).toMatchObject({ expected: 'a log acmed.log', got: 'none' });
  const { problems } = await runSteps('- expect: { log: { file: ../main/acmed.log } }');
  expect(problems.map(({ message }) => message)).toEqual([
    expect.stringMatching(/^expected the name of a file in the folder of the run, without \.\./),
  ]);
});

test('a job that gets no licenses fails its scenario, unless that is expected', async () => {
  const job = '- job: { resources: { requests: { licenses: { flexlm/solve: 3 } } }, timeout: 5m }';
  expect((await runSteps(job)).failure).toMatchObject({ expected: 'all jobs to start' });
  const expected = `${job}\n  expect: { ended: { job: timedOut } }`;
  expect(await runSteps(expected)).toMatchObject({ status: 'passed' });
});

test('parallel rows are told in an order that no race decides, each as deep as it stands', async () => {
  const steps = `- parallel:
    - - advance: 2h
      - checkout: { feature: mesh, user: ann@ws1 }
    - - checkout: { feature: solve, user: ben@ws2 }
    - - advance: 1h
      - checkout: { feature: mesh, user: cat@ws3 }`;
  const told = async (): Promise<readonly string[]> => {
    const { timeline } = await runSteps(steps);
    return timeline.map(({ at, kind, depth = '', text }) => {
      return `${new Date(at).getUTCHours()} ${kind} ${depth} ${text.split(' ->')[0]}`;
    });
  };
  expect(await told()).toEqual([
    '9 step 0 3 rows in parallel',
    '9 step 1 advance 2h',
    '9 step 1 checkout solve for ben@ws2',
    '9 step 1 advance 1h',
    '9 event  acmed: OUT solve for ben@ws2',
    expect.stringMatching(/step 1 checkout mesh for (ann|cat)/),
    ...Array.from({ length: 3 }, () => expect.any(String)),
  ]);
});

describe('what lint has against a license is told with a failure, at its place', () => {
  const wrong = exampleServer.replace('INCREMENT solve', 'INCREMNET solve');
  const steps = 'steps:\n  - checkout: { feature: solve, user: ann@ws1 }\n';
  const said = 'got INCREMNET; did you mean INCREMENT? [unknown-statement]';

  test('in the scenario file', async () => {
    const file = makeFile(wrong + steps);
    const { results } = await runFiles([file]);
    const told = [expect.stringContaining(`${file}:7:7: expected SERVER,`)];
    expect(results[0]!.failure?.license).toEqual(told);
    expect(results[0]!.failure?.license?.[0]).toContain(said);
    const lines = failureLines(results[0]!);
    expect(lines.slice(lines.indexOf('license:'))[1]).toContain(said);
  });

  test('in a file of its own, and once for servers that share it', async () => {
    const license =
      'SERVER this_host ANY\nVENDOR acmed\n\n  INCREMNET solve acmed 2.0 permanent 1 SIGN=00\n';
    const servers = 'servers: [{ license: a.lic }, { name: b, license: a.lic }]\n';
    const at = makeFiles({ 'test.yaml': `name: own\n${servers}${steps}`, 'a.lic': license });
    const { results } = await runFiles([at('test.yaml')]);
    expect(results[0]!.failure?.license).toEqual([expect.stringContaining(`${at('a.lic')}:4:3: `)]);
  });

  test('of a step that brings another license, too', async () => {
    const license =
      'SERVER this_host ANY\nVENDOR acmed\nINCREMNET solve acmed 2.0 permanent 1 SIGN=0\n';
    const steps = `steps:
  - repeat:
      times: 1
      steps:
        - reread:
            license: |
              SERVER this_host ANY
              VENDOR acmed
              FEATRUE solve acmed 2.0 permanent 1 SIGN=0
  - stop: {}
  - start: { license: night.lic }
  - checkout: { feature: solve, user: ann@ws1 }
`;
    const at = makeFiles({ 'test.yaml': exampleServer + steps, 'night.lic': license });
    const { results } = await runFiles([at('test.yaml')]);
    const line =
      `${exampleServer}${steps}`.split('\n').findIndex((text) => /FEATRUE/.test(text)) + 1;
    expect(results[0]!.failure?.license).toEqual([
      expect.stringContaining(`${at('test.yaml')}:${line}:15: `),
      expect.stringContaining(`${at('night.lic')}:3:1: `),
    ]);
  });

  test('and where all went well or the license is well nothing is told', async () => {
    const fine = wrong + steps.replace('solve', 'mesh');
    const { results } = await runFiles([
      makeFile(fine),
      makeFile(exampleServer + steps.replace('solve', 'none')),
    ]);
    expect(results.map(({ status }) => status)).toEqual(['passed', 'failed']);
    expect(results[1]!.failure).not.toHaveProperty('license');
  });
});

test('a fault of a feature that no license has is told with a failure, at its place', async () => {
  const faults = 'faults: [slow latency=1ms feature=slove, slow latency=1ms feature=mesh]\n';
  const steps = `steps:
  - fault: { on: denied feature=solvs code=-4 }
  - fault: denied feature=mehs code=-4
  - fault: { off: all }
  - checkout: { feature: solve, user: ann@ws1 }
    expect: { denied: -4 }
`;
  const file = makeFile(exampleServer + faults + steps);
  const { results } = await runFiles([file]);
  const first = exampleServer.split('\n').length;
  const said = (name: string, meant: string): string =>
    `expected feature= of the licenses, got "${name}", which none has; did you mean ${meant}?`;
  expect(results[0]!.failure?.license).toEqual([
    `${file}:${first}:10: slow: ${said('slove', 'solve')}`,
    `${file}:${first + 2}:18: denied: ${said('solvs', 'solve')}`,
    `${file}:${first + 3}:12: denied: ${said('mehs', 'mesh')}`,
  ]);
});
