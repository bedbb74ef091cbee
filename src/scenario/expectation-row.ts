import type { z } from 'zod';
import type { Outcome } from './outcomes.ts';
import type { Recordings } from './recordings.ts';
import type { Need, Stand } from './stand.ts';
import type { Yield } from './step-row.ts';

/** What an expectation looks at. */
export interface View {
  readonly stand: Stand;
  /** What the step came to. */
  readonly outcome: Outcome | undefined;
  /** The file that it stands in: files that it names are beside that. */
  readonly beside: string;
  readonly recordings: Recordings;
}

/** How an expectation was missed. */
export interface Miss {
  readonly expected: string;
  readonly got: string;
  /** What came nearest to what was expected. */
  readonly near?: readonly string[];
  /** What may still come true is asked again at the end of the scenario. */
  readonly later?: () => Miss | undefined;
}

/** A kind of expectation, one row each. */
export interface ExpectationRow {
  readonly summary: string;
  readonly example: string;
  readonly words: z.ZodType;
  /** Of what steps: `state` is of all. */
  readonly of: Exclude<Yield, 'nothing'> | 'state';
  /** What it looks at that not every stand has. */
  readonly needs?: Need;
  /** Nothing when it holds. */
  check(words: unknown, view: View): Promise<Miss | undefined>;
}

export function expectation<Words extends z.ZodType>(row: {
  readonly summary: string;
  readonly example: string;
  readonly words: Words;
  readonly of: ExpectationRow['of'];
  readonly needs?: Need;
  check(words: z.infer<Words>, view: View): Miss | undefined | Promise<Miss | undefined>;
}): ExpectationRow {
  return { ...row, check: async (words, view) => row.check(words as never, view) };
}
