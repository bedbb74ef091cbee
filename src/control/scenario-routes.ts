import { z } from 'zod';
import { KnownError } from '../base/errors.ts';
import type { ControlDesk } from './control-desk.ts';
import { type Route, reading, route } from './route.ts';
import type { ScenarioRuns } from './scenario-runs.ts';
import { runQuery, runState, runStateOf } from './scenario-schemas.ts';

/** Lines of one answer. */
const LINES_MAX = 1_000;

/** @throws KnownError CONTROL_SCENARIO without --scenarios */
export function runsOf({ scenarios }: ControlDesk): ScenarioRuns {
  if (scenarios !== undefined) return scenarios;
  throw new KnownError(
    'CONTROL_SCENARIO',
    'expected a server with --scenarios DIR, got one without',
  );
}

const wish = {
  mode: z.enum(['in-process', 'process', 'ledger']).optional().describe('[in-process]'),
  seed: z
    .string()
    .regex(/^[\w.-]{1,100}$/)
    .optional()
    .describe('what every random choice comes from [new]'),
};

/** Scenarios, run beside the server on servers of their own. */
export const scenarioRoutes: readonly Route[] = [
  {
    method: 'GET',
    path: '/scenarios',
    summary: 'the scenarios of the folder of --scenarios',
    answer: z.strictObject({ scenarios: z.array(z.string()) }),
    run: (_server, _input, desk) => ({ scenarios: runsOf(desk).names() }),
  },
  route({
    method: 'POST',
    path: '/scenarios/run',
    summary: 'runs one of them on servers of its own; answers at once: see /scenarios/result',
    body: z.strictObject({ scenario: z.string().describe('as /scenarios names it'), ...wish }),
    answer: runState,
    run: (_server, { scenario, ...how }, desk) =>
      runStateOf(runsOf(desk).startNamed(scenario, how)),
  }),
  route({
    method: 'POST',
    path: '/scenarios/text',
    summary: 'runs a scenario that is a text: it may run programs as the user of the server',
    role: 'admin',
    body: z.strictObject({ text: z.string().min(1).describe('YAML'), ...wish }),
    answer: runState,
    run: (_server, { text, ...how }, desk) => runStateOf(runsOf(desk).startText(text, how)),
  }),
  {
    method: 'GET',
    path: '/scenarios/runs',
    summary: 'runs under way, and the latest that are over',
    answer: z.strictObject({ runs: z.array(runState) }),
    run: (_server, _input, desk) => ({ runs: runsOf(desk).all.map(runStateOf) }),
  },
  reading({
    path: '/scenarios/result',
    summary:
      'what a run has told so far: ask again from `next` on until it is over; /scenarios/stream tells it as it comes',
    query: runQuery,
    answer: z.strictObject({
      run: runState,
      first: z.int().describe('number of the first line of this answer'),
      next: z.int().describe('what to ask for as `from` to go on'),
      told: z.array(z.unknown()).describe('lines of the reporter ndjson of fauxlm run'),
      errors: z.string().describe('what it told on standard error'),
    }),
    run: (_server, { id, from = 1 }, desk) => {
      const run = runsOf(desk).get(id);
      const { lines, dropped, errors } = run;
      const first = Math.min(Math.max(from, dropped + 1), dropped + lines.length + 1);
      const told = lines.slice(first - dropped - 1, first - dropped - 1 + LINES_MAX).map(parsed);
      return { run: runStateOf(run), first, next: first + told.length, told, errors };
    },
  }),
  route({
    method: 'POST',
    path: '/scenarios/stop',
    summary: 'ends a run; answers when it has ended',
    body: z.strictObject({ id: z.string().describe('of /scenarios/run') }),
    answer: runState,
    run: async (_server, { id }, desk) => {
      const run = runsOf(desk).get(id);
      await run.stop();
      return runStateOf(run);
    },
  }),
];

/** A program of the scenario may have written to the same output. */
function parsed(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return line;
  }
}
