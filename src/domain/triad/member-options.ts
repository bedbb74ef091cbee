import type { TriadTiming } from './timing.ts';

/** What one member of a triad is started with. Members are numbered as `memberKeys` orders them. */
export interface MemberOptions {
  readonly self: number;
  /** Numbers of the members, primary first. */
  readonly order: readonly number[];
  readonly primaryIsMaster: boolean;
  readonly timing: TriadTiming;
  /** Of this life: never 0, and never that of an earlier life. */
  readonly boot: number;
  /**
   * Peers whose line stands count as heard at every moment: for clocks that are moved. What silences one is told
   * by `cut`.
   */
  readonly assumesHeartbeats?: boolean;
}
