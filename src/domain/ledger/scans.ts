import type { EpochMs } from '../../base/clock.ts';

/**
 * Vendor daemons look once a minute for lingering and idle seats, so that a seat comes back up to a minute late.
 * Source: LAG, "LINGER". unverified: the same for TIMEOUT, and that the minutes are counted from the daemon's start.
 */
const SCAN_MS = 60_000;

/** The first scan at `at` or later of a daemon that started at `startedAt`. */
export function scanAt(startedAt: EpochMs, at: EpochMs): EpochMs {
  return startedAt + Math.ceil((at - startedAt) / SCAN_MS) * SCAN_MS;
}
