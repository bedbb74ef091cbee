import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { KnownError } from '../../src/base/errors.ts';
import { Rng } from '../../src/base/rng.ts';
import { renderProblem } from '../../src/documents/problems.ts';
import { parseProfile } from '../../src/load/profile.ts';
import { loadScenario } from '../../src/scenario/loading.ts';
import { caseTotalOf, FuzzCases } from '../fuzz-cases.ts';
import { mutated } from './mutations.ts';

const cases = new FuzzCases(caseTotalOf(400));
const seed = process.env['FAUXLM_SEED'] ?? 'documents';
const timeout = 120_000 + cases.total * 50;

/** Every scenario and profile of ours, and what tends to break readers of YAML. */
const corpus = [
  ...readdirSync('scenarios', { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.yaml'))
    .map((name) => readFileSync(join('scenarios', name), 'utf8').slice(0, 4_000)),
  'a: &a [*a]\n',
  'a: &a {b: &b [1, 2]}\nc: [*a, *b, *a]\nd: *c\n',
  `${'['.repeat(300)}${']'.repeat(300)}\n`,
  `${'- '.repeat(300)}x\n`,
  '? [a, {b: c}]\n: !!binary aGVsbG8=\n--- \n...\n%YAML 1.1\n',
  'name: !!js/function "x"\n__proto__: {a: 1}\nconstructor: {prototype: 1}\n',
];

const splinters = [
  ...['\n', '\r\n', '\t', '  ', '- ', ': ', '? ', '&a ', '*a', '<<: *a', '!!map ', '|2-\n', '>+\n'],
  ...[
    '---\n',
    '...\n',
    '%TAG ! x\n',
    '"',
    "'",
    '{',
    '}',
    '[',
    ']',
    ',',
    '#',
    '\0',
    '\ufeff',
    '\u2028',
  ],
  ...[
    'steps:\n',
    'expect:',
    'granted',
    'include: x',
    'with: {',
    'repeat: { times: 1e9 }',
    'matrix:',
  ],
  ...[
    '${',
    '$' + '{x}',
    'times: 1000000',
    '1e309',
    '.nan',
    '-0',
    '0o17',
    '2030-02-31',
    '25:61',
    'null',
    '~',
  ],
  ...[
    'license: |\n',
    'faults: [',
    'advance: -1d',
    'at: 99999999999d',
    '__proto__: 1',
    'user: a@b@c',
  ],
];

const folder = mkdtempSync(join(tmpdir(), 'fauxlm-fuzz-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Gives each text to `read`, in turn; a failure names what makes the text again. */
function everyText(read: (text: string) => void): void {
  for (const at of cases) {
    const name = `${seed}-${at}`;
    const text = mutated({ corpus, splinters, lengthMax: 6_000 }, new Rng(name));
    try {
      read(text);
    } catch (error) {
      throw new Error(`FAUXLM_SEED=${seed}, text ${at}: ${JSON.stringify(text)}`, { cause: error });
    }
  }
}

test('whatever a scenario file holds, it is read or told of, with places in the text', {
  timeout,
}, () => {
  const file = join(folder, 'a.yaml');
  let told = 0;
  everyText((text) => {
    writeFileSync(file, text);
    const { problems } = loadScenario(file);
    for (const problem of problems) {
      expect(problem.message).not.toBe('');
      expect(renderProblem(problem, text)).not.toMatch(/\bat \S+ \(|node_modules|undefined/);
      if (problem.place.file !== file) continue;
      expect(problem.place.line).toBeLessThanOrEqual(text.split('\n').length + 1);
      expect(problem.place.column).toBeGreaterThan(0);
    }
    told += problems.length > 0 ? 1 : 0;
  });
  // The texts are as odd as they should be, and some are still scenarios.
  expect(told).toBeGreaterThan(cases.done / 4);
  expect(told).toBeLessThan(cases.done);
});

test('whatever a load profile holds, it is read or refused with LOAD_PROFILE', { timeout }, () => {
  everyText((text) => {
    try {
      parseProfile(join(folder, 'a.profile.yaml'), text);
    } catch (error) {
      if (!(error instanceof KnownError)) throw error;
      expect(['LOAD_PROFILE', 'FILE_UNREADABLE', 'FILE_TOO_LARGE']).toContain(error.code);
    }
  });
});
