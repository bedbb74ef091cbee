import { describe, expect, test } from 'vitest';
import { commands as table } from '../../src/cli/fauxlm-command-line.ts';
import { recordCommand } from '../../src/cli/pages/command-record.ts';
import { recordAll } from '../../src/cli/pages/pages.ts';
import { run } from '../e2e/processes.ts';

const { out: overview } = await run('fauxlm', ['--help']);
const commands = [...overview.matchAll(/^ {2}fauxlm (\w+)/gm)].map((match) => match[1]!);
const records = await recordAll(table);
const everyRecord = records.flatMap((record) => [record, ...record.subcommands]);

test('fauxlm --help lists the commands', () => {
  expect(commands).toEqual(expect.arrayContaining(['serve', 'checkout', 'errors', 'lint']));
});

test.each(commands)(
  'fauxlm %s --help has examples, and its flags are on its page',
  async (command) => {
    const { status, out, err } = await run('fauxlm', [command, '--help']);
    expect({ status, err }).toEqual({ status: 0, err: '' });
    const [, section = ''] = /^Examples:\n((?: {2}.*\n?)+)/m.exec(out) ?? [];
    const lines = section.trimEnd().split('\n');
    expect(lines.filter((line) => !/^ {2}(fauxlm|#) /.test(line))).toEqual([]);
    expect(lines.some((line) => line.startsWith(`  fauxlm ${command}`))).toBe(true);
    expect(out.split('\n').filter((line) => line.length > 80)).toEqual([]);
    const listed = [...out.matchAll(/^ {2,}(?:-\w, )?--([a-z][a-z-]*)/gm)].map(([, flag]) => flag!);
    const { flags } = recordCommand(await table[command]!());
    const named = flags.flatMap(({ names }) => names.split(', '));
    const own = listed.filter((flag) => !['help', 'version'].includes(flag));
    expect(named).toEqual(expect.arrayContaining(own.map((flag) => `--${flag}`)));
    expect(flags.filter(({ describe }) => describe === '')).toEqual([]);
  },
);

describe.each(everyRecord)('the help of $name', ({ name, summary, examples, epilogue }) => {
  test('begins as the others do, with a verb, and ends without a full stop', () => {
    expect(summary).toMatch(/^[a-z].*[^.]$/);
  });

  test('has examples, each with what it is for', () => {
    expect(examples.length).toBeGreaterThan(0);
    for (const { command, purpose } of examples) {
      expect(command.startsWith(`fauxlm ${name}`), command).toBe(true);
      expect(purpose, command).not.toBe('');
    }
  });

  test('is broken into lines where a terminal ends, not by hand', () => {
    const lines = epilogue.split('\n');
    const broken = lines.filter(
      (line, at) => line.length > 80 && /^[a-z]/.test(lines[at + 1] ?? ''),
    );
    expect(broken).toEqual([]);
  });
});
