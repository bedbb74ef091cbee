import type { Rng } from '../../../src/base/rng.ts';
import type { TriadMember } from '../../../src/domain/triad/member.ts';
import type { SimulatedDaemon } from './simulated-daemon.ts';

/** A member as a process on a machine of its own: its clock, its life, its daemons. */
export interface Machine {
  readonly index: number;
  /** Local milliseconds per 1,000,000 true ones. */
  readonly rate: number;
  readonly offset: number;
  member: TriadMember | undefined;
  /** Counts its lives. */
  life: number;
  daemons: 'down' | 'starting' | 'up' | 'stopping';
  /** They are to serve, once those before have stopped. */
  wanted: boolean;
  timer: number;
  /** While they run. */
  daemon: SimulatedDaemon | undefined;
  /** Of its last election, counted over all members. */
  epoch: number;
}

const PPM = 1_000_000;
/** One part in a hundred. */
const DRIFT_PPM_MAX = 10_000;

/** The machines of the three members, whose clocks differ. */
export function threeMachines(clocks: Rng): readonly Machine[] {
  return [0, 1, 2].map((index) => ({
    index,
    rate: PPM + clocks.below(2 * DRIFT_PPM_MAX + 1) - DRIFT_PPM_MAX,
    offset: clocks.below(1_000_000),
    member: undefined,
    life: 0,
    daemons: 'down',
    wanted: false,
    timer: 0,
    daemon: undefined,
    epoch: 0,
  }));
}

/** What its clock shows at a true time. */
export function localTime({ rate, offset }: Machine, at: number): number {
  return offset + Math.floor((at * rate) / PPM);
}

/** When its clock shows that. */
export function trueTime({ rate, offset }: Machine, local: number): number {
  return Math.ceil(((local - offset) * PPM) / rate);
}

/** So long by the slowest of the clocks. */
export function slowest(ms: number): number {
  return Math.ceil((ms * PPM) / (PPM - DRIFT_PPM_MAX));
}

/** Whether it would grant now: its daemons are up, and the lease that they look at has not lapsed. */
export function grants(machine: Machine, at: number): boolean {
  const { member, daemons } = machine;
  return member !== undefined && daemons === 'up' && localTime(machine, at) < member.servingUntil;
}
