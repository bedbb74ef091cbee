import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
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
  example: `
- lmutil: lmstat -a
  expect: { contains: ['license server UP', 'Users of solve'] }
`,
  of: 'output',
  words: texts,
  check: (words, view) => containsMiss(outputOf(view).out, listOf(words)),
});

export const lacks = expectation({
  summary: 'what the program prints has none of these texts',
  example: `
- lmutil: lmstat -a
  expect: { lacks: ben }
`,
  of: 'output',
  words: texts,
  check: (words, view) => lacksMiss(outputOf(view).out, listOf(words)),
});

export const matches = expectation({
  summary: 'what the program prints matches each of these regular expressions',
  example: `
- lmutil: lmstat -f solve
  expect: { matches: '^Users of solve:.*Total of 0 licenses in use' }
`,
  of: 'output',
  words: patterns,
  check: (words, view) => matchesMiss(outputOf(view).out, listOf(words)),
});

/** Only such files are ever written. */
const recordingName = z.string().regex(/^[^\0]+\.txt$/, {
  error: 'expected the name of a file beside this one that ends in .txt',
});

export const recorded = expectation({
  summary:
    'what the program prints is what a file beside this one has; `fauxlm run --update` writes it',
  example: `
- lmutil: lmstat -f solve
  expect: { recorded: lmstat-of-solve.txt }
`,
  of: 'output',
  words: recordingName,
  check(name, view) {
    const got = outputOf(view).out.replaceAll('\r\n', '\n');
    const { file, text } = view.recordings.textOf(name, { beside: view.beside, got });
    if (text === got) return undefined;
    const expected = `the output that ${file} has`;
    if (text === undefined) return { expected, got: 'no such file: --update writes it' };
    return { expected, got: firstDifference(text, got), near: ['--update takes the new one'] };
  },
});

/** Where two texts part. */
function firstDifference(expected: string, got: string): string {
  const [before, after] = [expected.split('\n'), got.split('\n')];
  const at = before.findIndex((line, index) => line !== after[index]);
  const line = at === -1 ? before.length : at;
  const shownLine = (text: string | undefined): string =>
    text === undefined ? 'the end' : `"${text}"`;
  return `${shownLine(after[line])} in line ${line + 1}, where it has ${shownLine(before[line])}`;
}

export const errors = expectation({
  summary: 'what the program prints on standard error contains each of these texts',
  example: `
- exec: echo nothing there >&2; exit 2
  expect: { exit: 2, errors: nothing there }
`,
  of: 'output',
  words: texts,
  check: (words, view) => containsMiss(outputOf(view).err, listOf(words)),
});

export const exit = expectation({
  summary: 'the exit status; 0 unless given',
  example: `
- stop: {}
- lmutil: lmstat -a
  expect: { exit: 241 }
`,
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

export const files = expectation({
  summary: 'the files that the program leaves in its folder',
  example: `
- exec: echo granted >out.txt
  expect: { files: { out.txt: { contains: granted }, core: { exists: false } } }
`,
  of: 'output',
  words: z.record(
    z.string(),
    z.strictObject({
      exists: z.boolean().optional(),
      contains: texts.optional(),
      lacks: texts.optional(),
      matches: patterns.optional(),
    }),
  ),
  check(words, { stand }) {
    for (const [name, wanted] of Object.entries(words)) {
      const path = join(stand.folder, 'work', name);
      const there = existsSync(path);
      if (there !== (wanted.exists ?? true)) {
        return { expected: `${there ? 'no ' : ''}file ${name}`, got: there ? 'one' : 'none' };
      }
      if (!there) continue;
      const text = stand.normalized(readFileSync(path, 'utf8'));
      const miss =
        containsMiss(text, listOf(wanted.contains)) ??
        lacksMiss(text, listOf(wanted.lacks)) ??
        matchesMiss(text, listOf(wanted.matches));
      if (miss) return { ...miss, expected: `in ${name} ${miss.expected}` };
    }
    return undefined;
  },
});
