import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { z } from 'zod';
import { parseDuration } from '../../base/time-words.ts';
import { whoIs } from '../client-names.ts';
import { pathWithPrograms, runProgram } from '../program-call.ts';
import type { Stand } from '../stand.ts';
import { step } from '../step-row.ts';
import { client, duration, fileName, name } from '../words.ts';

/** Who calls the tools when nobody is named. */
const ADMINISTRATOR = 'admin@desk';

const call = z.union([z.string(), z.array(z.string()).min(1)]);

export const lmutil = step({
  summary: 'calls a tool of lmutil; it finds the servers by LM_LICENSE_FILE unless told -c',
  example: `
- checkout: { feature: solve, user: ann@ws1 }
- lmutil: lmstat -f solve
  expect: { contains: 'Users of solve', lacks: ben }
- lmutil: { run: lmremove solve ann ws1 /dev/pts/1, as: admin@desk }
  expect: { exit: 192, contains: 'too soon' }
`,
  words: z.union([call, z.strictObject({ run: call, as: client.optional() })]),
  yields: 'output',
  needs: () => ['tools'],
  async run(words, { stand }) {
    const { run, as = ADMINISTRATOR } = callOf(words);
    const output = await stand.lmutil(run, whoIs(as));
    return { kind: 'output', output };
  },
  show: (words) => `lmutil ${callOf(words).run.join(' ')}`,
});

function callOf(words: string | string[] | { run: string | string[]; as?: string | undefined }) {
  const { run, as } =
    typeof words === 'object' && 'run' in words ? words : { run: words, as: undefined };
  return { run: wordsOf(run), ...(as === undefined ? {} : { as }) };
}

/** Words of a command line; quotes keep blanks. */
export function wordsOf(line: string | readonly string[]): readonly string[] {
  if (typeof line !== 'string') return line;
  const found = line.matchAll(/"([^"]*)"|'([^']*)'|(\S+)/g);
  return [...found].map(([, double, single, bare]) => double ?? single ?? bare ?? '');
}

/** A program that hangs must not hang the run. */
const EXEC_TIMEOUT = '30s';

const execWords = z.strictObject({
  run: call.describe('a line for the shell, or a program and its arguments'),
  env: z.record(z.string(), z.string()).optional().describe('more variables'),
  server: name.optional().describe('the server that it is to find; all of them unless given'),
  files: z
    .record(fileName, z.string())
    .optional()
    .describe('files to write first, with texts, or copies of files beside this one'),
  timeout: duration.optional().describe('on the clock of the machine; 30s unless given'),
});

export const exec = step({
  summary:
    'runs any program in a folder of its own, the environment set so that it finds the servers',
  example: `
- exec: lmutil lmstat -a | grep -c 'Users of'
  expect: { contains: '2' }
- exec: { run: [sh, -c, 'echo hello >out.txt'], env: { LANG: C } }
  expect: { exit: 0, files: { out.txt: { contains: hello } } }
`,
  words: z.union([call, execWords]),
  yields: 'output',
  needs: () => ['tools'],
  async run(words, { stand, text }) {
    const { run, env = {}, server, files = {}, timeout = EXEC_TIMEOUT } = execOf(words);
    const cwd = workFolder(stand);
    mkdirSync(cwd, { recursive: true });
    for (const [file, content] of Object.entries(files)) {
      mkdirSync(dirname(join(cwd, file)), { recursive: true });
      writeFileSync(join(cwd, file), text(content));
    }
    const output = await runProgram({
      run,
      cwd,
      env: { ...stand.environment(server), PATH: pathWithPrograms(stand.folder), ...env },
      timeoutMs: parseDuration(timeout),
    });
    return { kind: 'output', output };
  },
  show(words) {
    const { run } = execOf(words);
    const [first, ...more] = (typeof run === 'string' ? run.trim() : run.join(' ')).split('\n');
    return `exec ${first}${more.length === 0 ? '' : ' ...'}`;
  },
});

function execOf(
  words: z.infer<typeof call> | z.infer<typeof execWords>,
): z.infer<typeof execWords> {
  return typeof words === 'string' || Array.isArray(words) ? { run: words } : words;
}

/** Where programs run. */
export function workFolder({ folder }: Stand): string {
  return join(folder, 'work');
}
