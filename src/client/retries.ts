import type { EpochMs } from '../base/clock.ts';

/**
 * Waits before the attempts to get a lost license back. A restarted daemon is there within seconds; from then on as
 * FlexNet clients do, five times a minute apart.
 * unverified: the defaults of LM_A_RETRY_COUNT and LM_A_RETRY_INTERVAL.
 */
export const RETRY_DELAYS_MS: readonly number[] = [
  ...[0, 1_000, 2_000, 5_000, 10_000],
  ...Array<number>(5).fill(60_000),
];

/** The longest that HEARTBEAT_INTERVAL makes a failover. Source: Knowledge Base, "network latency and triads". */
const FAILOVER_SECONDS_MAX = 120;

/** The same of a triad, whose next master is there once it is elected: at once, then each second until it must be. */
export const TRIAD_RETRY_DELAYS_MS: readonly number[] = [
  0,
  ...Array<number>(FAILOVER_SECONDS_MAX).fill(1_000),
  ...Array<number>(5).fill(60_000),
];

/** What was held this long was held for good: the next loss starts over with the first wait. */
const STEADY_MS = 60_000;

/** Counts the attempts since a license was last held for good: a server that flaps is not asked forever. */
export class Retries {
  #made = 0;

  /** Attempts so far. */
  get made(): number {
    return this.#made;
  }

  /** What was held from `since` on is lost now. */
  lost(since: EpochMs, now: EpochMs): void {
    if (now - since >= STEADY_MS) this.#made = 0;
  }

  /** The next attempt is the first again. */
  startOver(): void {
    this.#made = 0;
  }

  /** How long to wait before the next attempt; undefined when all have been made. */
  next(delaysMs: readonly number[]): number | undefined {
    const delayMs = delaysMs[this.#made];
    if (delayMs !== undefined) this.#made++;
    return delayMs;
  }
}
