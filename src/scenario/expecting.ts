import type { Miss, View } from './expectation-row.ts';
import { expectationTable } from './expectation-table.ts';
import { answerWords } from './schema.ts';
import type { Yield } from './step-row.ts';

/** What is expected of a step, as its file has it. */
export interface Expected {
  readonly words: unknown;
  readonly yields: Yield;
}

/** What is expected where nothing is said: licenses are granted, programs succeed. */
const defaults: Readonly<Record<Yield, Readonly<Record<string, unknown>>>> = {
  checkouts: { granted: true },
  output: { exit: 0 },
  start: { refused: false },
  jobs: { started: 'all' },
  load: { thresholds: ['failed<=0', 'losses<=0'] },
  nothing: {},
};

const answers: readonly string[] = answerWords;
/** Whoever says one of these says what is to come of the step. */
const ownAnswers: readonly string[] = ['exit', 'refused', 'started', 'ended', 'thresholds'];

/**
 * The first expectation that does not hold; undefined when all do. What may still come true is no miss where `defer`
 * takes it.
 */
export async function firstMiss(
  expected: Expected,
  view: View,
  defer?: (later: () => Miss | undefined) => void,
): Promise<Miss | undefined> {
  for (const [name, words] of Object.entries(wanted(expected))) {
    if (words === undefined) continue;
    const miss = await expectationTable[name]!.check(words, view);
    if (miss === undefined) continue;
    if (defer === undefined || miss.later === undefined) return miss;
    defer(miss.later);
  }
  return undefined;
}

function wanted({ words, yields }: Expected): Readonly<Record<string, unknown>> {
  const given = words ?? {};
  if (typeof given === 'string') return { [given]: true };
  const own = given as Readonly<Record<string, unknown>>;
  const isAnswered = Object.keys(own).some(
    (name) => answers.includes(name) || ownAnswers.includes(name),
  );
  return isAnswered ? own : { ...defaults[yields], ...own };
}
