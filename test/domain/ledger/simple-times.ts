import type { Client } from '../../../src/domain/ledger/model.ts';
import { monday } from '../../make.ts';
import type { SimplePool } from './simple-pools.ts';
import { isAbout, isWho, type SimpleOptions, type SimpleRule } from './simple-rules.ts';

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

/** What license and options file say of borrowing a pool, and of one client's doing so. */
export function borrowOf(pool: SimplePool, options: SimpleOptions, client: Client) {
  const about = (keyword: SimpleRule['keyword']) =>
    options.rules.filter((rule) => rule.keyword === keyword && isAbout(rule, pool));
  const hours = pool.lines.flatMap(({ borrow }) => borrow ?? []);
  const most = about('MAX_BORROW_HOURS').at(-1)?.count ?? Infinity;
  const me = (rule: SimpleRule) => isWho(rule, client, options);
  const included = about('INCLUDE_BORROW');
  return {
    longestMs:
      hours.length === 0 ? undefined : Math.min(Math.max(...hours), most) * 60 * 60 * SECOND,
    lowWater: about('BORROW_LOWWATER').at(-1)?.count ?? 0,
    isExcluded: about('EXCLUDE_BORROW').some(me),
    isIncluded: included.length === 0 || included.some(me),
  };
}
