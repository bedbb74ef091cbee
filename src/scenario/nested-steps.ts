import { z } from 'zod';

let list: z.ZodType = z.never();

/** Steps inside of steps: their schema is made of all of them, those that hold this included. */
export const nestedSteps = z.lazy(() => list);

/** Told once by the schema of steps. */
export function setNestedSteps(schema: z.ZodType): void {
  list = schema;
}
