import type { EpochMs } from '../base/clock.ts';
import { isoStamp } from '../base/local-time.ts';

/** Where a request would stand in the queue, and what would serve it. */
export interface QueueText {
  readonly position: number;
  readonly lines: readonly {
    readonly feature: string;
    readonly version: string;
    readonly waiting: number;
  }[];
  readonly linesLeftOut: number;
  readonly before: readonly WaitingText[];
  readonly served:
    | { readonly by: 'returns'; readonly count: number; readonly returns: readonly ReturnText[] }
    | { readonly by: 'nothing'; readonly behind?: WaitingText }
    | { readonly by: 'unknown' };
}

interface WaitingText {
  readonly user: string;
  readonly host: string;
  readonly count: number;
  readonly since: EpochMs;
}

interface ReturnText {
  readonly user: string;
  readonly host: string;
  readonly handle?: number;
  readonly until?: EpochMs;
}

/** As lines for people: the place in the queue, who is before it, and what would serve it. */
export function queueLines(queue: QueueText): readonly string[] {
  const { position, before } = queue;
  const more = position - 1 - before.length;
  const rest = more > 0 ? [`  before it: ${more} more`] : [];
  return [
    `If it waited (checkout --wait): ${placeText(position)}, for ${linesText(queue)}`,
    ...before.map(({ user, host, count, since }) => {
      return `  before it: ${user}@${host}, waits for ${count} since ${isoStamp(since)}`;
    }),
    ...rest,
    ...servedLines(queue),
  ];
}

function placeText(position: number): string {
  return position === 1 ? 'next in the queue' : `number ${position} in the queue`;
}

function linesText({ lines, linesLeftOut }: QueueText): string {
  const named = lines.map(({ feature, version, waiting }) => {
    return `${feature} v${version} (${waiting === 0 ? 'nobody waits' : `${waiting} waiting`})`;
  });
  const more = linesLeftOut > 0 ? ` and ${linesLeftOut} more pools` : '';
  return `${named.join(', ')}${more}`;
}

function servedLines({ served }: QueueText): readonly string[] {
  if (served.by === 'unknown') return ['  too much is out to say what would serve it'];
  if (served.by === 'nothing') return [`  never served: ${neverText(served.behind)}`];
  const { count, returns } = served;
  const checkouts =
    count === 1 ? '1 checkout is back' : `${count} checkouts are back, oldest first`;
  const more = count > returns.length ? [`    and ${count - returns.length} more`] : [];
  return [
    `  served when ${checkouts}:`,
    ...returns.map((each) => `    ${returnText(each)}`),
    ...more,
  ];
}

function neverText(behind: WaitingText | undefined): string {
  if (behind === undefined) return 'it would get none of what comes back';
  const { user, host, count } = behind;
  return `${user}@${host} is before it, waits for ${count}, and gets none of what comes back`;
}

function returnText({ user, host, handle, until }: ReturnText): string {
  const which = handle === undefined ? 'waits now, and has its turn before' : `handle ${handle}`;
  const end = until === undefined ? '' : `, back by itself at ${isoStamp(until)}`;
  return `${user}@${host} (${which}${end})`;
}
