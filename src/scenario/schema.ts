import { z } from 'zod';
import { KnownError } from '../base/errors.ts';
import { parseTime } from '../base/time-words.ts';
import { expectationTable } from './expectation-table.ts';
import { setNestedSteps } from './nested-steps.ts';
import type { Yield } from './step-row.ts';
import { stepTable } from './step-table.ts';
import { moment } from './steps/time.ts';
import { duration, faultText, name } from './words.ts';

/** The rows that may be expected of a step which yields that. */
function expectationsOf(yields: Yield) {
  const rows = Object.entries(expectationTable).filter(
    ([, { of }]) => of === 'state' || of === yields,
  );
  const shape = Object.fromEntries(
    rows.map(([key, { words, summary }]) => [key, words.optional().describe(summary)]),
  );
  return z.strictObject(shape);
}

/** What a checkout comes to, in one word. */
export const answerWords = ['granted', 'denied', 'queued'] as const;

export const expectations = {
  checkouts: z.union([z.enum(answerWords), expectationsOf('checkouts')]),
  output: expectationsOf('output'),
  start: expectationsOf('start'),
  jobs: expectationsOf('jobs'),
  nothing: expectationsOf('nothing'),
} as const;

/** What every step may have beside what it does. */
const stepFrame = {
  at: moment.optional().describe('waits until then first'),
  note: z.string().optional().describe('what it is for, in the timeline'),
  within: duration.optional().describe('what is expected may come true later, up to then'),
};

/** The names of a step's frame. */
export const frameNames: readonly string[] = [...Object.keys(stepFrame), 'expect'];

const stepSchemas = Object.entries(stepTable).map(([verb, { words, yields, summary }]) =>
  z
    .strictObject({ [verb]: words, expect: expectations[yields].optional(), ...stepFrame })
    .describe(summary),
);

const expectOnly = z
  .strictObject({ expect: expectations.nothing, ...stepFrame })
  .describe('looks how things stand');

const waitOnly = z.strictObject({ at: moment, note: z.string().optional() });

/** A step: one of the table's, or nothing but an expectation or a time. */
export const stepSchema = z.union([...stepSchemas, expectOnly, waitOnly] as unknown as [
  z.ZodObject,
  ...z.ZodObject[],
]);

setNestedSteps(z.array(stepSchema));

const fileOrText = z
  .string()
  .min(1, { error: 'expected a file or a text, got an empty text' })
  .describe('a file beside this one, or the text itself on lines of its own');

export const serverSchema = z.strictObject({
  name: name.optional().describe('how steps name it; server, server2 ... unless given'),
  license: fileOrText,
  options: z
    .union([fileOrText, z.record(z.string(), fileOrText)])
    .optional()
    .describe('the options file of its vendor daemon, or of each by name'),
  triad: z
    .boolean()
    .optional()
    .describe('its three SERVER lines are three servers, named by their hosts'),
  started: z.boolean().optional().describe('false: a step starts it'),
  fixedPorts: z
    .boolean()
    .optional()
    .describe('its vendor daemons listen where PORT= says; on free ports unless told'),
  lenient: z.boolean().optional().describe('serves what can be served of a faulty file'),
  singlePort: z.boolean().optional(),
  lmremoveAge: z.int().min(0).optional().describe('seconds before lmremove may take back'),
});

/** An ISO time. */
const time = z
  .string()
  .superRefine((text, context) => {
    try {
      parseTime(text, 'clock');
    } catch (error) {
      if (!(error instanceof KnownError)) throw error;
      context.addIssue({ code: 'custom', message: error.message.replace(/^clock: /, '') });
    }
  })
  .describe('when it begins: 2030-01-07T09:00');

const variable = z.union([z.string(), z.number(), z.boolean()]);

const variableName = z.string().regex(/^[A-Za-z][A-Za-z0-9_]*$/, {
  error: 'expected a name of letters, digits and _',
});

/** A whole scenario file. */
export const scenarioSchema = z
  .strictObject({
    $schema: z.string().optional(),
    name: name.describe('what it shows, in a line'),
    about: z.string().optional().describe('the story: what happens in the field, and why'),
    clock: time.optional(),
    seed: z.union([z.string(), z.number()]).optional(),
    vars: z
      .record(variableName, variable)
      .optional()
      .describe('what a name in $ and braces stands for'),
    matrix: z
      .record(variableName, z.array(variable).min(1))
      .optional()
      .describe('runs once for each combination of these variables'),
    servers: z.array(serverSchema).min(1),
    faults: z.array(faultText).optional().describe('in force from the start'),
    invariants: z
      .array(expectations.nothing)
      .optional()
      .describe('what is expected after every step'),
    steps: z.array(stepSchema).min(1),
  })
  .describe('a scenario of fauxlm run');

export type ScenarioWords = z.infer<typeof scenarioSchema>;

/** The JSON Schema of scenario files, for editors. */
export function scenarioJsonSchema(): object {
  return z.toJSONSchema(scenarioSchema, { io: 'input' });
}
