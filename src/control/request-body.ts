import type { z } from 'zod';
import { KnownError } from '../base/errors.ts';

/** Faults told of one body: a wrong one may have thousands. */
const FAULTS_TOLD_MAX = 5;

/** The body or query as its schema has it. @throws KnownError CONTROL_REQUEST naming each field at fault */
export function readInput<Schema extends z.ZodType>(
  schema: Schema,
  input: unknown,
  where: 'body' | 'query' = 'body',
): z.infer<Schema> {
  const read = schema.safeParse(input ?? {});
  if (read.success) return read.data;
  const faults = read.error.issues.slice(0, FAULTS_TOLD_MAX).map(({ path, message }) => {
    const place = path.length === 0 ? where : path.map(String).join('.');
    return `${place}: ${message}`;
  });
  throw new KnownError('CONTROL_REQUEST', faults.join('; ').slice(0, 500));
}
