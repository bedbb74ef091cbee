import type { Refusal } from '../../base/refusal.ts';
import { isExcluded, isIncluded } from '../options/rules.ts';
import { borrowDenials, borrowLowWater } from './borrow-denials.ts';
import type { Denial } from './denial.ts';
import {
  heldForOthers,
  isBehind,
  isLockedElsewhere,
  isOtherPlatform,
  remoteSessionsMax,
} from './denial-tests.ts';
import type { LedgerPool } from './holdings.ts';
import { isOverMax } from './max-limits.ts';
import { isSerialFree, lacksSerial } from './serials.ts';
import type { Trial } from './trials.ts';
import { isNewer, isVersionAsked } from './versions-asked.ts';

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
    // Its PACKAGE line is no use.
    id: 'badPackage',
    major: -82,
    minor: 912,
    concerns: ({ definition }) => definition.package?.role === 'bad',
    when: () => true,
  },
  {
    // A suite's seats go out with a component's only.
    id: 'onlyPackage',
    major: -125,
    minor: 913,
    concerns: ({ definition }) => definition.package?.role === 'suite',
    when: ({ withComponent }) => !withComponent,
  },
  {
    id: 'clocksDiffer',
    major: -34,
    minor: 931,
    when: ({ pool, request: { skewMs } }) => skewMs !== undefined && pool.clock.isSkewed(skewMs),
  },
  {
    // Only lines that expire care. Source: error list, -88.
    id: 'clockSetBack',
    major: -88,
    minor: 932,
    concerns: ({ definition }) => definition.lines.some(({ expiry }) => expiry.kind === 'date'),
    when: ({ pool, now }) => pool.clock.isSetBack(now),
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
    // HOSTID= of a FLOAT_OK line does not name exactly one dongle.
    id: 'floatOkDongle',
    major: -121,
    minor: 914,
    concerns: ({ definition }) => definition.floatOk === 'bad',
    when: () => true,
  },
  {
    // Minor 57 was seen from a client.
    id: 'hostid',
    major: -9,
    minor: 57,
    concerns: ({ hostids }) => hostids !== undefined,
    when: ({ pool, request }) => isLockedElsewhere(pool, request),
  },
  {
    // A FLOAT_OK line floats everywhere but on the license server itself.
    id: 'floatOkServer',
    major: -69,
    minor: 915,
    concerns: ({ barredHosts }) => barredHosts !== undefined,
    when: ({ pool, request }) => pool.barredHosts!.has(request.client.host.toLowerCase()),
  },
  {
    // An uncounted node-locked line without TS_OK.
    id: 'remoteDesktop',
    major: -103,
    minor: 916,
    concerns: (pool) => remoteSessionsMax(pool) === 0,
    when: ({ request }) => request.client.remoteDesktop === true,
  },
  {
    // ONE_TS_OK, and another remote-desktop session has it. unverified: that this is not -179.
    id: 'otherSession',
    major: -178,
    minor: 917,
    concerns: (pool) => remoteSessionsMax(pool) === 1,
    when: ({ pool, request: { client } }) =>
      client.remoteDesktop === true && pool.remoteSessions.hasOther(client),
  },
  {
    id: 'platform',
    major: -89,
    minor: 904,
    concerns: ({ platforms }) => platforms !== undefined,
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
    concerns: ({ rules }) => rules !== undefined,
    when: ({ pool, request }) => isExcluded(pool.rules!, request.client),
  },
  {
    id: 'notIncluded',
    major: -39,
    minor: 908,
    concerns: ({ rules }) => rules !== undefined && rules.named?.isEmpty !== true,
    when: ({ pool, request }) => !isIncluded(pool.rules!, request.client),
  },
  {
    // USER_BASED or HOST_BASED, and no INCLUDE line names anybody.
    id: 'nobodyNamed',
    major: -84,
    minor: 909,
    concerns: ({ rules }) => rules?.named?.isEmpty === true,
    when: () => true,
  },
  ...borrowDenials,
  {
    id: 'maxReached',
    major: -87,
    minor: 910,
    concerns: ({ maxLimits }) => maxLimits.length > 0,
    when: ({ pool, request, added }) =>
      added > 0 && isOverMax(pool.maxLimits, request.client, added),
  },
  {
    id: 'tooMany',
    major: -26,
    minor: 905,
    concerns: ({ counted }) => counted,
    when: ({ capacity, count, added }) => added > 0 && count > capacity,
  },
  {
    // There are seats, but what is reserved for others, or held by a suite's users, leaves too few.
    id: 'allReserved',
    major: -101,
    minor: 911,
    concerns: ({ counted, reservations, suiteCount }) =>
      counted && (reservations.length > 0 || suiteCount !== undefined),
    when: ({ pool, capacity, issued, request, added }) => {
      if (added === 0) return false;
      const free = capacity - pool.used;
      return added <= free && added > free - heldForOthers(pool, issued, request);
    },
  },
  {
    // Minor 342 was seen in public server logs.
    id: 'allInUse',
    major: -4,
    minor: 342,
    concerns: ({ counted }) => counted,
    when: ({ pool, capacity, added }) => added > 0 && pool.used + added > capacity,
  },
  {
    // The serial number has seats, but what is reserved of its features for others leaves too few.
    id: 'serialReserved',
    major: -101,
    minor: 933,
    concerns: ({ serial }) => serial !== undefined && serial.reserves.length > 0,
    when: (trial) => lacksSerial(trial) && isSerialFree(trial),
  },
  {
    // Others have the seats of the serial number, by whatever features of it.
    id: 'serialInUse',
    major: -4,
    minor: 934,
    concerns: ({ serial }) => serial !== undefined,
    when: (trial) => lacksSerial(trial),
  },
  borrowLowWater,
  {
    // There are seats, and who came first waits for more of them.
    id: 'othersWait',
    major: -24,
    minor: 921,
    concerns: ({ counted }) => counted,
    when: (trial) => trial.pool.waiting !== undefined && trial.added > 0 && isBehind(trial),
  },
] as const satisfies readonly Denial[];

export type DenialId = (typeof denials)[number]['id'];

const rows: readonly Denial[] = denials;

/** Reasons that seats are out. */
const seatsOut: readonly DenialId[] = ['allReserved', 'allInUse', 'serialReserved', 'serialInUse'];

/** Reasons that say that the license is good for the client, and no seat of it is free. */
const aboutSeats: ReadonlySet<string> = new Set(['maxReached', 'tooMany', ...seatsOut]);

/** Reasons for which a client may wait. unverified: that it may not when MAX is reached. */
const waitable: ReadonlySet<string> = new Set([...seatsOut, 'othersWait']);
const waitableRows: readonly boolean[] = denials.map(({ id }) => waitable.has(id));

/** Reasons that pass when a seat comes back. */
const passing: ReadonlySet<string> = new Set([...waitable, 'maxReached']);
const passingRows: readonly boolean[] = denials.map(({ id }) => passing.has(id));

/** What a client hears, one object a row: handed out with every denial. */
const refusals: readonly Refusal[] = denials.map(({ major, minor }) => ({ major, minor }));

/**
 * The rows of the reasons that concern a pool, in order: a checkout looks at these only. To be worked out anew
 * whenever the pool or the rules about it are.
 */
export function reasonsOf(pool: LedgerPool, of: 'checkout' | 'borrow'): readonly number[] {
  return rows.flatMap(({ concerns, toBorrow }, row) => {
    const never = (toBorrow === true && of !== 'borrow') || concerns?.(pool) === false;
    return never ? [] : [row];
  });
}

/** The row of the first reason that holds, or -1 when the pool grants. */
export function denialRow(trial: Trial): number {
  const { pool, request } = trial;
  const reasons = request.borrowUntil === undefined ? pool.reasons : pool.borrowReasons;
  for (let at = 0; at < reasons.length; at++) {
    const row = reasons[at]!;
    if (rows[row]!.when(trial)) return row;
  }
  return -1;
}

/** True if the row's reason is one for which a client may wait. */
export function isWaitable(row: number): boolean {
  return waitableRows[row] === true;
}

/** True if the row's reason is that seats are out: one that comes back may end it. */
export function isPassing(row: number): boolean {
  return passingRows[row] === true;
}

/** True if the row's reason is that there are no seats, not that the license is not for the client. */
export function isAboutSeats(row: number): boolean {
  return aboutSeats.has(rows[row]!.id);
}

export function refusalOf(row: number): Refusal {
  return refusals[row]!;
}
