import type { EpochMs } from '../../base/clock.ts';
import type { DupGroup } from '../../domain/license/model.ts';
import { sortedOrder } from '../columns.ts';
import { seatsAtDenials, useChanges } from '../demand/peaks.ts';
import { type FeatureTrace, SessionColumns } from '../demand/trace.ts';
import type { PlanLicenses } from '../feature-license.ts';
import type { SourceTraces } from '../sources.ts';
import {
  constantSeats,
  type Entitlement,
  type EntitlementSource,
  issuedSeats,
  licensedSeats,
} from './entitlement.ts';
import { type Span, SpanSums } from './spans.ts';

/** Whether the use of a feature in one day, week or month was covered. */
export interface ComplianceRow {
  /** Its first day: `2026-03-09`. */
  readonly from: string;
  readonly daemon: string;
  readonly feature: string;
  /** Who says how many seats there are; null: nobody. */
  readonly source: EntitlementSource | null;
  /** The fewest that there were while any was out; null: not known, or uncounted. */
  readonly seats: number | null;
  readonly overdraft: number;
  readonly peak: number;
  /** Hours in which more seats were out than there are. */
  readonly hoursOver: number;
  /** Seats times hours of them: within the overdraft, and beyond it. */
  readonly overdraftSeatHours: number;
  readonly beyondSeatHours: number;
  readonly state: 'within' | 'overdraft' | 'beyond' | 'unknown';
}

export interface ComplianceQuestion {
  readonly span: Span;
  readonly licenses: PlanLicenses;
  /** Seats there are, when somebody has said so. */
  readonly have?: number;
}

interface Sum {
  seats: number;
  overdraft: number;
  peak: number;
  overMs: number;
  overdraftMs: number;
  beyondMs: number;
}

const HOUR_MS = 3_600_000;

/** Use against what there is, by span and feature, in order of time; of a span the worst first. */
export function complianceRows(
  read: SourceTraces,
  question: ComplianceQuestion,
): readonly ComplianceRow[] {
  const rows = read.traces.flatMap((trace) => featureRows(trace, read, question));
  return rows.sort((a, b) =>
    a.from === b.from ? b.beyondSeatHours - a.beyondSeatHours : a.from < b.from ? -1 : 1,
  );
}

function featureRows(
  trace: FeatureTrace,
  read: SourceTraces,
  question: ComplianceQuestion,
): readonly ComplianceRow[] {
  const { daemon, feature } = trace;
  const pools = question.licenses.pools(feature, daemon);
  const entitled = entitlementOf(trace, read, question);
  const sharing = pools?.definitions[0]?.dupGroup ?? { kind: 'none' };
  const sums = new SpanSums<Sum>(read.wall, question.span, newSum);
  for (const [from, to, out] of useOf(shared(trace, sharing, read), read.begin)) {
    addUse(sums, entitled, { from, to, out });
  }
  return sums.entries().map(([from, sum]) => ({
    ...{ from, daemon, feature, source: entitled?.source ?? null },
    seats: Number.isFinite(sum.seats) ? sum.seats : null,
    overdraft: sum.overdraft,
    peak: sum.peak,
    hoursOver: hours(sum.overMs),
    overdraftSeatHours: hours(sum.overdraftMs),
    beyondSeatHours: hours(sum.beyondMs),
    state: entitled === undefined ? 'unknown' : stateOf(sum),
  }));
}

function stateOf({ overdraftMs, beyondMs }: Sum): ComplianceRow['state'] {
  if (beyondMs > 0) return 'beyond';
  return overdraftMs > 0 ? 'overdraft' : 'within';
}

function newSum(): Sum {
  const none = { peak: 0, overMs: 0, overdraftMs: 0, beyondMs: 0 };
  return { seats: Number.POSITIVE_INFINITY, overdraft: 0, ...none };
}

function hours(ms: number): number {
  return Math.round((100 * ms) / HOUR_MS) / 100;
}

function entitlementOf(
  trace: FeatureTrace,
  { names, samples, wall }: SourceTraces,
  { licenses, have }: ComplianceQuestion,
): Entitlement | undefined {
  if (have !== undefined) return constantSeats('told', have);
  const { daemon, feature } = trace;
  const pools = licenses.pools(feature, daemon);
  if (pools !== undefined) return licensedSeats(pools.definitions, pools.options, wall);
  const issued = samples?.factsOf(daemon, feature)?.issued ?? [];
  if (issued.length > 0) return issuedSeats(issued);
  const seen = seatsAtDenials(trace, names);
  return seen === undefined ? undefined : constantSeats('denials', seen);
}

/** Stretches of time with so many seats out. */
function* useOf(
  sessions: SessionColumns,
  begin: EpochMs,
): Generator<readonly [from: EpochMs, to: EpochMs, out: number]> {
  const { at, change } = useChanges(sessions, begin);
  let out = 0;
  for (let row = 0; row < at.length; row++) {
    out += change[row]!;
    const next = at[row + 1] ?? at[row]!;
    if (next > at[row]! && out > 0) yield [at[row]!, next, out];
  }
}

function addUse(
  sums: SpanSums<Sum>,
  entitled: Entitlement | undefined,
  { from, to, out }: { readonly from: EpochMs; readonly to: EpochMs; readonly out: number },
): void {
  const steps = entitled?.steps ?? [];
  let at = from;
  while (at < to) {
    const index = Math.max(
      0,
      steps.findLastIndex((step) => step.from <= at),
    );
    const { seats, overdraft } = steps[index] ?? { seats: Number.POSITIVE_INFINITY, overdraft: 0 };
    const end = Math.min(to, steps[index + 1]?.from ?? to);
    const over = Math.max(0, out - seats);
    for (const [sum, ms] of sums.across(at, end)) {
      sum.peak = Math.max(sum.peak, out);
      if (seats < sum.seats) [sum.seats, sum.overdraft] = [seats, overdraft];
      if (over === 0) continue;
      sum.overMs += ms;
      sum.overdraftMs += Math.min(over, overdraft) * ms;
      sum.beyondMs += Math.max(0, over - overdraft) * ms;
    }
    at = end;
  }
}

/**
 * Sessions with those made one that DUP_GROUP lets share their seats: as long as any of them, with as many seats as the
 * largest. A log has users and hosts; who is the same in both is taken for the same in displays and checkout data.
 */
function shared(
  { sessions }: FeatureTrace,
  sharing: DupGroup,
  { names, begin }: SourceTraces,
): SessionColumns {
  if (sharing.kind === 'none') return sessions;
  const keyOf = (client: number): string => {
    if (sharing.kind === 'site') return '';
    const { user, host } = names.client(client);
    return `${sharing.user ? user : ''}@${sharing.host ? host : ''}`;
  };
  const merged = new SessionColumns();
  const open = new Map<string, { from: EpochMs; to: EpochMs; count: number; client: number }>();
  const close = (key: string): void => {
    const group = open.get(key);
    if (group === undefined) return;
    merged.since.push(group.from);
    merged.until.push(group.to);
    merged.client.push(group.client);
    merged.count.push(group.count);
  };
  const starts = sessions.since.values.map((since) => (Number.isNaN(since) ? begin : since));
  for (const row of sortedOrder(starts)) {
    const [from, to] = [starts[row]!, sessions.until.at(row)];
    const [client, count] = [sessions.client.at(row), sessions.count.at(row)];
    const key = keyOf(client);
    const group = open.get(key);
    if (group === undefined || from > group.to) {
      close(key);
      open.set(key, { from, to, count, client });
      continue;
    }
    group.to = Math.max(group.to, to);
    group.count = Math.max(group.count, count);
  }
  for (const key of open.keys()) close(key);
  return merged;
}
