import type { EpochMs } from '../../base/clock.ts';
import { useChanges } from '../demand/peaks.ts';
import { DenialColumns, type FeatureTrace, SessionColumns } from '../demand/trace.ts';
import type { SampledSource } from '../samples/sampled-source.ts';
import type { LogNames } from '../scan/log-names.ts';
import type { WallClock } from '../scan/wall-clock.ts';
import { type Span, SpanSums } from './spans.ts';

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
  /** Refused lines; null where the source cannot have them. */
  readonly denied: number | null;
}

interface UsageSum {
  starts: number;
  readonly users: Set<string>;
  seatMs: number;
  peak: number;
  denied: number;
}

export interface UsageQuestion {
  readonly wall: WallClock;
  readonly begin: EpochMs;
  readonly span: Span;
  /** Whom a user's use counts for: the user, a group; all are one when undefined. */
  readonly whoOf?: (user: string) => string;
  /** When the history was sampled, or told: then it has no denials. */
  readonly samples?: SampledSource;
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
  { wall, begin, span, whoOf, samples }: UsageQuestion,
): readonly UsageRow[] {
  const rows = traces.flatMap((trace) =>
    // The use of all is not to be copied.
    [...(whoOf === undefined ? [['', trace] as const] : partsOf(trace, names, whoOf))].flatMap(
      ([who, part]) => {
        const sums = new SpanSums(wall, span, newSum);
        addSessions(sums, part, names, begin);
        for (const at of part.denials.at.values) sums.at(at).denied++;
        return sums.entries().map(([from, sum]) => ({
          ...rowOf(from, part, who, sum),
          ...(samples && { denied: null }),
        }));
      },
    ),
  );
  return rows.sort((a, b) =>
    a.from === b.from ? b.seatHours - a.seatHours : a.from < b.from ? -1 : 1,
  );
}

function newSum(): UsageSum {
  return { starts: 0, users: new Set(), seatMs: 0, peak: 0, denied: 0 };
}

function rowOf(
  from: string,
  { daemon, feature }: FeatureTrace,
  who: string,
  sum: UsageSum,
): UsageRow {
  const { starts, users, seatMs, peak, denied } = sum;
  const seatHours = Math.round((seatMs / 3_600_000) * 100) / 100;
  return {
    from,
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

function addSessions(
  sums: SpanSums<UsageSum>,
  trace: FeatureTrace,
  names: LogNames,
  begin: EpochMs,
): void {
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
    if (next <= at[row]! || out === 0) continue;
    for (const [sum, ms] of sums.across(at[row]!, next)) {
      sum.seatMs += out * ms;
      if (out > sum.peak) sum.peak = out;
    }
  }
}
