import { expectation, type Miss, type View } from '../expectation-row.ts';
import { nearestLines } from '../nearest-lines.ts';
import {
  amount,
  amountText,
  isAmount,
  listOf,
  patterns,
  regularExpression,
  texts,
} from '../words.ts';

function outputOf(view: View): {
  readonly exit: number;
  readonly out: string;
  readonly err: string;
} {
  const { outcome, stand } = view;
  if (outcome?.kind !== 'output') return { exit: 0, out: '', err: '' };
  const { exit, out, err } = outcome.output;
  return { exit, out: stand.normalized(out), err: stand.normalized(err) };
}

/** Lines of an output that are shown. */
const LINES_MAX = 30;

function shown(text: string): string {
  if (text === '') return 'no output';
  const lines = text.replace(/\n$/, '').split('\n');
  const more = lines.length > LINES_MAX ? [`... ${lines.length - LINES_MAX} more lines`] : [];
  return `the output\n${[...lines.slice(0, LINES_MAX), ...more].map((line) => `  ${line}`).join('\n')}`;
}

/** Each of the texts must be in it. */
export function containsMiss(text: string, wanted: readonly string[]): Miss | undefined {
  const missing = wanted.find((each) => !text.includes(each));
  if (missing === undefined) return undefined;
  return {
    expected: `output that contains "${missing}"`,
    got: shown(text),
    near: nearestLines(missing, text),
  };
}

export function lacksMiss(text: string, wanted: readonly string[]): Miss | undefined {
  const there = wanted.find((each) => text.includes(each));
  if (there === undefined) return undefined;
  const line = text.split('\n').find((each) => each.includes(there.split('\n')[0]!));
  return { expected: `output without "${there}"`, got: `it: ${line?.trim() ?? there}` };
}

export function matchesMiss(text: string, wanted: readonly string[]): Miss | undefined {
  const missing = wanted.find((each) => !regularExpression(each).test(text));
  if (missing === undefined) return undefined;
  return { expected: `output that matches ${missing}`, got: shown(text) };
}

export const contains = expectation({
  summary: 'what the program prints contains each of these texts',
  example: "expect: { contains: ['Users of solve', ann] }",
  of: 'output',
  words: texts,
  check: (words, view) => containsMiss(outputOf(view).out, listOf(words)),
});

export const lacks = expectation({
  summary: 'what the program prints has none of these texts',
  example: 'expect: { lacks: ben }',
  of: 'output',
  words: texts,
  check: (words, view) => lacksMiss(outputOf(view).out, listOf(words)),
});

export const matches = expectation({
  summary: 'what the program prints matches each of these regular expressions',
  example: "expect: { matches: '^Users of solve: .* 2 licenses in use' }",
  of: 'output',
  words: patterns,
  check: (words, view) => matchesMiss(outputOf(view).out, listOf(words)),
});

export const errors = expectation({
  summary: 'what the program prints on standard error contains each of these texts',
  example: "expect: { exit: 2, errors: 'usage' }",
  of: 'output',
  words: texts,
  check: (words, view) => containsMiss(outputOf(view).err, listOf(words)),
});

export const exit = expectation({
  summary: 'the exit status; 0 unless given',
  example: 'expect: { exit: 241 }',
  of: 'output',
  words: amount,
  check(words, view) {
    const { exit: got, out, err } = outputOf(view);
    if (isAmount(got, words)) return undefined;
    const said = err === '' ? out : err;
    return {
      expected: `exit status ${amountText(words)}`,
      got: `${got}${said === '' ? '' : `, and ${shown(said)}`}`,
    };
  },
});
