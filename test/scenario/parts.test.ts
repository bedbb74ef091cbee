import { expect, test } from 'vitest';
import { loadScenario } from '../../src/scenario/loading.ts';
import { failureLines, problemTexts } from '../../src/scenario/reporters/reporter.ts';
import { exampleServer, makeFiles, runFiles } from './make.ts';

/** What is wrong in a file, as `LINE:COLUMN MESSAGE`, with the file's own name where it is another. */
function told(file: string): readonly string[] {
  const { problems } = loadScenario(file);
  return problems.map(({ place, message }) => {
    const other = place.file === file ? '' : `${place.file.split('/').at(-1)}:`;
    return `${other}${place.line}:${place.column} ${message}`;
  });
}

test('a part is taken where it is included, with variables of its own, and files beside it', async () => {
  const folder = makeFiles({
    'main.yaml': `${exampleServer}vars: { user: ben@ws2 }
steps:
  - include: parts/morning.part.yaml
    with: { user: ann@ws1 }
  - include: parts/morning.part.yaml
  - repeat: { times: 1, steps: [{ include: parts/evening.part.yaml }] }
  - expect: { holds: { ann@ws1: [solve], ben@ws2: [solve] }, counts: { solve: { denied: 1 } } }
`,
    'parts/morning.part.yaml': `- checkout: { feature: solve, user: '\${user}' }\n`,
    'parts/evening.part.yaml': `- include: deeper/evening.part.yaml\n`,
    'parts/deeper/evening.part.yaml': `- reread: { options: { acmed: night.opt } }
- checkout: { feature: solve, user: cat@ws3 }
  expect: { denied: -38 }
`,
    'parts/deeper/night.opt': 'EXCLUDE solve USER cat\n# the night\n',
  });
  const { results } = await runFiles([folder('main.yaml')]);
  expect(results.flatMap(failureLines).join('\n')).toBe('');
  expect(results.flatMap(problemTexts)).toEqual([]);
  expect(results.map(({ status }) => status)).toEqual(['passed']);
});

test('servers are included, too; a failure in a part is told at its place there', async () => {
  const folder = makeFiles({
    'main.yaml': `name: two servers
servers: [{ include: servers.part.yaml }]
steps: [{ include: steps.part.yaml }]
`,
    'servers.part.yaml': ['one', 'two']
      .map(
        (name) => `- name: ${name}
  license: |
    SERVER this_host ANY
    VENDOR acmed
    INCREMENT solve acmed 2030.0 permanent 1 SIGN=00
`,
      )
      .join(''),
    'steps.part.yaml': `- checkout: { feature: solve, users: 2 }
- checkout: { feature: solve, user: cat@ws3, server: two }
`,
  });
  const { results } = await runFiles([folder('main.yaml')]);
  expect(results[0]).toMatchObject({
    status: 'failed',
    failure: { place: { file: folder('steps.part.yaml'), line: 2, column: 3 } },
  });
});

test('what is wrong with a part is told at its place there, with its line', async () => {
  const folder = makeFiles({
    'main.yaml': `${exampleServer}steps:
  - include: absent.part.yaml
  - include: steps.part.yaml
    with: { user: ann@ws1 }
  - include: mapping.part.yaml
  - include: torn.part.yaml
  - include: circle.part.yaml
  - include: 7
`,
    'steps.part.yaml': `- chekout: { feature: solve }
- checkout: { feature: solve, user: '\${usr}' }
`,
    'mapping.part.yaml': 'steps: []\n',
    'torn.part.yaml': '- checkout: { feature: [\n',
    'circle.part.yaml': '- include: second.part.yaml\n',
    'second.part.yaml': '\n- include: circle.part.yaml\n',
  });
  const lines = told(folder('main.yaml'));
  const wanted = [
    /^10:14 .*absent\.part\.yaml: expected a readable file/,
    /^16:14 expected a text, got 7/,
    /^circle\.part\.yaml:1:1|^second\.part\.yaml:2:12 expected no circle, got .* -> .*circle/,
    /^mapping\.part\.yaml:1:1 expected a list/,
    /^steps\.part\.yaml:1:3 .*did you mean checkout/,
    /^steps\.part\.yaml:2:37 expected a variable, got \$\{usr\}/,
    /^torn\.part\.yaml:\d+:\d+ expected YAML/,
  ];
  for (const one of wanted) expect(lines.join('\n')).toMatch(new RegExp(one, 'm'));
  expect(lines).toHaveLength(wanted.length);
  const { results } = await runFiles([folder('main.yaml')]);
  expect(results.flatMap(problemTexts).join('')).toContain('1 | - chekout: { feature: solve }');
});

test('parts that multiply come to an end', () => {
  const list = (name: string) => `- include: ${name}.part.yaml\n`.repeat(10);
  const folder = makeFiles({
    'main.yaml': `${exampleServer}steps:\n  - include: a.part.yaml\n`,
    ...{ 'a.part.yaml': list('b'), 'b.part.yaml': list('c'), 'c.part.yaml': list('d') },
    'd.part.yaml': '- advance: 1s\n'.repeat(10),
  });
  expect(told(folder('main.yaml')).join('\n')).toMatch(/expected at most 1000 includes, got more/);
});
