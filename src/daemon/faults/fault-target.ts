import type { Cancel, Clock } from '../../base/clock.ts';

/** What a fault may do to a server as a whole. */
export interface FaultTarget {
  readonly clock: Clock;
  /** The vendor daemons in its scope. */
  readonly vendors: readonly string[];
  /** Its scope is the whole of a daemon: it names no client, no call and no chance. */
  readonly isWhole: boolean;
  /** Ends a daemon as kill -9 does. */
  kill(vendor: string): void;
  /** Ends a daemon and keeps it down; `letUp` starts it again. */
  holdDown(vendor: string): void;
  letUp(vendor: string): void;
  /**
   * The places of the members of its triad that a partition keeps it from.
   * @throws KnownError USAGE without a triad, and unless each member is named once
   */
  cutOf(groups: string | undefined): readonly number[];
  /** Keeps it from them until what it gives is called; several such add up. */
  cut(places: readonly number[]): Cancel;
  /** One more hit, for who lists it. */
  count(): void;
  /** The fault has done what it does, and is over. */
  end(): void;
}
