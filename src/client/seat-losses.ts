import type { Refusal } from '../base/refusal.ts';
import { type Refused, refused } from './refused.ts';

/** Why a daemon has taken seats back without being asked. Anything else is a reason of a newer daemon. */
export const lossReasons = { removed: 1, inactive: 2, reread: 3 } as const;

/** What a client makes of each. unverified: FlexNet tells an application no more than that its license is gone. */
const losses: Readonly<Record<number, readonly [Refusal, string]>> = {
  [lossReasons.removed]: [{ major: -41, minor: 4 }, 'lmremove took the license back'],
  [lossReasons.inactive]: [{ major: -41, minor: 5 }, 'idle for longer than TIMEOUT allows'],
  [lossReasons.reread]: [{ major: -92, minor: 1 }, 'the license files have it no more'],
};
const otherLoss = [{ major: -41, minor: 6 }, 'the daemon took the license back'] as const;

/** A daemon's loss of seats, by the reason in its message, as a refusal. */
export function refusalOfLoss(reason: number): Refused {
  const [refusal, words] = losses[reason] ?? otherLoss;
  return refused('daemon', refusal, words);
}
