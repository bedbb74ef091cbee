import type { Refusal } from '../../base/refusal.ts';

/** What a client or an administrator hears of other things than a pool's reason to deny. */

/** A request that waits, told to who would not. Source: error list. */
export const queued: Refusal = { major: -35, minor: 922 };

/** No line of this daemon has the feature. Minor 346 was seen in public server logs. */
export const noSuchFeature: Refusal = { major: -5, minor: 346 };

/** A check-in or lmremove named nothing that is out. */
export const neverCheckedOut: Refusal = { major: -41, minor: 906 };

/** lmremove cannot free a seat that only lingers. Source: LAG, "LINGER"; error list, -100. */
export const lingering: Refusal = { major: -100, minor: 920 };

/** Errors of giving back what was borrowed. Source: error list. */
export const earlyReturnNotEnabled: Refusal = { major: -123, minor: 929 };
export const borrowMatchesNothing: Refusal = { major: -128, minor: 930 };
