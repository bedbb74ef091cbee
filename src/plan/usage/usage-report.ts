import type { EpochMs } from '../../base/clock.ts';
import { useChanges } from '../demand/peaks.ts';
import { DenialColumns, type FeatureTrace, SessionColumns } from '../demand/trace.ts';
import type { LogNames } from '../scan/log-names.ts';
import { DAY_MS, dayText, type WallClock } from '../scan/wall-clock.ts';

export const spans = ['day', 'week', 'month'] as const;

export type Span = (typeof spans)[number];

/** What was used of one feature in one day, week or month. */
export interface UsageRow {
  /** Its first day: `2026-03-09`. */
  readonly from: string;
  readonly daemon: string;
  readonly feature: string;
  /** The user or group; '' when all are one. */
  readonly who: string;
  /** Sessions that began in it. */
  readonly starts: number;
  readonly users: number;
  /** Seats times hours. */
  readonly seatHours: number;
  /** The most seats out at a time. */
  readonly peak: number;
  /** Refused lines. */
  readonly denied: number;
}

interface UsageSum {
  starts: number;
  readonly users: Set<string>;
  seatMs: number;
  peak: number;
  denied: number;
}

/** 1970-01-05, a Monday. */
const FIRST_MONDAY = 4;

/** The first day (since 1970, by the wall) of the span that a day is in. */
export function spanStart(day: number, span: Span): number {
  if (span === 'day') return day;
  if (span === 'week') return day - ((((day - FIRST_MONDAY) % 7) + 7) % 7);
  const date = new Date(day * DAY_MS);
  return day - date.getUTCDate() + 1;
}

export interface UsageQuestion {
  readonly wall: WallClock;
  readonly begin: EpochMs;
  readonly span: Span;
  /** Whom a user's use counts for: the user, a group; all are one when undefined. */
  readonly whoOf?: (user: string) => string;
}

/** What a trace says of each of whom it is asked for. */
function partsOf(
  trace: FeatureTrace,
  names: LogNames,
  whoOf: (user: string) => string,
): ReadonlyMap<string, FeatureTrace> {
  const parts = new Map<string, FeatureTrace>();
  const partOf = (client: number): FeatureTrace => {
    const who = whoOf(names.client(client).user);
    let part = parts.get(who);
    if (part === undefined) {
      part = { ...trace, sessions: new SessionColumns(), denials: new DenialColumns() };
      parts.set(who, part);
    }
    return part;
  };
  const { sessions, denials } = trace;
  for (let row = 0; row < sessions.size; row++) {
    const own = partOf(sessions.client.at(row)).sessions;
    if (sessions.open.has(row)) own.open.add(own.size);
    for (const column of ['since', 'until', 'client', 'count'] as const) {
      own[column].push(sessions[column].at(row));
    }
  }
  for (let row = 0; row < denials.size; row++) {
    const own = partOf(denials.client.at(row)).denials;
    for (const column of ['at', 'client', 'count', 'reason'] as const) {
      own[column].push(denials[column].at(row));
    }
  }
  return parts;
}

/** Use by span and feature, in order of time, then of use. A session that lasts into the next span counts in both. */
export function usageRows(
  traces: readonly FeatureTrace[],
  names: LogNames,
  { wall, begin, span, whoOf }: UsageQuestion,
): readonly UsageRow[] {
  const rows = traces.flatMap((trace) =>
    // The use of all is not to be copied.
    [...(whoOf === undefined ? [['', trace] as const] : partsOf(trace, names, whoOf))].flatMap(
      ([who, part]) => {
        const sums = new SpanSums(wall, span);
        addSessions(sums, part, names, begin);
        for (const at of part.denials.at.values) sums.at(at).denied++;
        return sums.entries().map(([day, sum]): UsageRow => rowOf(day, part, who, sum));
      },
    ),
  );
  return rows.sort((a, b) =>
    a.from === b.from ? b.seatHours - a.seatHours : a.from < b.from ? -1 : 1,
  );
}

function rowOf(
  day: number,
  { daemon, feature }: FeatureTrace,
  who: string,
  sum: UsageSum,
): UsageRow {
  const { starts, users, seatMs, peak, denied } = sum;
  const seatHours = Math.round((seatMs / 3_600_000) * 100) / 100;
  return {
    from: dayText(day),
    daemon,
    feature,
    who,
    starts,
    users: users.size,
    seatHours,
    peak,
    denied,
  };
}

/** Sums by span, found by any instant in it. */
class SpanSums {
  readonly #sums = new Map<number, UsageSum>();
  readonly #wall: WallClock;
  readonly #span: Span;

  constructor(wall: WallClock, span: Span) {
    this.#wall = wall;
    this.#span = span;
  }

  startOf(at: EpochMs): number {
    return spanStart(Math.floor(this.#wall.wallAt(at) / DAY_MS), this.#span);
  }

  /** When the span after that of `at` begins. */
  endOf(at: EpochMs): EpochMs {
    const start = this.startOf(at);
    let day = start + 1;
    while (spanStart(day, this.#span) === start) day++;
    return this.#wall.instant(day, 0, Number.NEGATIVE_INFINITY);
  }

  at(at: EpochMs): UsageSum {
    const start = this.startOf(at);
    let sum = this.#sums.get(start);
    if (sum === undefined) {
      sum = { starts: 0, users: new Set(), seatMs: 0, peak: 0, denied: 0 };
      this.#sums.set(start, sum);
    }
    return sum;
  }

  entries(): [number, UsageSum][] {
    return [...this.#sums];
  }
}

function addSessions(sums: SpanSums, trace: FeatureTrace, names: LogNames, begin: EpochMs): void {
  const { sessions } = trace;
  for (let row = 0; row < sessions.size; row++) {
    const since = sessions.since.at(row);
    const { user } = names.client(sessions.client.at(row));
    const from = Number.isNaN(since) ? begin : since;
    if (!Number.isNaN(since)) sums.at(from).starts++;
    sums.at(from).users.add(user);
  }
  const { at, change } = useChanges(sessions, begin);
  let out = 0;
  for (let row = 0; row < at.length; row++) {
    out += change[row]!;
    const next = at[row + 1] ?? at[row]!;
    // What is out at the same moment is out together.
    if (next > at[row]!) addUse(sums, at[row]!, next, out);
  }
}

function addUse(sums: SpanSums, from: EpochMs, to: EpochMs, out: number): void {
  let at = from;
  while (at < to && out > 0) {
    const end = Math.min(to, Math.max(sums.endOf(at), at + 1));
    const sum = sums.at(at);
    sum.seatMs += out * (end - at);
    if (out > sum.peak) sum.peak = out;
    at = end;
  }
}
