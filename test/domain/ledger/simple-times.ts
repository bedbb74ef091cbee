import { monday } from '../../make.ts';
import type { SimplePool } from './simple-pools.ts';
import { isAbout, type SimpleOptions } from './simple-rules.ts';

/** What time does to seats, as plainly as that can be said. Shares no code with the ledger. */
const SECOND = 1000;
export const simplePolicy = { lingerFloorSeconds: 0, timeoutFloorSeconds: 900 };
export const simpleSilenceSeconds = 5 * 60 * 60;

/** The daemon looks at full minutes since its start. */
export function nextScan(at: number): number {
  let scan = monday + Math.floor((at - monday) / 60_000) * 60_000;
  if (scan < at) scan += 60_000;
  return scan;
}

export function lingerMs(pool: SimplePool, options: SimpleOptions): number {
  const line = options.rules.findLast((rule) => rule.keyword === 'LINGER' && isAbout(rule, pool));
  const licensed = pool.lines.map(({ linger }) => linger);
  return Math.max(...licensed, line ? secondsOf(line.count) : 0) * SECOND;
}

export function timeoutMs(pool: SimplePool, options: SimpleOptions): number | undefined {
  const own = options.rules.findLast((rule) => rule.keyword === 'TIMEOUT' && isAbout(rule, pool));
  const line = own ?? options.rules.findLast(({ keyword }) => keyword === 'TIMEOUTALL');
  if (line === undefined || line.count === 0) return undefined;
  return Math.max(secondsOf(line.count), simplePolicy.timeoutFloorSeconds) * SECOND;
}

/** Some hours, never a full minute: 0, 833, 1667 ... seconds. */
export function secondsOf(count: number): number {
  return Math.round((count * 5000) / 6);
}

/** The instant at which the last of a pool's lines is over. */
export function expiryOf({ lines }: SimplePool): number {
  const days = lines.map(({ lastDay = Infinity }) => lastDay);
  return (Math.max(...days) + 1) * 24 * 60 * 60 * SECOND;
}
