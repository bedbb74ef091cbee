import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { afterAll, beforeEach, describe, expect, test } from 'vitest';
import { Folder, run } from './processes.ts';

const folder = new Folder();
afterAll(() => folder[Symbol.dispose]());

const rows = Array.from({ length: 400 }, (_, index) => `${1_893_456_000 + 300 * index},solve,1,5`);
const license =
  'SERVER this_host ANY\nVENDOR acmed\nINCREMENT solve acmed 1.0 permanent 5 SIGN=00\n';
const samples = `time,feature,used,total\n${rows.join('\n')}\n`;

beforeEach(() => {
  writeFileSync(folder.at('samples.csv'), samples);
  writeFileSync(folder.at('x.log'), samples);
  writeFileSync(folder.at('a.lic'), license);
});

/** What stands in words as `@name` is a file of the folder. */
function fauxlm(...words: string[]) {
  return run(
    'fauxlm',
    words.map((word) => (word.startsWith('@') ? folder.at(word.slice(1)) : word)),
  );
}

const heads = {
  plan: { csv: 'feature,daemon,deny', markdown: '# ', json: '{' },
  report: { csv: 'from,daemon,feature', markdown: '|', json: '[' },
} as const;

describe.each(['plan', 'report'] as const)('%s', (command) => {
  test.each(['csv', 'markdown', 'json'] as const)(
    '--%s prints it, --FORM-file writes it',
    async (form) => {
      const same = await fauxlm(command, '@samples.csv', '--format', form);
      expect(same.out.startsWith(heads[command][form]), same.out.slice(0, 80)).toBe(true);
      expect((await fauxlm(command, '@samples.csv', `--${form}`)).out).toBe(same.out);
      const file = `${command}.${form}`;
      const beside = await fauxlm(command, '@samples.csv', `--${form}-file`, `@${file}`);
      expect(beside.out.startsWith(heads[command][form])).toBe(false);
      expect(readFileSync(folder.at(file), 'utf8')).toBe(same.out);
    },
  );

  test.each([
    ['two forms', ['--csv', '--json'], '--csv, --json: expected one of them, got both'],
    ['a file without its name', ['--csv-file', ''], '--csv-file: expected a file behind it'],
    ['one file for two', ['--csv-file', '@y', '--json-file', '@y'], 'expected another file than'],
    ['a file nowhere', ['--json-file', '@no/x'], 'no/x: expected a file that can be written'],
  ])('%s is told before anything is read', async (_, words, said) => {
    const told = await fauxlm(command, '@samples.csv', ...words);
    expect(told).toMatchObject({ status: 2, out: '', err: expect.stringContaining(said) });
  });

  test('--license takes one file, so that what is read may come behind it', async () => {
    const more = command === 'report' ? ['--compliance'] : [];
    const behind = await fauxlm(command, ...more, '--license', '@a.lic', '@samples.csv', '--csv');
    const before = await fauxlm(command, '@samples.csv', ...more, '--license', '@a.lic', '--csv');
    expect(behind).toMatchObject({ err: before.err, out: before.out });
    expect(behind.out).toContain('solve');
  });
});

test('plan --csv FILE goes on to write the file, and no log that it has swallowed', async () => {
  const written = await fauxlm(
    'plan',
    '@samples.csv',
    '--csv',
    '@old.csv',
    '--markdown',
    '@old.md',
  );
  expect(written.out).not.toContain('feature,daemon');
  expect(readFileSync(folder.at('old.csv'), 'utf8')).toContain('feature,daemon');
  expect(existsSync(folder.at('old.md'))).toBe(true);
  const again = await fauxlm('plan', '@samples.csv', '--csv', '@old.csv');
  expect(again.out).toBe(written.out);
  const swallowed = await fauxlm('plan', '--csv', '@x.log', '@samples.csv');
  expect(swallowed).toMatchObject({ status: 2, out: '' });
  expect(swallowed.err).toMatch(
    /--csv: expected nothing, or a file to write, got \S+x\.log, which is there/,
  );
  expect(readFileSync(folder.at('x.log'), 'utf8')).toBe(samples);
  const twice = await fauxlm('plan', '@samples.csv', '--csv', '@a.csv', '--csv-file', '@b.csv');
  expect(twice.err).toMatch(
    /--csv-file: expected one file, got \S+b\.csv and \S+a\.csv behind --csv\n/,
  );
});
