import type { StandCheckout } from './stand.ts';

/** Process ids begin here: each client has one of its own, the same in each run. */
export const FIRST_PID = 1_000;

/** `ann@ws1` */
export function clientNameOf({ user, host }: StandCheckout): string {
  return `${user}@${host}`;
}

/** `ann@ws1` as user and host. */
export function whoIs(text: string): { readonly user: string; readonly host: string } {
  const at = text.indexOf('@');
  return { user: text.slice(0, at), host: text.slice(at + 1) };
}
