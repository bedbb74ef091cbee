import { z } from 'zod';
import { step } from '../step-row.ts';
import { client } from '../words.ts';
import { whoIs } from './seats.ts';

/** Who calls the tools when nobody is named. */
const ADMINISTRATOR = 'admin@desk';

const call = z.union([z.string(), z.array(z.string()).min(1)]);

export const lmutil = step({
  summary: 'calls a tool of lmutil; it finds the servers by LM_LICENSE_FILE unless told -c',
  example: `
- lmutil: lmstat -a
  expect: { contains: 'Users of solve', lacks: 'ann' }
`,
  words: z.union([call, z.strictObject({ run: call, as: client.optional() })]),
  yields: 'output',
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
