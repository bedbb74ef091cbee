import { expect, test } from 'vitest';
import { renderProblem } from '../../src/documents/problems.ts';
import { makeFile, problemsIn, runFiles } from './make.ts';

/** Thirty mistakes; each line that has one says behind # where and what is told of it. */
const wrong = `nam: thirty mistakes                        # 1 did you mean name?
clock: tomorrow                              # 8 expected a time
vars: { 1st: 2 }                             # 9 expected a name of letters
matrix: { size: 3 }                          # 17 expected a list
invariants: [{ inUze: { a: 1 } }]            # 16 did you mean inUse?
faults: [crush]                              # 10 did you mean crash?
servers:
  - licence: x.lic                           # 5 did you mean license?
  - license: ''                              # 14 got an empty text
    lenient: maybe                           # 14 expected true or false
  - license: absent.lic                      # 14 expected a readable file
    port: 27000                              # 5 got "port"
steps:
  - chekout: { feature: a }                  # 5 did you mean checkout?
  - checkout: { featur: a }                  # 17 did you mean feature?
  - checkout: { feature: a, user: ann }      # 35 expected USER@HOST
  - checkout: { feature: a, count: 0 }       # 36 expected at least 1
  - checkout: { feature: a, count: many }    # 36 expected a number
  - checkout: { feature: a }
    expect: grantd                           # 13 did you mean granted?
  - checkout: { feature: a }
    expect: { denied: 4 }                    # 23 expected at most -1
  - checkout: { feature: a }
    expect: { contains: text }               # 15 got "contains"
  - advance: soon                            # 14 expected a duration
  - at: 25:00                                # 9 expected a time such as 18:00
    advance: 1h
  - lmutil: lmstat -a
    expect: { matches: '(' }                 # 24 expected a regular expression
  - checkin: ann@h1
    checkout: { feature: a }                 # 5 expected one step
  - kill: { klient: ann@h1 }                 # 13 did you mean client?
  - repeat: { times: 2, steps: [{ advnce: 1h }] }  # 35 did you mean advance?
  - repeat: { steps: [] }                    # 13 expected "times"
  - expect: { inUse: { a: -1 } }             # 27 expected
  - expect: { journal: { event: seatTakn } } # 33 did you mean seatTaken?
  - checkout: { feature: '\${size}' }         # 26 expected a variable
  - nothing                                  # 5 expected a mapping
`;

test('a file with thirty mistakes is told of each, at its place, in one run', () => {
  const problems = problemsIn(wrong);
  const wanted = wrong.split('\n').flatMap((line, index) => {
    const [, column, text] = /# (\d+) (.*)$/.exec(line) ?? [];
    return column === undefined ? [] : [{ line: index + 1, column: Number(column), text: text! }];
  });
  expect(wanted.length).toBe(30);
  for (const { line, column, text } of wanted) {
    const there = problems.filter(({ place }) => place.line === line);
    expect(
      there.map(({ place, message }) => `${place.column} ${message}`).join('\n'),
      `line ${line}`,
    ).toContain(text);
    expect(
      there.map(({ place }) => place.column),
      `line ${line}: ${text}`,
    ).toContain(column);
  }
  expect(problems.map(({ place, message }) => `${place.line}: ${message}`)).toHaveLength(30);
});

test('a text that is no YAML is told where it stops to be', () => {
  const problems = problemsIn('name: a\nsteps: [\n');
  expect(problems[0]?.message).toContain('expected YAML');
  expect(problems[0]?.place.line).toBeGreaterThan(1);
});

test('a mistake is shown with its line and a caret under it', () => {
  const text = 'name: a\nservrs: []\n';
  const problem = { place: { file: 'x.yaml', line: 2, column: 1 }, message: 'expected b' };
  expect(renderProblem(problem, text)).toBe('x.yaml:2:1: expected b\n  2 | servrs: []\n    | ^\n');
});

test('a broken file keeps no other from being run', async () => {
  const good = makeFile(`name: good
servers: [{ license: "SERVER this_host ANY\\nVENDOR acmed\\nINCREMENT a acmed 1.0 permanent 1 SIGN=00\\n" }]
steps: [{ checkout: { feature: a } }]
`);
  const { results, summary } = await runFiles([makeFile('name: bad\n'), good]);
  expect(results.map(({ status }) => status)).toEqual(['broken', 'passed']);
  expect(summary).toMatchObject({ passed: 1, failed: 0, broken: 1 });
});

test('what a file has of control characters reaches no terminal', () => {
  const text = 'name: \u001b[2Jgone\nservers: \u0007\n';
  const [problem] = problemsIn(text.replace('name: ', 'nam: '));
  const shown = renderProblem(problem!, text);
  expect(shown).toContain('name: ?[2Jgone');
  expect(shown.replaceAll('\n', '')).not.toMatch(/[\u0000-\u001f]/);
});

test('a step may be nothing but a note, and not nothing', () => {
  const steps = (step: string) =>
    problemsIn(`name: a
servers: [{ license: "SERVER this_host ANY\\nVENDOR acmed\\n" }]
steps: [${step}]
`).map(({ message }) => message);
  expect(steps('{ note: the morning }')).toEqual([]);
  expect(steps('{}')).toHaveLength(1);
  expect(steps('{ within: 5m }')).toEqual([expect.stringMatching(/^expected a step .* got none$/)]);
});

test('what a step has beside its mistake does not hide it', () => {
  const lines = problemsIn(`name: a
servers: [{ license: "SERVER this_host ANY\\nVENDOR acmed\\n" }]
steps:
  - { checkout: { feature: 5 }, note: in the morning }
  - { checkout: { feature: 5 }, at: '18:00' }
  - { checkout: { count: 1 }, expect: { inUse: { a: 1 } } }
  - { checkout: { feature: a }, expect: { granted: yes, exit: 3 } }
  - { idle: ann, note: at noon }
  - repeat: { times: 2, steps: [{ checkout: {}, note: again }] }
`).map(({ place, message }) => `${place.line}:${place.column} ${message}`);
  expect(lines).toEqual([
    '4:28 expected a text, got 5',
    '5:28 expected a text, got 5',
    '6:17 expected "feature", a text, got nothing',
    '7:52 expected true, got "yes"',
    expect.stringMatching(/^7:57 expected one of granted, denied, .*, got "exit"$/),
    '8:13 expected USER@HOST such as ann@ws1, got "ann"',
    '9:45 expected "feature", a text, got nothing',
  ]);
});

test('words that do not go together are told', () => {
  const licenses = (most: string) =>
    `{ requests: { licenses: { flexlm/a: 4 } }, limits: { licenses: { ${most} } } }`;
  const lines = problemsIn(`name: a
servers: [{ license: "SERVER this_host ANY\\nVENDOR acmed\\n" }]
steps:
  - checkout: { feature: a, users: 2, user: ann@ws1 }
  - kill: { client: ann@ws1, daemon: acmed }
  - kill: { client: ann@ws1, server: server }
  - kill: { feature: a }
  - job: { resources: ${licenses('flexlm/a: 2')} }
  - job: [{ resources: ${licenses('flexlm/a: 4, flexlm/b: 1')} }]
`).map(({ place, message }) => `${place.line} ${message}`);
  expect(lines).toEqual([
    '4 expected user or users, got both',
    '5 expected a client or a daemon, got both',
    '6 expected a client or a server, got both',
    '7 expected the client that holds it beside it, got none',
    '8 expected at least 4, got 2',
    '9 expected a feature of the requests, got "flexlm/b"',
  ]);
});

test('a text with a colon in it is told to need quotes', () => {
  expect(problemsIn('name: one: two\n')[0]?.message).toMatch(/needs quotes$/);
});

test('a mistake that each row of a matrix has is told once, and is one in each', () => {
  const problems = problemsIn(`name: a
matrix: { seats: [1, 2, 3] }
servers: [{ lcense: one.lic }]
steps: [{ advance: 1h }]
`);
  expect(problems.map(({ place: { line, column }, message }) => [line, column, message])).toEqual([
    [3, 13, expect.stringContaining('license')],
  ]);
});

test('a number beyond every bound is told once, with the nearest', () => {
  const text = wrong.replace(
    /steps:[\s\S]*/,
    'steps:\n  - checkout: { feature: a, count: 99999999999999999999 }\n',
  );
  const there = problemsIn(text).filter(({ message }) => message.includes('at most'));
  expect(there.map(({ message }) => message)).toEqual([
    'expected at most 1000000, got 100000000000000000000',
  ]);
});
