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
  jobs: {},
  nothing: {},
};

const answers: readonly string[] = answerWords;

/** The first expectation that does not hold; undefined when all do. */
export async function firstMiss(expected: Expected, view: View): Promise<Miss | undefined> {
  for (const [name, words] of Object.entries(wanted(expected))) {
    if (words === undefined) continue;
    const miss = await expectationTable[name]!.check(words, view);
    if (miss) return miss;
  }
  return undefined;
}

function wanted({ words, yields }: Expected): Readonly<Record<string, unknown>> {
  const given = words ?? {};
  if (typeof given === 'string') return { [given]: true };
  const own = given as Readonly<Record<string, unknown>>;
  const isAnswered = Object.keys(own).some(
    (name) => answers.includes(name) || name === 'exit' || name === 'refused',
  );
  return isAnswered ? own : { ...defaults[yields], ...own };
}
