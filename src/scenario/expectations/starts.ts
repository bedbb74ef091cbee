import { z } from 'zod';
import { type ErrorCode, errorCodes } from '../../base/errors.ts';
import { expectation } from '../expectation-row.ts';
import { amount, isAmount, listOf, texts } from '../words.ts';

export const refused = expectation({
  summary: 'the server does not start: with which exit status, error code and words',
  example: `
- stop: {}
- start: { taken: true }
  expect: { refused: { exit: 3, code: NET_PORT_IN_USE } }
- start:
    license: |
      SERVER one ANY 27000
      SERVER two ANY 27000
      VENDOR acmed
      INCREMENT solve acmed 2030.0 permanent 2 SIGN=00
  expect: { refused: { exit: 2, contains: two-servers } }
`,
  of: 'start',
  words: z.union([
    z.boolean(),
    z.strictObject({
      exit: amount.optional().describe('of fauxlm serve'),
      code: z.enum(Object.keys(errorCodes) as [ErrorCode, ...ErrorCode[]]).optional(),
      contains: texts.optional().describe('words of the message, such as the rule of a finding'),
    }),
  ]),
  check(words, { outcome, stand }) {
    const own = outcome?.kind === 'start' ? outcome.refused : undefined;
    const got = own === undefined ? 'it started' : `${own.code}, exit ${own.exit}: ${own.message}`;
    if (words === false) {
      return own === undefined ? undefined : { expected: 'the server to start', got };
    }
    const { exit, code, contains } = words === true ? {} : words;
    const message = own === undefined ? '' : stand.normalized(own.message);
    const isIt =
      own !== undefined &&
      (exit === undefined || isAmount(own.exit, exit)) &&
      (code === undefined || own.code === code) &&
      listOf(contains).every((text) => message.includes(text));
    if (isIt) return undefined;
    const details = [code, exit === undefined ? [] : `exit ${String(exit)}`, listOf(contains)];
    const shown = details.flat().filter((each) => each !== undefined);
    return { expected: `a start that is refused ${shown.join(', ')}`.trimEnd(), got };
  },
});
