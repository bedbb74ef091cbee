import type { StandCheckout } from './stand.ts';

/** Process ids begin here: each client has one of its own, the same in each run. */
export const FIRST_PID = 1_000;

/** `ann@ws1` */
export function clientNameOf({ user, host }: StandCheckout): string {
  return `${user}@${host}`;
}
