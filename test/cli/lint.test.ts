import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { KnownError } from '../../src/base/errors.ts';
import { limits } from '../../src/base/limits.ts';
import { type LintArguments, runLint } from '../../src/cli/commands/lint.ts';
import { fileKind } from '../../src/domain/lint/file-kind.ts';
import { monday } from '../make.ts';

const twoServers =
  'SERVER a 001122334455 27000\nSERVER b 002233445566 27000\nVENDOR ansyslmd\n' +
  'FEATURE F ansyslmd 1.0 permanent 5 SIGN=00\nRESERVE 1 F USER x\n';
const good = 'SERVER this_host ANY\nVENDOR acmed\nINCREMENT solve acmed 1.0 permanent 4 SIGN=00\n';
const expired = good.replace('permanent', '1-jan-2020');

/** Runs the command over files that exist only here. */
function run(
  files: Readonly<Record<string, string | Uint8Array>>,
  words: readonly string[],
  args: Partial<LintArguments> = {},
) {
  let printed = '';
  const exit = runLint(
    { files: words, format: 'text', ...args },
    {
      now: monday,
      print: (text) => {
        printed += text;
      },
      readFile: (path) => {
        const content = files[path];
        if (content === undefined) {
          throw new KnownError('FILE_UNREADABLE', `${path}: expected a readable file, got none`);
        }
        return typeof content === 'string' ? Buffer.from(content) : content;
      },
      readInput: () => Buffer.from(files['<stdin>'] ?? ''),
      filesOf: (path) => {
        const inside = Object.keys(files).filter((name) => name.startsWith(`${path}/`));
        return inside.length > 0 ? inside : [path];
      },
    },
  );
  return { exit, printed };
}

describe('exit status', () => {
  test('1 for an error, and the text says where', () => {
    const { exit, printed } = run({ 'two.lic': twoServers }, ['two.lic']);
    expect(exit).toBe(1);
    expect(printed).toMatch(/^two\.lic:2:1: error: .*\[two-servers\]$/m);
    expect(printed).toMatch(/^two\.lic:5:1: error: .*\[options-keyword-in-license\]$/m);
  });

  test('0 without errors, whatever warnings there are', () => {
    const { exit, printed } = run({ 'a.lic': expired }, ['a.lic']);
    expect([exit, printed.includes('[expired')]).toEqual([0, true]);
  });

  test('--fail-on warning makes a warning fail', () => {
    expect(run({ 'a.lic': expired }, ['a.lic'], { failOn: 'warning' }).exit).toBe(1);
    expect(run({ 'a.lic': good }, ['a.lic'], { failOn: 'info' }).exit).toBe(0);
  });

  test('2 for a file that is not there or too large', () => {
    const missing = () => run({}, ['no.lic']);
    expect(missing).toThrow(expect.objectContaining({ code: 'FILE_UNREADABLE', exit: 2 }));
    const large = { 'a.lic': new Uint8Array(limits.fileBytesMax + 1) };
    expect(() => run(large, ['a.lic'])).toThrow(expect.objectContaining({ exit: 2 }));
  });

  test('2 for words that make no sense', () => {
    const bad: readonly Partial<LintArguments>[] = [
      { now: 'tomorrow' },
      { now: '2030-13-01' },
      { options: ['acmed'] },
      { options: ['=x.opt'] },
      // What yargs makes of an option that is given twice.
      { format: ['json', 'text'] as never },
    ];
    for (const args of bad) {
      const call = () => run({ 'a.lic': good }, ['a.lic'], args);
      expect(call, JSON.stringify(args)).toThrow(expect.objectContaining({ code: 'USAGE' }));
    }
  });
});

describe('options files', () => {
  const options = 'RESERVE 9 solve USER ana\n';

  test('the one beside the license file is found by the name of the daemon', () => {
    const { exit, printed } = run({ 'lic/a.lic': good, 'lic/acmed.opt': options }, ['lic/a.lic']);
    expect(exit).toBe(1);
    expect(printed).toMatch(/^lic\/acmed\.opt:1:1: error: .*\[reserve-over-count\]$/m);
    expect(printed).toMatch(/in 2 files\n$/);
  });

  test('the one that the VENDOR line names is found, also beside the license file', () => {
    const named = good.replace('VENDOR acmed', 'VENDOR acmed OPTIONS=/etc/lab.opt');
    const there = run({ 'l/a.lic': named, '/etc/lab.opt': options }, ['l/a.lic']);
    expect(there.printed).toContain('/etc/lab.opt:1:1: error');
    const beside = run({ 'l/a.lic': named, 'l/lab.opt': options, 'l/acmed.opt': '' }, ['l/a.lic']);
    expect(beside.printed).toContain('l/lab.opt:1:1: error');
  });

  test('--options VENDOR=FILE wins over what would be found', () => {
    const files = { 'a.lic': good, 'acmed.opt': options, 'mine.opt': 'MAX 1 nosuch USER ana\n' };
    const { exit, printed } = run(files, ['a.lic'], { options: ['acmed=mine.opt'] });
    expect([exit, printed.includes('mine.opt:1:7'), printed.includes('acmed.opt')]).toEqual([
      0,
      true,
      false,
    ]);
  });

  test('an options file may be given among the files and is known by its words', () => {
    const { exit, printed } = run({ 'a.lic': good, rules: options }, ['rules', 'a.lic']);
    expect([exit, printed.includes('rules:1:1: error')]).toEqual([1, true]);
  });

  test.each([
    ['a.opt', 'FEATURE x', 'options'],
    ['a.LIC', 'RESERVE x', 'license'],
    ['license.dat', '', 'license'],
    ['x', '# c\n\n  reserve 1 f USER u\n', 'options'],
    ['x', 'RESERVE 1 f USER u\nFEATURE f v 1 permanent 1\n', 'license'],
    ['x', 'nothing known\n', 'license'],
  ] as const)('a file %s with %j is taken for %s', (name, text, kind) => {
    expect(fileKind(name, text)).toBe(kind);
  });
});

describe('what is looked at', () => {
  test('standard input, known by its words', () => {
    const { exit, printed } = run({ '<stdin>': twoServers }, ['<stdin>']);
    expect(exit).toBe(1);
    expect(printed).toMatch(/^<stdin>:2:1: error: .*\[two-servers\]$/m);
    const options = run({ '<stdin>': 'RESERVE 9 solve USER ana\n', 'a.lic': good }, [
      'a.lic',
      '<stdin>',
    ]);
    expect(options.printed).toContain('<stdin>:1:1: error');
  });

  test('all license files of a directory, together', () => {
    const [head, feature] = good.split(/(?=INCREMENT)/) as [string, string];
    const files = { 'lic/1.lic': head, 'lic/2.lic': feature, 'lic/acmed.opt': 'MAX 1 x USER u\n' };
    const { exit, printed } = run(files, ['lic']);
    expect([exit, printed]).toEqual([0, expect.stringMatching(/ in 3 files\n$/)]);
    expect(printed).toContain('lic/acmed.opt:1:7: warning');
  });
});

describe('output', () => {
  test('--json is --format json', () => {
    const files = { 'two.lic': twoServers };
    const json = run(files, ['two.lic'], { format: 'json' }).printed;
    expect(run(files, ['two.lic'], { json: true }).printed).toBe(json);
    expect(JSON.parse(json)).toMatchObject({ summary: { files: 1, errors: 2 } });
  });

  test('--format sarif and --format github', () => {
    const files = { 'two.lic': twoServers };
    const sarif = JSON.parse(run(files, ['two.lic'], { format: 'sarif' }).printed) as object;
    expect(sarif).toMatchObject({ version: '2.1.0' });
    expect(run(files, ['two.lic'], { format: 'github' }).printed).toMatch(
      /^::error file=two\.lic,line=2,col=1,/,
    );
  });

  test('--quiet shows errors only', () => {
    const { printed } = run({ 'a.lic': `${expired}RESERVE 1 solve USER x\n` }, ['a.lic'], {
      quiet: true,
    });
    expect(printed).toContain('options-keyword-in-license');
    expect(printed).not.toContain('expired');
  });

  test('--now says which day it is', () => {
    const files = { 'a.lic': expired };
    expect(run(files, ['a.lic'], { now: '2020-01-01' }).printed).toContain('[expires-soon]');
    expect(run(files, ['a.lic'], { now: '2020-01-02' }).printed).toContain('[expired,');
  });

  test.each([
    ['99999@alder', 1, 'error: expected a port from 1 to 65535 before "@", got 99999 [path-port]'],
    ['port@alder', 1, 'error: expected a port from 1 to 65535 before "@", got port [path-port]'],
    ['27000@', 1, 'error: expected port@host, got "27000@" [path-host]'],
    ['alder:27000', 1, 'error: expected port@host, got alder:27000 [at-host-port]'],
    ['1@a:1@b:1@c', 0, 'warning: expected commas if this is a triad'],
    ['/no@where/a.lic', 1, 'error: expected a file path without "@", or port@host'],
    ['27000@alder', 0, '0 errors, 0 warnings in 1 file'],
  ])('judges %s as a license path: exit %i', (path, expected, words) => {
    const { exit, printed } = run({}, [path]);
    expect(printed).toContain(words);
    expect(exit).toBe(expected);
  });

  test('reads a file with "@" in its name where there is one', () => {
    expect(run({ 'a@b.lic': twoServers }, ['a@b.lic']).printed).toContain('a@b.lic:2:1: error');
  });

  test('a license path is linted as one', () => {
    const { exit, printed } = run({}, ['@alder:27000']);
    expect(exit).toBe(1);
    expect(printed).toMatch(/^@alder:27000:1:1: error: expected port@host/);
  });

  test('the example of the manual has what the manual says', () => {
    const url = new URL('../../fixtures/lint/two-servers.lic', import.meta.url);
    const { exit, printed } = run({ 'two-servers.lic': readFileSync(url) }, ['two-servers.lic']);
    expect(exit).toBe(1);
    expect(printed).toContain('     4 | SERVER lic-b.tallow.example 0200a1b2c302 27000\n');
  });
});
