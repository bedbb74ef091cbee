import type { DupGroup } from '../../../src/domain/license/model.ts';
import type { PoolDefinition } from '../../../src/domain/license/pool-definition.ts';
import { makeFeatureLine, permanent } from '../../make.ts';

/** A pool in few words: versions as text, days counted from 1970 in UTC. */
export interface SimplePool {
  readonly feature: string;
  readonly version: string;
  readonly counted: boolean;
  /** NONE, SITE or letters out of UHDV. */
  readonly dup: string;
  readonly hostid: string | undefined;
  readonly platform: string | undefined;
  /** USER_BASED=; 0 without a number. */
  readonly userBased: number | undefined;
  readonly minimum: number | undefined;
  /** SN=, of a vendor whose serial numbers have seats for user and host. */
  readonly serial: string | undefined;
  readonly lines: readonly SimpleLine[];
}

export interface SimpleLine {
  readonly firstDay: number | undefined;
  readonly lastDay: number | undefined;
  readonly count: number;
  readonly overdraft: number;
  /** LINGER= in seconds. */
  readonly linger: number;
  /** BORROW= in hours. */
  readonly borrow: number | undefined;
}

const DAY_MS = 24 * 60 * 60 * 1000;

/** What tells pools apart, as text. */
export function idOf(pool: SimplePool): string {
  const { feature, version, counted, dup, hostid, platform, userBased, serial } = pool;
  const name = feature.toLowerCase();
  return [name, version, counted, dup, hostid, platform, userBased, serial].join('/');
}

/** The same pool in the ledger's own words. */
export function definitionOf(pool: SimplePool): PoolDefinition {
  const { feature, version, counted, hostid, platform, userBased, minimum, serial } = pool;
  return {
    id: idOf(pool),
    feature,
    vendor: 'acmed',
    version,
    counted,
    dupGroup: dupGroupOf(pool.dup),
    ...(serial !== undefined && { serialNumber: serial }),
    ...(serial !== undefined && counted && { serialSharing: dupGroupOf('UH') }),
    ...(hostid !== undefined && { hostids: [hostid] }),
    ...(platform !== undefined && { platforms: [platform] }),
    lines: pool.lines.map(({ firstDay, lastDay, count, overdraft, linger, borrow }) =>
      makeFeatureLine({
        name: feature,
        version,
        count,
        expiry:
          lastDay === undefined ? permanent : { kind: 'date', text: '', date: dateOf(lastDay) },
        attributes: {
          ...(firstDay !== undefined && { start: dateOf(firstDay) }),
          ...(userBased !== undefined && { userBased }),
          ...(minimum !== undefined && { minimum }),
          ...(overdraft > 0 && { overdraft }),
          ...(linger > 0 && { lingerSeconds: linger }),
          ...(borrow !== undefined && { borrowHours: borrow }),
        },
      }),
    ),
  };
}

export function dupGroupOf(dup: string): DupGroup {
  if (dup === 'NONE') return { kind: 'none' };
  if (dup === 'SITE') return { kind: 'site' };
  const has = (letter: string) => dup.includes(letter);
  return { kind: 'fields', user: has('U'), host: has('H'), display: has('D'), vendor: has('V') };
}

function dateOf(day: number): { year: number; month: number; day: number } {
  const date = new Date(day * DAY_MS);
  return { year: date.getUTCFullYear(), month: date.getUTCMonth() + 1, day: date.getUTCDate() };
}
