import { z } from 'zod';

/** A text of a query. */
export const queryText = z.string().max(1_024);

/** A number of a query, which is sent as a text of at most so many digits. */
export function queryNumber(digitsMax: number) {
  const digits = new RegExp(`^\\d{1,${digitsMax}}$`);
  return z.string().regex(digits, 'expected a whole number').transform(Number);
}
