import type { EpochMs } from '../base/clock.ts';
import type { Rng } from '../base/rng.ts';
import type { Client } from '../domain/ledger/model.ts';
import { type Demand, demandOf } from './demand/demand.ts';
import { peakOf, seatsAtDenials } from './demand/peaks.ts';
import type { FeatureTrace } from './demand/trace.ts';
import { dayIndices, type FullWeeks } from './demand/weeks.ts';
import { seatInterval } from './estimate/bootstrap.ts';
import { type Estimates, estimatesOf } from './estimate/estimates.ts';
import { fewestSeats, type SeatCounts, WEEK_DAYS, worstWeek } from './estimate/seat-search.ts';
import type { FeatureLicense } from './feature-license.ts';
import { replay } from './replay-ledger.ts';
import type { LogNames } from './scan/log-names.ts';
import type { WallClock } from './scan/wall-clock.ts';

export interface FeatureQuestion {
  /** Share of starts that may be refused. */
  readonly deny: number;
  readonly begin: EpochMs;
  readonly weeks: FullWeeks;
  readonly wall: WallClock;
  readonly names: LogNames;
  readonly license: FeatureLicense;
  /** Seats there are now, when somebody has said so. */
  readonly have?: number;
  readonly windowMs: number;
  readonly rng: Rng;
}

/** How many there are now, and who says so. */
export interface PresentSeats {
  readonly seats: number;
  readonly source: 'told' | 'license' | 'denials';
  /** Share of starts refused in the worst week with these. */
  readonly share: number;
}

export interface FeatureAnswer {
  readonly seats: number;
  readonly low: number;
  readonly high: number;
  /** Share of starts refused with these in the worst week. */
  readonly share: number;
}

export interface FeaturePlan {
  readonly daemon: string;
  readonly feature: string;
  readonly deny: number;
  readonly demand: Demand;
  /** The most seats out at a time: as the log has it, and with seats for all. */
  readonly peak: number;
  readonly wantedPeak: number;
  readonly answer?: FeatureAnswer;
  /** Why there is no answer. */
  readonly reason?: string;
  readonly present?: PresentSeats;
  readonly curve: readonly SeatCounts[];
  readonly estimates?: Estimates;
}

/** Starts in the worst week for each that may be refused: with fewer a share cannot be told. */
const STARTS_PER_DENIAL = 1;
/** More sessions without begin than this share, and too much of the log is missing. */
const UNMATCHED_SHARE_MAX = 0.25;
/** Seats on either side of the answer that the interval is looked for in, at first. */
const MARGIN = 4;

/** How many seats of one feature a log asks for, or why it does not say. */
export function planFeature(trace: FeatureTrace, question: FeatureQuestion): FeaturePlan {
  const { names, begin, windowMs, rng, deny } = question;
  const demand = demandOf(trace, names, { begin, windowMs, rng: rng.fork('holds') });
  const plan = {
    ...{ daemon: trace.daemon, feature: trace.feature, deny, demand },
    ...{ peak: peakOf(trace.sessions, begin), wantedPeak: peakOf(demand, begin) },
  };
  const curve = new SeatCurve(trace.feature, demand, question);
  const reason = reasonAgainst(trace, demand, curve, question);
  if (reason !== undefined) return { ...plan, reason, curve: [] };
  const seats = fewestSeats((each) => worstWeek(curve.at(each)).share, deny, {
    low: 0,
    high: Math.max(1, plan.wantedPeak),
  });
  const interval = intervalAround(seats, curve, question);
  const present = presentSeats(trace, question);
  const share = worstWeek(curve.at(seats)).share;
  return {
    ...plan,
    answer: { seats, ...interval, share },
    ...(present && { present: { ...present, share: worstWeek(curve.at(present.seats)).share } }),
    curve: curve.points(plan.wantedPeak),
    estimates: estimatesOf(demand, question, worstWeek(curve.at(seats)).week),
  };
}

/** Replays, each number of seats once. */
class SeatCurve {
  readonly #known = new Map<number, SeatCounts>();
  readonly #demand: Demand;
  readonly #feature: string;
  readonly #question: FeatureQuestion;
  readonly #days: Int32Array;
  readonly #clients = new Map<number, Client>();
  readonly startsByDay: Float64Array;

  constructor(feature: string, demand: Demand, question: FeatureQuestion) {
    this.#feature = feature;
    this.#demand = demand;
    this.#question = question;
    this.#days = dayIndices(demand.at, question.weeks, question.wall);
    this.startsByDay = this.#byDay(({ isInitial }, row) => 1 - isInitial[row]!);
  }

  at(seats: number): SeatCounts {
    let counts = this.#known.get(seats);
    if (counts === undefined) {
      counts = this.#replayed(seats);
      this.#known.set(seats, counts);
    }
    return counts;
  }

  /** About twenty points from a fifth of the highest wish to all of it, and what is known already. */
  points(wantedPeak: number): readonly SeatCounts[] {
    const step = Math.max(1, Math.ceil(wantedPeak / 20));
    for (let seats = Math.max(1, Math.ceil(wantedPeak / 5)); seats <= wantedPeak; seats += step) {
      this.at(seats);
    }
    return [...this.#known.values()].sort((a, b) => a.seats - b.seats);
  }

  #replayed(seats: number): SeatCounts {
    const { license, names } = this.#question;
    const clientOf = (id: number): Client => {
      let client = this.#clients.get(id);
      if (client === undefined) {
        client = clientNamed(names.client(id));
        this.#clients.set(id, client);
      }
      return client;
    };
    const input = { demand: this.#demand, feature: this.#feature, clientOf };
    const { denied } = replay(input, license.newLedger, seats);
    return {
      seats,
      deniedByDay: this.#byDay((_, row) => denied[row]!),
      startsByDay: this.startsByDay,
      denied: denied.reduce((sum, each) => sum + each, 0),
      starts: this.#demand.isInitial.reduce((sum, each) => sum + 1 - each, 0),
    };
  }

  #byDay(numberOf: (demand: Demand, row: number) => number): Float64Array {
    const byDay = new Float64Array(this.#question.weeks.count * WEEK_DAYS);
    for (let row = 0; row < this.#days.length; row++) {
      const day = this.#days[row]!;
      if (day >= 0 && day < byDay.length) byDay[day]! += numberOf(this.#demand, row);
    }
    return byDay;
  }
}

function clientNamed({ user, host }: { readonly user: string; readonly host: string }): Client {
  return { user, host, display: '', platform: '', pid: 0, project: '', address: '', hostids: [] };
}

/** Why the log cannot carry an answer; undefined when it can. */
function reasonAgainst(
  { sessions }: FeatureTrace,
  demand: Demand,
  { startsByDay }: SeatCurve,
  { weeks, deny }: FeatureQuestion,
): string | undefined {
  if (sessions.size + demand.lost === 0) return 'the log has no checkout of it';
  if (weeks.count === 0) {
    return `the log covers ${weeks.days.toFixed(1)} days and no full week from Monday to Sunday`;
  }
  const unmatched = demand.isInitial.reduce((sum, each) => sum + each, 0);
  if (unmatched > UNMATCHED_SHARE_MAX * demand.at.length) {
    return `${unmatched} of ${demand.at.length} sessions have no checkout in the log: much of it is missing`;
  }
  const busiest = worstWeek({
    ...{ seats: 0, deniedByDay: startsByDay, startsByDay, denied: 0, starts: 0 },
  }).starts;
  const needed = Math.ceil(STARTS_PER_DENIAL / deny);
  if (busiest >= needed) return undefined;
  return `its busiest full week has ${busiest} starts; to tell ${percent(deny)} takes at least ${needed}`;
}

export function percent(share: number): string {
  const value = 100 * share;
  return `${value >= 10 || Number.isInteger(value) ? Math.round(value) : value.toPrecision(2)} %`;
}

function intervalAround(
  seats: number,
  curve: SeatCurve,
  { deny, rng }: FeatureQuestion,
): { readonly low: number; readonly high: number } {
  for (let margin = MARGIN; ; margin *= 2) {
    const low = Math.max(0, seats - margin);
    const rows = Array.from({ length: seats + margin - low + 1 }, (_, index) =>
      curve.at(low + index),
    );
    const interval = seatInterval(rows, deny, rng.fork('bootstrap'));
    if (interval.isCovered) {
      return { low: Math.min(interval.low, seats), high: Math.max(interval.high, seats) };
    }
  }
}

function presentSeats(
  trace: FeatureTrace,
  { have, license, names }: FeatureQuestion,
): Omit<PresentSeats, 'share'> | undefined {
  if (have !== undefined) return { seats: have, source: 'told' };
  if (license.seats !== undefined) return { seats: license.seats, source: 'license' };
  const seats = seatsAtDenials(trace, names);
  return seats === undefined ? undefined : { seats, source: 'denials' };
}
