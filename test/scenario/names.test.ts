import { expect, test } from 'vitest';
import { loadScenario } from '../../src/scenario/loading.ts';
import { makeFile } from './make.ts';

test('names that stand for nothing are told before anything is run', () => {
  const file = makeFile(`name: nobody
servers:
  - { name: main, license: "SERVER this_host ANY\\nVENDOR acmed\\n" }
  - { name: main, license: "SERVER this_host ANY\\nVENDOR acmed\\n" }
faults: [{ on: refused, server: man }]
steps:
  - checkout: { feature: a, server: mian }
    expect: { granted: { from: other } }
  - kill: { server: nobody }
  - reread: { license: absent.lic, options: { acmed: absent.opt } }
  - exec: { run: env, env: { server: any }, server: sub }
`);
  const lines = loadScenario(file).problems.map(({ place, message }) => {
    return `${place.line}:${place.column} ${message}`;
  });
  const named = 'expected main, got';
  expect(lines).toEqual([
    '4:13 expected a name of its own for each server, got "main" again',
    `5:33 ${named} "man"; did you mean main?`,
    `7:37 ${named} "mian"; did you mean main?`,
    `8:32 ${named} "other"`,
    `9:21 ${named} "nobody"`,
    expect.stringMatching(/^10:24 .*absent\.lic: expected a readable file/),
    expect.stringMatching(/^10:54 .*absent\.opt: expected a readable file/),
    `11:53 ${named} "sub"`,
  ]);
});

test('vendor daemons that there are not are told before anything is run', () => {
  const file = makeFile(`name: nobody
servers:
  - license: "SERVER this_host ANY\\nVENDOR acmed\\n"
    options: { acmedd: 'NOLOG IN' }
steps:
  - reread: { options: { amced: 'NOLOG IN', ACMED: 'NOLOG IN' } }
  - kill: { daemon: other }
  - expect: { journal: { event: seatTaken, vendor: acme, never: true } }
  - checkout: { feature: a, vendor: nobodys }
    expect: denied
  - start: { options: { betad: 'NOLOG IN' }, license: "VENDOR betad\\n" }
`);
  const lines = loadScenario(file).problems.map(({ place, message }) => {
    return `${place.line}:${place.column} ${message}`;
  });
  const named = 'expected a vendor daemon of the scenario, acmed or betad, got';
  expect(lines).toEqual([
    `4:16 ${named} "acmedd"; did you mean acmed?`,
    `6:26 ${named} "amced"; did you mean acmed?`,
    `7:21 ${named} "other"`,
    `8:52 ${named} "acme"; did you mean acmed?`,
  ]);
});

test('a feature that no license has is not counted', () => {
  const license = 'VENDOR acmed\\nPACKAGE tools acmed 1.0 COMPONENTS=\\"solve mesh:2.0\\"\\n';
  const file = makeFile(`name: nothing
servers: [{ license: "${license}" }]
invariants: [{ inUse: { slove: { atMost: 2 } } }]
steps:
  - expect: { inUse: { Solve: 0, tools: 0 }, waiting: { mesh: 0, mehs: 0 } }
`);
  const told = loadScenario(file).problems.map(({ place, message }) => {
    return `${place.line}:${place.column} ${message}`;
  });
  const expected = 'expected a feature of the licenses, got';
  expect(told).toEqual([
    `3:25 ${expected} "slove"; did you mean solve?`,
    `5:66 ${expected} "mehs"; did you mean mesh?`,
  ]);
});
