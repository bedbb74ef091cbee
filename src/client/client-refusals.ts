import { refusalText } from '../base/flexnet-errors.ts';
import type { ClientRefusal } from './client-answers.ts';
import type { Refused } from './refused.ts';

/** What a client of the library is told of a no. */
export function asClientRefusal({ refusal, explanation }: Refused): ClientRefusal {
  const text = explanation?.join(' ') || refusalText(refusal);
  return { ok: false, refusal, text };
}
