import type { EpochMs } from '../../base/clock.ts';

/** Source: FNMEA, "License Denials" (one day); a vendor's knowledge base says two. */
const TOLERANCE_SECONDS = 24 * 60 * 60;

/** What a ledger knows of clocks: how late it has been, and how far clocks may be apart. */
export class ClockWatch {
  readonly toleranceMs: number;
  /** The latest time at which anything happened. */
  latest: EpochMs;

  constructor(startedAt: EpochMs, toleranceSeconds: number = TOLERANCE_SECONDS) {
    this.latest = startedAt;
    this.toleranceMs = toleranceSeconds * 1000;
  }

  /** True when the server's clock was set back by more than clocks may be apart. unverified: how far that is. */
  isSetBack(now: EpochMs): boolean {
    return now < this.latest - this.toleranceMs;
  }

  /** True when a client's clock is too far from the server's. */
  isSkewed(skewMs: number): boolean {
    return Math.abs(skewMs) > this.toleranceMs;
  }
}
