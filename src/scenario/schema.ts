import { z } from 'zod';
import { parseTime } from '../base/time-words.ts';
import { checkTimeZone } from '../base/time-zone.ts';
import { parsedText } from '../documents/parsed-text.ts';
import { expectationTable } from './expectation-table.ts';
import { setNestedSteps } from './nested-steps.ts';
import type { Yield } from './step-row.ts';
import { stepTable } from './step-table.ts';
import { moment } from './steps/time.ts';
import { duration, faultOrder, name, variableName } from './words.ts';

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
  load: expectationsOf('load'),
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
const noteOnly = z.strictObject({ note: z.string() });

const variable = z.union([z.string(), z.number(), z.boolean()]);

const variables = z.record(variableName, variable);

/** Gone when a file is read: the items of the other file stand in its place. */
const includeItem = z
  .strictObject({
    include: name.describe('a file beside this one (*.part.yaml): a list, put in here'),
    with: variables.optional().describe('variables of that file'),
  })
  .describe('puts the list of another file in');

/** Steps that no row of the table has, by the entry that tells them; the first of these that is there. */
const otherSteps = {
  include: includeItem,
  expect: expectOnly,
  at: waitOnly,
  note: noteOnly,
} as const;

/**
 * Among alternatives zod takes one that has unknown names only for the one that is meant; a step with a note would be
 * told that it may be nothing but a note.
 */
function whole<Schema extends z.ZodType>(schema: Schema): Schema {
  return schema.check(({ issues }) => {
    issues.splice(0, issues.length, ...issues.map((issue) => ({ ...issue, continue: false })));
  });
}

/** Entries that tell steps which are not the table's, the strongest first. */
export const otherStepNames: readonly string[] = Object.keys(otherSteps);

/** A step: one of the table's in its order, then those of `otherStepNames` in theirs. */
export const stepSchema = z.union([
  ...stepSchemas,
  ...Object.values(otherSteps).map(whole),
] as unknown as [z.ZodObject, ...z.ZodObject[]]);

setNestedSteps(z.array(stepSchema));

const fileOrText = z
  .string()
  .min(1, { error: 'expected a file or a text, got an empty text' })
  .describe('a file beside this one, or the text itself on lines of its own');

const timeZone = parsedText(
  (text) => checkTimeZone(text, 'timeZone'),
  'in which it counts days and writes its log: Europe/Berlin; UTC unless given',
);

const ownServer = z.strictObject({
  name: z
    .string()
    .regex(/^[A-Za-z0-9][\w.-]{0,63}$/, { error: 'expected a name of letters, digits, _ . and -' })
    .optional()
    .describe('how steps name it; server, server2 ... unless given'),
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
  timeZone: timeZone.optional(),
  lmremoveAge: z.int().min(0).optional().describe('seconds before lmremove may take back'),
});

/** A server, or a file of servers. */
export const serverSchema = z.union([ownServer, includeItem]);

/** A server, when files that were named are put in. */
export type ServerWords = z.infer<typeof ownServer>;

/** An ISO time. */
const time = parsedText((text) => parseTime(text, 'clock'), 'when it begins: 2030-01-07T09:00');

/** A whole scenario file. */
export const scenarioSchema = z
  .strictObject({
    $schema: z.string().optional(),
    name: name.describe('what it shows, in a line'),
    about: z.string().optional().describe('the story: what happens in the field, and why'),
    clock: time.optional(),
    seed: z.union([z.string(), z.number()]).optional(),
    vars: variables.optional().describe('what a name in $ and braces stands for'),
    matrix: z
      .record(variableName, z.array(variable).min(1))
      .optional()
      .describe('runs once for each combination of these variables'),
    servers: z.array(serverSchema).min(1),
    faults: z.array(faultOrder).optional().describe('in force from the start'),
    invariants: z
      .array(expectations.nothing)
      .optional()
      .describe('what is expected after every step'),
    steps: z.array(stepSchema).min(1),
  })
  .describe('a scenario of fauxlm run');

export type ScenarioWords = Omit<z.infer<typeof scenarioSchema>, 'servers'> & {
  readonly servers: readonly ServerWords[];
};

/** The JSON Schema of scenario files, for editors. */
export function scenarioJsonSchema(): object {
  return z.toJSONSchema(scenarioSchema, { io: 'input' });
}
