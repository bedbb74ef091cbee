import { z } from 'zod';
import { nestedSteps } from '../nested-steps.ts';
import { done, type RawStep, step } from '../step-row.ts';
import { count, variableName } from '../words.ts';

export const repeat = step({
  summary: 'takes steps again and again; `as` names a variable that counts from 1',
  example: `
- repeat:
    times: 3
    as: n
    steps:
      - checkout: { feature: mesh, user: 'user\${n}@ws1' }
`,
  words: z.strictObject({
    times: count,
    as: variableName.optional(),
    steps: nestedSteps,
  }),
  nested: ({ steps }) => steps as readonly RawStep[],
  async run({ times, as, steps }, { take }) {
    for (let n = 1; n <= times; n++) {
      await take(steps as readonly RawStep[], as === undefined ? {} : { [as]: n });
    }
    return done(`${times} times`);
  },
  show: ({ times }) => `repeat ${times} times`,
});

export const parallel = step({
  summary: 'takes several rows of steps at the same time; goes on when all have ended',
  example: `
- parallel:
    - - checkout: { feature: solve, user: ann@ws1 }
    - - checkout: { feature: solve, user: ben@ws2 }
`,
  words: z.array(nestedSteps).min(1).max(100),
  nested: (rows) => rows.flat() as readonly RawStep[],
  async run(rows, { takeTogether }) {
    await takeTogether(rows as readonly (readonly RawStep[])[]);
    return done(`${rows.length} rows`);
  },
  show: (rows) => `${rows.length} rows in parallel`,
});
