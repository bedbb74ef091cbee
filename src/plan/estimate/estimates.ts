import type { Demand } from '../demand/demand.ts';
import type { FullWeeks } from '../demand/weeks.ts';
import type { WallClock } from '../scan/wall-clock.ts';
import { engset, erlangC, erlangSeats, kaufmanRoberts, type LoadClass } from './erlang.ts';
import { meanLoad, offeredLoadShare, type WeekProfile, weekProfile } from './offered-load.ts';
import { fewestSeats } from './seat-search.ts';

/** What formulas say beside the replay, each as the seats that it takes. */
export interface Estimates {
  /** Erlang B hour by hour, in the shape of the mean week, at the volume of the worst one. */
  readonly offeredLoad: number;
  /** Erlang B at the mean load of the worst week, as if all its hours were alike. */
  readonly stationary: { readonly load: number; readonly erlangB: number; readonly engset: number };
  /** The seats with which at most the same share of starts has to wait, all hours alike. */
  readonly erlangC: number;
  /** Kaufman and Roberts at the mean load: only where starts take several seats at once. */
  readonly kaufmanRoberts?: number;
  /** By seats that a start takes: the share refused at those seats. */
  readonly classes?: readonly {
    readonly count: number;
    readonly load: number;
    readonly share: number;
  }[];
  readonly profile: WeekProfile;
}

interface Ground {
  readonly deny: number;
  readonly weeks: FullWeeks;
  readonly wall: WallClock;
}

/** The estimates for a demand whose worst week is `week`. */
export function estimatesOf(
  demand: Demand,
  { deny, weeks, wall }: Ground,
  week: number,
): Estimates {
  const mean = weekProfile(demand, weeks, wall);
  const worst = weekProfile(demand, weeks, wall, week);
  const load = meanLoad(worst);
  const profile = scaled(mean, load / Math.max(meanLoad(mean), Number.EPSILON));
  const seats = erlangSeats(load, deny);
  const high = erlangSeats(Math.max(...profile.load), deny) + 1;
  const classes = classesOf(demand, load);
  return {
    offeredLoad: fewestSeats((each) => offeredLoadShare(profile, each), deny, { low: -1, high }),
    stationary: { load, erlangB: seats, engset: engsetSeats(demand, load, deny) },
    erlangC: waitingSeats(load, deny),
    ...(classes.every((each) => each.seats === 1) ? {} : classEstimate(classes, deny)),
    profile: mean,
  };
}

function scaled({ starts, load }: WeekProfile, factor: number): WeekProfile {
  return { starts: starts.map((each) => each * factor), load: load.map((each) => each * factor) };
}

function waitingSeats(load: number, share: number): number {
  let seats = Math.floor(load) + 1;
  while (erlangC(seats, load) > share) seats++;
  return seats;
}

/** With the clients of the log as its users. */
function engsetSeats(demand: Demand, load: number, share: number): number {
  const users = new Set(demand.client).size;
  if (users <= load) return users;
  const each = load / (users - load);
  let seats = 0;
  while (engset(seats, users, each) > share) seats++;
  return seats;
}

function classesOf({ count, holdMs }: Demand, load: number): readonly LoadClass[] {
  const held = new Map<number, number>();
  let all = 0;
  for (let row = 0; row < count.length; row++) {
    const seatMs = count[row]! * holdMs[row]!;
    held.set(count[row]!, (held.get(count[row]!) ?? 0) + seatMs);
    all += seatMs;
  }
  return [...held]
    .filter(([, seatMs]) => seatMs > 0)
    .sort(([a], [b]) => a - b)
    .map(([seats, seatMs]) => ({ seats, load: (load * seatMs) / all / seats }));
}

/** The fewest seats with which at most this share of all starts is refused, and the shares by class. */
function classEstimate(
  classes: readonly LoadClass[],
  deny: number,
): Pick<Estimates, 'kaufmanRoberts' | 'classes'> {
  // Starts are as many as the load of a class over its time; holding times are taken for alike.
  const all = classes.reduce((sum, { load }) => sum + load, 0);
  const refused = (seats: number): number =>
    kaufmanRoberts(seats, classes).reduce((sum, share, at) => sum + share * classes[at]!.load, 0) /
    all;
  let high = 1;
  while (refused(high) > deny) high *= 2;
  const kaufmanRobertsSeats = fewestSeats(refused, deny, { low: 0, high });
  const shares = kaufmanRoberts(kaufmanRobertsSeats, classes);
  return {
    kaufmanRoberts: kaufmanRobertsSeats,
    classes: classes.map(({ seats: count, load }, at) => ({ count, load, share: shares[at]! })),
  };
}
