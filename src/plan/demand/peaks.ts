import type { EpochMs } from '../../base/clock.ts';
import { sortedOrder } from '../columns.ts';
import type { LogNames } from '../scan/log-names.ts';
import type { Demand } from './demand.ts';
import { isForWantOfSeats } from './episodes.ts';
import type { FeatureTrace, SessionColumns } from './trace.ts';

/** Seats out over time: changes in order, those back before those out of the same moment. */
export interface UseChanges {
  readonly at: Float64Array;
  readonly change: Int32Array;
}

/** The changes that sessions or a demand make. */
export function useChanges(use: SessionColumns | Demand, begin: EpochMs): UseChanges {
  const { from, to, count } = spansOf(use, begin);
  const { length } = from;
  const at = new Float64Array(2 * length);
  const change = new Int32Array(2 * length);
  const [begins, ends] = [sortedOrder(from), sortedOrder(to)];
  let [begun, ended] = [0, 0];
  for (let row = 0; row < at.length; row++) {
    // Of one moment seats that come back are first.
    const isEnd =
      begun === length || (ended < length && to[ends[ended]!]! <= from[begins[begun]!]!);
    const span = isEnd ? ends[ended++]! : begins[begun++]!;
    at[row] = isEnd ? to[span]! : from[span]!;
    change[row] = isEnd ? -count[span]! : count[span]!;
  }
  return { at, change };
}

interface Spans {
  readonly from: Float64Array;
  readonly to: Float64Array;
  readonly count: ArrayLike<number>;
}

function spansOf(use: SessionColumns | Demand, begin: EpochMs): Spans {
  if (!('since' in use)) {
    const { at, holdMs, count } = use;
    return { from: at, to: at.map((start, row) => start + holdMs[row]!), count };
  }
  const from = use.since.values.map((since) => (Number.isNaN(since) ? begin : since));
  return { from, to: use.until.values, count: use.count.values };
}

/** The most seats out at a time. */
export function peakOf(use: SessionColumns | Demand, begin: EpochMs): number {
  let out = 0;
  let peak = 0;
  for (const change of useChanges(use, begin).change) {
    out += change;
    if (out > peak) peak = out;
  }
  return peak;
}

/** Refusals that must agree before they tell how many seats there are. */
const AGREEING_MIN = 3;

/**
 * How many seats there seem to be: what was out when somebody was refused one for want of seats, most of the times.
 * Undefined when refusals are few or do not agree.
 */
export function seatsAtDenials(trace: FeatureTrace, names: LogNames): number | undefined {
  const { denials, sessions } = trace;
  if (denials.size === 0) return undefined;
  const { at, change } = useChanges(sessions, Number.NEGATIVE_INFINITY);
  const seen = new Map<number, number>();
  let index = 0;
  let out = 0;
  let told = 0;
  for (const row of sortedOrder(denials.at.values)) {
    const isMeant = isForWantOfSeats(names.reasonText(denials.reason.at(row)));
    if (!isMeant || denials.count.at(row) !== 1) continue;
    for (; index < at.length && at[index]! <= denials.at.at(row); index++) out += change[index]!;
    seen.set(out, (seen.get(out) ?? 0) + 1);
    told++;
  }
  const [most] = [...seen].sort((a, b) => b[1] - a[1]);
  if (most === undefined || most[0] === 0) return undefined;
  return most[1] >= AGREEING_MIN && most[1] > told / 2 ? most[0] : undefined;
}
