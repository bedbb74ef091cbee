import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { Folder, run } from './processes.ts';

const license = `servers:
  - license: |
      SERVER this_host ANY
      VENDOR acmed
      INCREMENT a acmed 1.0 permanent 1 SIGN=00
`;

const good = `name: good
${license}steps:
  - checkout: { feature: a }
`;

const wrong = `name: wrong
${license}steps:
  - checkout: { feature: a, count: 2 }
    expect: granted
`;

function makeFolder(): Folder {
  const folder = new Folder();
  onTestFinished(() => folder[Symbol.dispose]());
  return folder;
}

test('fauxlm run exits with 0 when all was as expected, 1 when not, 2 for mistakes in a file', async () => {
  const folder = makeFolder();
  const files = {
    good: folder.file('good.yaml', good),
    wrong: folder.file('wrong.yaml', wrong),
    broken: folder.file('broken.yaml', 'name: broken\n'),
  };
  const { status, out, err } = await run('fauxlm', ['run', files.good]);
  expect({ status, err }).toEqual({ status: 0, err: '' });
  expect(out).toContain('1 passed');
  expect((await run('fauxlm', ['run', files.wrong])).status).toBe(1);
  const all = await run('fauxlm', ['run', folder.path]);
  expect(all.status).toBe(2);
  expect(all.out).toContain('1 passed, 1 failed, 1 with mistakes in the file');
});

test('several reporters write at once, load profiles are left alone, --filter chooses', async () => {
  const folder = makeFolder();
  folder.file('good.yaml', good);
  folder.file('wrong.yaml', wrong);
  folder.file('busy.profile.yaml', 'name: no scenario\n');
  const junit = join(folder.path, 'junit.xml');
  const html = join(folder.path, 'report.html');
  const words = ['run', folder.path, '--reporter', `tap,junit=${junit},html=${html}`];
  const { status, out } = await run('fauxlm', [...words, '--filter', 'good']);
  expect({ status, lines: out.split('\n').slice(0, 3) }).toEqual({
    status: 0,
    lines: ['TAP version 14', `ok 1 - ${join(folder.path, 'good.yaml')}: good`, '1..1'],
  });
  expect(readFileSync(junit, 'utf8')).toContain('tests="1"');
  expect(existsSync(html)).toBe(true);
});

test('--bail begins no more after the first failure', async () => {
  const folder = makeFolder();
  folder.file('a.yaml', wrong);
  folder.file('b.yaml', good);
  const { status, out } = await run('fauxlm', ['run', folder.path, '--bail', '--jobs', '1']);
  expect(status).toBe(1);
  expect(out).toContain('0 passed, 1 failed, 1 not run');
});

test.each([
  ['no such reporter', ['--reporter', 'jnit'], 'did you mean junit?'],
  ['jobs', ['--jobs', '0'], '--jobs: expected a whole number from 1 to 64, got "0"'],
  ['jobs in words', ['--jobs', 'many'], 'from 1 to 64, got "many"'],
  ['a seed that is missing', ['--seed'], '--seed: expected a value behind it'],
  ['a mode for a server elsewhere', ['--mode', 'ledger', '--target', '1@h'], 'without --mode'],
  ['two reporters on one output', ['--reporter', 'spec,tap'], 'write tap=FILE'],
  ['a reporter without its file', ['--reporter', 'junit='], 'a file behind junit=, got nothing'],
  ['a port that is none', ['--target', '99999@h'], '--target, column 1: expected a port from 1'],
  ['two reporters in one file', ['--reporter', 'tap=a,junit=a'], 'a file for each reporter'],
  ['a filter that nothing has', ['--filter', 'nothing'], '--filter: expected'],
  ['a filter that is no expression', ['--filter', '/(/'], 'expected a regular expression'],
])('wrong usage is told: %s', async (_, words, message) => {
  const folder = makeFolder();
  const file = folder.file('good.yaml', good);
  const { status, err } = await run('fauxlm', ['run', file, ...words]);
  expect(status).toBe(2);
  expect(err).toContain(message);
});

test.each([
  ['whose folder is not there', 'nowhere/junit.xml', 'no such folder'],
  ['that is a folder', '.', 'a directory'],
])('a report %s is told before anything runs', async (_, name, reason) => {
  const folder = makeFolder();
  const steps = `steps: [{ exec: [touch, ${folder.at('ran')}] }]\n`;
  const file = folder.file('touch.yaml', `name: touch\n${license}${steps}`);
  const reporter = `spec,junit=${join(folder.path, name)}`;
  const { status, out, err } = await run('fauxlm', ['run', file, '--reporter', reporter]);
  expect({ status, out }).toEqual({ status: 2, out: '' });
  expect(err).toContain(`expected a file that can be written, got: ${reason}`);
  expect(existsSync(folder.at('ran'))).toBe(false);
});

test('fauxlm schema scenario prints a JSON Schema that names every step', async () => {
  const { status, out } = await run('fauxlm', ['schema', 'scenario']);
  expect(status).toBe(0);
  const schema = JSON.parse(out) as { readonly $schema: string };
  expect(schema.$schema).toContain('json-schema.org');
  for (const step of ['checkout', 'lmutil', 'advance', 'repeat'])
    expect(out).toContain(`"${step}"`);
});
