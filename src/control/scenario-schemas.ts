import { z } from 'zod';
import { queryNumber, queryText } from './query-fields.ts';
import type { ScenarioRun } from './scenario-run.ts';

/** How a run stands. */
export const runState = z.strictObject({
  id: z.string(),
  scenario: z.string(),
  state: z
    .enum(['waiting', 'running', 'passed', 'failed', 'mistaken', 'broken', 'stopped'])
    .describe('mistaken: the file has mistakes; broken: it came to no end of its own'),
  exit: z.int().nullable().describe('status of fauxlm run'),
  lines: z.int().describe('that it has told so far'),
});

/** A run as it is answered. */
export function runStateOf({ id, scenario, state, exit, told }: ScenarioRun) {
  return { id, scenario, state, exit, lines: told };
}

/** Which lines of which run. */
export const runQuery = z.strictObject({
  id: queryText.describe('of /scenarios/run'),
  from: queryNumber(9).optional().describe('number of the first line that is wanted [1]'),
});
