import type { Rng } from '../../base/rng.ts';
import { drawn } from './distributions.ts';
import type { RetryPolicy } from './model.ts';

/**
 * How long who was denied `attempts` times waits before it asks again; undefined when it gives up. The wait grows by
 * the policy's factor with each attempt, up to its longest.
 */
export function waitBeforeRetry(
  policy: RetryPolicy | undefined,
  attempts: number,
  rng: Rng,
): number | undefined {
  if (policy === undefined || attempts >= policy.attemptsMax) return undefined;
  const grown = drawn(policy.after, rng) * policy.factor ** (attempts - 1);
  return Math.min(grown, policy.waitMsMax);
}
