/** How long things take in a triad, all from one number of its license file. */
export interface TriadTiming {
  /** Between two signs of life to a peer. */
  readonly intervalMs: number;
  /** A peer that is silent for longer is lost. */
  readonly timeoutMs: number;
  /** A vote given to a master binds for so long, by the clock of who gave it. */
  readonly voteMs: number;
  /** And may be counted on for so long, by the clock of who got it, from when it asked. */
  readonly tenureMs: number;
  /** Between two attempts to become master. */
  readonly retryMs: number;
  /** How long the secondary waits for a primary that it has never met. */
  readonly primaryWaitMs: number;
}

/** Source: LAG, "SERVER Lines"; Knowledge Base, "HEARTBEAT_INTERVAL". */
export const HEARTBEAT_INTERVAL_DEFAULT_SECONDS = 20;
/** What the formula is clamped to: 0 would drop every peer before it could be heard (0 * 3 - 1 < 0). */
const HEARTBEAT_INTERVAL_SECONDS_MIN = 1;
/** Clocks of two members differ by at most one part in a hundred each, one ahead and one behind. */
const FASTEST = 101;
const SLOWEST = 99;
/** Before its tenure is over a master has stopped granting: as long as one answer may take. */
const STOP_MS = 100;
const RETRY_MS_MAX = 500;
/** lmgrd's -t. Source: Autodesk's page on lmgrd's options. */
const CONNECT_SECONDS = 10;

/**
 * The times of a triad whose first SERVER line has this HEARTBEAT_INTERVAL. A silent peer is lost after
 * (3 * s) + (s - 1) seconds. A vote binds for as long: when it has lapsed, the peer it was given to is lost, too.
 */
export function triadTiming(seconds = HEARTBEAT_INTERVAL_DEFAULT_SECONDS): TriadTiming {
  const interval = Math.max(seconds, HEARTBEAT_INTERVAL_SECONDS_MIN);
  const timeoutMs = (3 * interval + (interval - 1)) * 1000;
  return {
    intervalMs: interval * 1000,
    timeoutMs,
    voteMs: timeoutMs,
    tenureMs: Math.floor((timeoutMs * SLOWEST) / FASTEST) - STOP_MS,
    retryMs: Math.min((interval * 1000) / 2, RETRY_MS_MAX),
    primaryWaitMs: Math.min(CONNECT_SECONDS * 1000, timeoutMs),
  };
}
