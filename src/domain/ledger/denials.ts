import type { Refusal } from '../../base/refusal.ts';
import { hostidMatches } from '../license/hostids.ts';
import { isExcluded, isIncluded } from '../options/rules.ts';
import type { CheckoutCommand } from './commands.ts';
import type { LedgerPool } from './holdings.ts';
import { isOverMax } from './max-limits.ts';
import { idleForOthers } from './reservations.ts';
import type { Phase } from './standings.ts';
import { isNewer, isVersionAsked } from './versions-asked.ts';

/** One request before one pool: all that a reason to deny may look at. */
export interface Trial {
  readonly request: CheckoutCommand;
  readonly pool: LedgerPool;
  /** Of the pool, at the moment of the request. */
  readonly phase: Phase;
  readonly capacity: number;
  /** The capacity without overdraft. */
  readonly issued: number;
  /** Seats asked for, or the pool's MINIMUM. */
  readonly count: number;
  /** Seats the pool's use would grow by; 0 when the request's DUP_GROUP holds enough already. */
  readonly added: number;
}

/**
 * A reason to deny. `minor` is FlexNet's own where one was seen, else a number from 900 of ours.
 */
export interface Denial extends Refusal {
  readonly id: string;
  readonly when: (trial: Trial) => boolean;
}

/** More than any license file grants; above it a sum of counts could lose its last digit. */
const COUNT_MAX = 2 ** 31 - 1;

/**
 * The reasons of a pool to deny, in order of precedence: the first that holds is the pool's answer.
 *
 * When no pool grants, the client hears of the pool that came closest to granting, which is the one
 * whose answer stands lowest in this table; of equals, the one tried first. So the reported reason
 * is the most specific: "all in use" beats "expired", as another pool's expiry is no news to who
 * only has to wait.
 *
 * Public sources fix no full order; see `unverified:` in the docs of each guess. What they fix is
 * kept: a denial reports the last, most specific reason. Source: error list; LAG, "Error Code
 * Descriptions".
 *
 * Who is excluded hears so before who is not included, and both before MAX and availability. Source: LAG,
 * "Rules of Precedence in Options Files". unverified: the rest of that order, and the minors.
 *
 * A place is kept for queueing: -24 others are waiting, after `allInUse`.
 */
export const denials = [
  {
    id: 'badCount',
    major: -42,
    minor: 901,
    when: ({ request }) =>
      !(Number.isInteger(request.count) && request.count >= 1 && request.count <= COUNT_MAX),
  },
  {
    id: 'badVersion',
    major: -77,
    minor: 902,
    when: ({ request }) => !isVersionAsked(request.version),
  },
  {
    id: 'notStarted',
    major: -31,
    minor: 903,
    when: ({ phase }) => phase === 'notStarted',
  },
  {
    // unverified: minor 32 is only reported second-hand.
    id: 'expired',
    major: -10,
    minor: 32,
    when: ({ phase }) => phase === 'expired',
  },
  {
    // Minor 57 was seen from a client.
    id: 'hostid',
    major: -9,
    minor: 57,
    when: ({ pool, request }) => isLockedElsewhere(pool, request),
  },
  {
    id: 'platform',
    major: -89,
    minor: 904,
    when: ({ pool, request }) => isOtherPlatform(pool, request),
  },
  {
    // Minor 334 was seen in public server logs.
    id: 'version',
    major: -25,
    minor: 334,
    when: ({ pool, request }) => isNewer(request.version, pool.version),
  },
  {
    id: 'excluded',
    major: -38,
    minor: 907,
    when: ({ pool: { rules }, request }) =>
      rules !== undefined && isExcluded(rules, request.client),
  },
  {
    id: 'notIncluded',
    major: -39,
    minor: 908,
    when: ({ pool: { rules }, request }) =>
      rules !== undefined && rules.named?.isEmpty !== true && !isIncluded(rules, request.client),
  },
  {
    // USER_BASED or HOST_BASED, and no INCLUDE line names anybody.
    id: 'nobodyNamed',
    major: -84,
    minor: 909,
    when: ({ pool: { rules } }) => rules?.named?.isEmpty === true,
  },
  {
    id: 'maxReached',
    major: -87,
    minor: 910,
    when: ({ pool, request, added }) =>
      pool.maxLimits.length > 0 && added > 0 && isOverMax(pool.maxLimits, request.client, added),
  },
  {
    id: 'tooMany',
    major: -26,
    minor: 905,
    when: ({ pool, capacity, count, added }) => pool.counted && added > 0 && count > capacity,
  },
  {
    // There are seats, but what others have reserved and do not use leaves too few.
    id: 'allReserved',
    major: -101,
    minor: 911,
    when: ({ pool, capacity, issued, request, added }) => {
      if (pool.reservations.length === 0 || !pool.counted || added === 0) return false;
      const free = capacity - pool.used;
      return (
        added <= free && added > free - idleForOthers(pool.reservations, issued, request.client)
      );
    },
  },
  {
    // Minor 342 was seen in public server logs.
    id: 'allInUse',
    major: -4,
    minor: 342,
    when: ({ pool, capacity, added }) => pool.counted && added > 0 && pool.used + added > capacity,
  },
] as const satisfies readonly Denial[];

export type DenialId = (typeof denials)[number]['id'];

const rows: readonly Denial[] = denials;

/** Reasons that pass when a seat comes back. */
const passing: ReadonlySet<string> = new Set<DenialId>(['maxReached', 'allReserved', 'allInUse']);
const passingRows: readonly boolean[] = denials.map(({ id }) => passing.has(id));

/** What a client hears, one object a row: handed out with every denial. */
const refusals: readonly Refusal[] = denials.map(({ major, minor }) => ({ major, minor }));

/** The row of the first reason that holds, or -1 when the pool grants. */
export function denialRow(trial: Trial): number {
  for (let row = 0; row < rows.length; row++) {
    if (rows[row]!.when(trial)) return row;
  }
  return -1;
}

/** True if the row's reason is that seats are out: one that comes back may end it. */
export function isPassing(row: number): boolean {
  return passingRows[row] === true;
}

export function refusalOf(row: number): Refusal {
  return refusals[row]!;
}

/** No line of this daemon has the feature. Minor 346 was seen in public server logs. */
export const noSuchFeature: Refusal = { major: -5, minor: 346 };

/** A check-in or lmremove named nothing that is out. */
export const neverCheckedOut: Refusal = { major: -41, minor: 906 };

/** lmremove cannot free a seat that only lingers. Source: LAG, "LINGER"; error list, -100. */
export const lingering: Refusal = { major: -100, minor: 920 };

function isLockedElsewhere(pool: LedgerPool, { client }: CheckoutCommand): boolean {
  const { hostids } = pool;
  return hostids !== undefined && !hostids.some((hostid) => hostidMatches(hostid, client));
}

/**
 * PLATFORMS names platform tags; a client's tag may go on with the digits of a system's release, so `i86_n`
 * takes in `i86_n3`. Letter case is aside. unverified: the digits; guides show tags without, clients send them.
 */
function isOtherPlatform({ platforms }: LedgerPool, { client }: CheckoutCommand): boolean {
  if (platforms === undefined) return false;
  const platform = client.platform.toLowerCase();
  return !platforms.some((each) => {
    const tag = each.toLowerCase();
    return platform.startsWith(tag) && /^\d*$/.test(platform.slice(tag.length));
  });
}
