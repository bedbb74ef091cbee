import { didYouMean } from '../../base/nearest.ts';
import type { FaultOrder } from './order.ts';

/**
 * What is odd about a fault of features that no license has; nothing of others. It is taken all the same: somebody may
 * ask for such a feature, and a reread may bring it.
 */
export function faultRemark(
  { fault, words }: FaultOrder,
  features: readonly string[],
): string | undefined {
  const known = new Set(features.map((name) => name.toLowerCase()));
  const unknown = words['feature']?.split(',').find((name) => !known.has(name.toLowerCase()));
  if (unknown === undefined) return undefined;
  const meant = didYouMean(unknown, features);
  return `${fault}: expected feature= of the licenses, got "${unknown}", which none has${meant}`;
}
