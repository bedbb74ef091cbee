import { execFileSync } from 'node:child_process';
import { expect, test } from 'vitest';
import { commands } from '../../../src/cli/fauxlm-command-line.ts';
import { completionsOf } from '../../../src/cli/pages/completions.ts';
import { environment, Folder, run } from '../../e2e/processes.ts';

test.each([
  [['ser'], ['serve']],
  [['--v'], ['--version']],
  [
    ['lint', '--format', ''],
    ['text', 'json', 'sarif', 'github'],
  ],
  [['lint', '--format', 'j'], ['json']],
  [['serve', 'a.lic', '--po'], ['--port']],
  [['checkout', '--feature-v'], ['--feature-version']],
  [['fault', 'c'], ['clear']],
  [['load', 'me'], ['merge']],
  [['load', 'merge', '--part'], ['--partial']],
  // A file, a value of the user's own, somebody else's command line.
  [['serve', 'a'], []],
  [['serve', '--port', ''], []],
  [['exec', 'a.lic', '--', 'gre'], []],
  [['nobody', '--f'], []],
  [['__proto__', ''], []],
] as const)('behind fauxlm %j stands one of %j', async (words, expected) => {
  expect(await completionsOf(words, commands)).toEqual(expected);
});

test('behind fauxlm alone stand all commands', async () => {
  const found = await completionsOf([''], commands);
  expect(found).toEqual([...Object.keys(commands), '--help', '--version']);
});

test('bash completes by the script', async () => {
  using folder = new Folder();
  const { out: script } = await run('fauxlm', ['completion', 'bash']);
  folder.program('fauxlm');
  const asked = `${script}
COMP_WORDS=(fauxlm lint --format s) COMP_CWORD=3
_fauxlm
echo "\${COMPREPLY[*]}"
complete -p fauxlm
`;
  const env = environment({ PATH: `${folder.path}:${process.env['PATH']}` });
  const told = execFileSync('bash', ['-c', asked], { encoding: 'utf8', env });
  expect(told).toBe('sarif\ncomplete -o default -F _fauxlm fauxlm\n');
});

test('a shell that is none is told', async () => {
  const { status, err } = await run('fauxlm', ['completion', 'csh']);
  expect(status).toBe(2);
  expect(err).toContain('expected one of bash, zsh, fish, words, got "csh"');
});
