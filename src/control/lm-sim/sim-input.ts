import { z } from 'zod';
import { KnownError } from '../../base/errors.ts';
import { serverTypes } from './license-book.ts';

/** Pydantic, which reads the bodies of the simulator, takes `"10"` for 10. */
const whole = z.preprocess(
  (value) => (typeof value === 'string' && /^\d{1,9}$/.test(value) ? Number(value) : value),
  z.int().min(1, 'expected 1 or more').max(999_999_999),
);

const text = z.string().min(1, 'expected a name').max(255);

/** Fields nobody knows are passed over, as there. */
export const newLicense = z.object({
  name: z
    .string()
    .regex(/^[A-Za-z0-9_][\w.+:-]{0,99}$/, 'expected letters, digits and _ . + : -, 100 at most'),
  total: whole,
  // Its older editions know no other.
  license_server_type: z.enum(serverTypes).default('flexlm'),
});

export const newLicenseInUse = z.object({
  quantity: whole,
  user_name: text,
  lead_host: text,
  license_name: z.string(),
});

/** Details of a failure, answered as FastAPI does. */
interface SimFault {
  readonly loc: readonly (string | number)[];
  readonly msg: string;
  readonly type: string;
}

/** A failure with the status that the simulator gives it. */
export function simError(
  status: number,
  message: string,
  detail?: readonly SimFault[],
): KnownError {
  return new KnownError('CONTROL_REQUEST', message, { status, detail: detail ?? message });
}

/** What `schema` makes of an input; `where` is `body` or `path`. @throws KnownError with status 422 */
export function readSim<Schema extends z.ZodType>(
  schema: Schema,
  input: unknown,
  where: 'body' | 'path' = 'body',
): z.infer<Schema> {
  const read = schema.safeParse(input ?? {});
  if (read.success) return read.data;
  const faults = read.error.issues.map(({ path, message, code }) => {
    const loc = [where, ...path.map((part) => (typeof part === 'number' ? part : String(part)))];
    return { loc, msg: message, type: code ?? 'invalid' };
  });
  throw simError(422, `${where}: expected another`, faults);
}
