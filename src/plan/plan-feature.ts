import { type Demand, demandOf } from './demand/demand.ts';
import { peakOf, seatsAtDenials } from './demand/peaks.ts';
import type { FeatureTrace } from './demand/trace.ts';
import { bandsOf, seatInterval } from './estimate/bootstrap.ts';
import { disagreementsOf } from './estimate/disagreement.ts';
import { estimatesOf } from './estimate/estimates.ts';
import { fewestOfCurve, worstWeek } from './estimate/seat-search.ts';
import { costsOf } from './money/costs.ts';
import { monthNeeds, termMix } from './money/term.ts';
import type { FeaturePlan, FeatureQuestion, PresentSeats } from './plan-model.ts';
import { percent } from './plan-model.ts';
import { sourceNoun } from './samples/sampled-source.ts';
import { samplingBias } from './samples/sampling-bias.ts';
import { curveSeats, SeatCurve } from './seat-curve.ts';
import { DayCounts } from './sweep/day-counts.ts';
import { replicationsAt } from './sweep/replications.ts';
import { replaysOf } from './sweep/sweep.ts';
import { tryWhatIf } from './what-if/try-what-if.ts';
import type { WhatIfResult } from './what-if/what-if.ts';

/** Starts in the worst week for each that may be refused: with fewer a share cannot be told. */
const STARTS_PER_DENIAL = 1;
/** More sessions without begin than this share, and too much of the log is missing. */
const UNMATCHED_SHARE_MAX = 0.25;
/** Seats on either side of the answer that the interval is looked for in, at first. */
const MARGIN = 4;
const MARGIN_MAX = 2_000;

/** How many seats of one feature a log asks for, or why it does not say. */
export async function planFeature(
  trace: FeatureTrace,
  question: FeatureQuestion,
): Promise<FeaturePlan> {
  const { names, begin, windowMs, rng, deny } = question;
  const demand = demandOf(trace, names, { begin, windowMs, rng: rng.fork('holds') });
  const bias = question.samples && samplingBias(trace, question.samples, deny);
  const plan = {
    ...{ daemon: trace.daemon, feature: trace.feature, deny, demand, trace, ...(bias && { bias }) },
    source: sourceNoun(question.samples),
    ...{ peak: peakOf(trace.sessions, begin), wantedPeak: peakOf(demand, begin) },
  };
  const reason = reasonAgainst(trace, demand, question) ?? bias?.reason;
  if (reason !== undefined) return { ...plan, reason, curve: [], whatIfs: [] };
  const { shard } = question;
  const replaying = replaysOf({ feature: trace.feature, demand, question });
  const curve = new SeatCurve((seats) => replaying({ seats }));
  if (shard !== undefined) {
    const own = curveSeats(plan.wantedPeak).filter((_, at) => at % shard.of === shard.index);
    await curve.ensure(own);
    return { ...plan, reason: 'only a part of the replays was done', curve: [], whatIfs: [] };
  }
  const seats = await fewestOfCurve(curve, deny, curveSeats(plan.wantedPeak));
  const interval = await intervalAround(seats, curve, question);
  const present = await presentSeats(trace, question, curve);
  const { share, week } = worstWeek(await curve.at(seats));
  const estimates = estimatesOf(demand, question, week);
  const clients = new Set(demand.client).size;
  const hasLicense = question.license.seats !== undefined;
  const answered = {
    ...{ ...plan, answer: { seats, ...interval, share }, ...(present && { present }), estimates },
    disagreements: disagreementsOf({
      ...{ replay: seats, estimates, clients, hasLicense },
      ...(question.samples && { withoutDenials: plan.source.it }),
    }),
  };
  const whatIfs: WhatIfResult[] = [];
  for (const whatIf of question.whatIfs) {
    whatIfs.push(await tryWhatIf(whatIf, answered, question));
  }
  const money = await moneyOf(curve, seats, question);
  const again = await replicationsAt(seats, replaying, question);
  return {
    ...answered,
    ...{ whatIfs, ...money, ...again, replayAt: (each: number) => curve.at(each) },
    curve: bandsOf(curve.points, rng.fork('band')),
  };
}

/** Why the history cannot carry an answer; undefined when it can. */
function reasonAgainst(
  { sessions }: FeatureTrace,
  demand: Demand,
  { weeks, wall, deny, samples }: FeatureQuestion,
): string | undefined {
  const { it, has, covers } = sourceNoun(samples);
  if (sessions.size + demand.lost === 0) return `${it} ${has} no checkout of it`;
  if (weeks.count === 0) {
    const days = weeks.days < 1 ? 'less than a day' : `${weeks.days.toFixed(1)} days`;
    return `${it} ${covers} ${days} and no full week from Monday to Sunday`;
  }
  const unmatched = demand.isInitial.reduce((sum, each) => sum + each, 0);
  if (unmatched > UNMATCHED_SHARE_MAX * demand.at.length) {
    return `${unmatched} of ${demand.at.length} sessions have no checkout in ${it}: much of it is missing`;
  }
  const { startsByDay } = new DayCounts(demand, weeks, wall);
  const busiest = worstWeek({ deniedByDay: startsByDay, startsByDay }).starts;
  const needed = Math.ceil(STARTS_PER_DENIAL / deny);
  if (busiest >= needed) return undefined;
  return `its busiest full week has ${busiest} starts; to tell ${percent(deny)} takes at least ${needed}`;
}

async function moneyOf(
  curve: SeatCurve,
  answer: number,
  { prices, weeks, deny }: FeatureQuestion,
): Promise<Pick<FeaturePlan, 'costs' | 'termMix'>> {
  if (prices === undefined) return {};
  // With no seat at all everything is refused: the end of the curve.
  await curve.ensure([0]);
  const costs = await costsOf(curve, prices, weeks.days);
  const { termMonth } = prices;
  if (termMonth === undefined) return { costs };
  const needs = monthNeeds(await curve.range(0, answer), weeks, deny);
  return { costs, termMix: termMix(needs, { ...prices, termMonth }) };
}

async function intervalAround(
  seats: number,
  curve: SeatCurve,
  { deny, rng }: FeatureQuestion,
): Promise<{ readonly low: number; readonly high: number }> {
  for (let margin = MARGIN; ; margin *= 2) {
    const rows = await curve.range(Math.max(0, seats - margin), seats + margin);
    const interval = seatInterval(rows, deny, rng.fork('bootstrap'));
    // Past that there is nothing to find, whatever the days: rules refuse, not seats.
    if (interval.isCovered || margin > MARGIN_MAX) {
      const high = Number.isFinite(interval.high) ? interval.high : seats + margin;
      return { low: Math.min(interval.low, seats), high: Math.max(high, seats) };
    }
  }
}

async function presentSeats(
  trace: FeatureTrace,
  { have, license, names, samples }: FeatureQuestion,
  curve: SeatCurve,
): Promise<PresentSeats | undefined> {
  const issued = samples?.factsOf(trace.daemon, trace.feature)?.issued;
  const known = [
    { seats: have, source: 'told' as const },
    { seats: license.seats, source: 'license' as const },
    { seats: issued?.at(-1)?.seats, source: 'samples' as const },
    { seats: seatsAtDenials(trace, names), source: 'denials' as const },
  ].find(({ seats }) => seats !== undefined);
  if (known?.seats === undefined) return undefined;
  const share = worstWeek(await curve.at(known.seats)).share;
  return { seats: known.seats, source: known.source, share };
}
