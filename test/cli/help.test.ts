import { expect, test } from 'vitest';
import { run } from '../e2e/processes.ts';

const { out: overview } = await run('fauxlm', ['--help']);
const commands = [...overview.matchAll(/^ {2}fauxlm (\w+)/gm)].map((match) => match[1]!);

test('fauxlm --help lists the commands', () => {
  expect(commands).toEqual(expect.arrayContaining(['serve', 'checkout', 'errors', 'lint']));
});

test.each(commands)('fauxlm %s --help has examples, none broken at 80 columns', async (command) => {
  const { status, out, err } = await run('fauxlm', [command, '--help']);
  expect({ status, err }).toEqual({ status: 0, err: '' });
  const [, section = ''] = /^Examples:\n((?: {2}.*\n?)+)/m.exec(out) ?? [];
  const lines = section.trimEnd().split('\n');
  expect(lines.filter((line) => !/^ {2}(fauxlm|#) /.test(line))).toEqual([]);
  expect(lines.some((line) => line.startsWith(`  fauxlm ${command}`))).toBe(true);
  expect(out.split('\n').filter((line) => line.length > 80)).toEqual([]);
});
