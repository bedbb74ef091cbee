import { expect, test } from 'vitest';
import { run } from '../e2e/processes.ts';

test.each([
  [['lint'], 'expected <files..>, got nothing'],
  [['load', 'merge'], 'expected <bundles..>, got nothing\n  see fauxlm load merge --help'],
  [['load', 'compare', 'a.json'], 'expected <a> <b>, got 1 of them'],
  [['load', 'merge', '--rate', '5', 'a.json'], 'expected a flag of this command, got "--rate"'],
  [['lint', 'a.lic', '--fromat', 'json'], 'got "--fromat"; did you mean --format?'],
  [
    ['lint', 'a.lic', '--format', 'jsn'],
    '--format: expected one of text, json, sarif, github, got "jsn"; did you mean json?',
  ],
  [['serv', 'a.lic'], 'did you mean serve?'],
  [['quux'], 'got "quux"'],
  [['clock', 'nwo'], 'action: expected one of now, advance, set, got "nwo"; did you mean now?'],
  [['checkout', 'solve', 'mesh'], 'expected <feature>, got "mesh" besides'],
  [['reset', 'all'], 'expected flags only, got "all" besides'],
  [['serve', 'a.lic', '--port'], '--port: expected a value behind it, got nothing'],
  [
    ['checkout', 'solve', '-n', 'two'],
    '--count: expected a whole number from 1 to 2147483647, got "two"',
  ],
  [[], 'expected a command'],
])('fauxlm %j says what was expected', async (words, told) => {
  const { status, out, err } = await run('fauxlm', words);
  expect({ status, out }).toEqual({ status: 2, out: '' });
  expect(err).toContain(told);
  expect(err).toMatch(/^fauxlm: .*\n {2}see .*--help.*\n$/);
});
