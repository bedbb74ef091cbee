import { setTimeout as delay } from 'node:timers/promises';
import type { ClientContext } from '../client/context.ts';
import { notOurs } from '../client/greeting.ts';
import { ManagerLine } from '../client/manager-line.ts';
import { isRefused } from '../client/refused.ts';
import { OWN_VERSION } from '../wire/messages/own.ts';
import type { LiveServer } from './live-target.ts';

/** A server tells whole seconds: it is asked until the next one has begun, and by then so often. */
const ASKED_EVERY_MS = 20;
const ASKED_MAX = 75;
/** Good enough for series of seconds. */
const NEAR_MS = 50;
/** What is known less well than this is not known. */
const FAR_MS = 400;

/**
 * How far the clock of the first manager that answers is ahead of this machine's, in milliseconds; takes a little
 * more than a second. Undefined when none answers, or when its clock does not run as ours does (--clock).
 */
export async function serverAheadMs(
  { addresses }: LiveServer,
  context: ClientContext,
): Promise<number | undefined> {
  for (const address of addresses) {
    const line = await ManagerLine.open(address, context);
    if (isRefused(line)) continue;
    const ahead = notOurs(line.greeted) ? undefined : await aheadOver(line, context);
    line.close();
    return ahead;
  }
  return undefined;
}

/** Each answer bounds the difference from both sides: its second had begun when it came, and not ended when asked. */
async function aheadOver(line: ManagerLine, { clock }: ClientContext): Promise<number | undefined> {
  const { connection } = line.greeted;
  let least = Number.NEGATIVE_INFINITY;
  let most = Number.POSITIVE_INFINITY;
  let first: number | undefined;
  // A clock that stands still looks right until the next second does not begin.
  let isMoving = false;
  for (let asked = 0; asked < ASKED_MAX && !(isMoving && most - least <= NEAR_MS); asked++) {
    const before = clock.now();
    const answer = await connection.ask('serverRequest', { ownVersion: OWN_VERSION, tag: 1 });
    if (answer.kind !== 'serverAnswer') return undefined;
    const second = answer.value.serverTime * 1000;
    least = Math.max(least, second - clock.now());
    most = Math.min(most, second + 1000 - before);
    if (least > most) return undefined;
    first ??= second;
    isMoving ||= second > first;
    await delay(ASKED_EVERY_MS);
  }
  return !isMoving || most - least > FAR_MS ? undefined : Math.round((least + most) / 2);
}
