import { worstWeek } from './estimate/seat-search.ts';
import type { Plan } from './plan.ts';
import type { FeaturePlan } from './plan-model.ts';
import { answerSentence } from './plan-text.ts';

/** What programs read: `features[0].answer.seats` and the rest are a contract. Times are ISO 8601 in UTC. */
export function planAsJson({ read, features, bundles, budget }: Plan): object {
  return {
    begin: new Date(read.begin).toISOString(),
    end: new Date(read.end).toISOString(),
    features: features.map(featureAsJson),
    bundles,
    ...(budget && { budget }),
    ...(read.samples && { source: read.samples.kind }),
    quality: read.quality,
  };
}

function featureAsJson(plan: FeaturePlan): object {
  const { feature, daemon, deny, answer, present, reason, demand, estimates } = plan;
  return {
    ...{ feature, daemon, deny, sentence: answerSentence(plan) },
    answer: answer === undefined ? null : answer,
    ...(reason === undefined ? {} : { reason }),
    present: present ?? null,
    ...(plan.bias && { bias: plan.bias }),
    demand: {
      sessions: demand.at.length - demand.lost,
      deniedLines: demand.deniedLines,
      episodes: demand.episodes.length,
      delayed: demand.delayed,
      lost: demand.lost,
      peak: plan.peak,
      wantedPeak: plan.wantedPeak,
      assumption:
        'a start that was refused for good would have been as long as another one of the same user, drawn at random',
    },
    ...(estimates === undefined
      ? {}
      : {
          estimators: {
            replay: answer?.seats,
            offeredLoad: estimates.offeredLoad,
            erlangB: estimates.stationary.erlangB,
            engset: estimates.stationary.engset,
            erlangC: estimates.erlangC,
            meanLoad: estimates.stationary.load,
            ...(estimates.kaufmanRoberts && { kaufmanRoberts: estimates.kaufmanRoberts }),
            ...(estimates.classes && { classes: estimates.classes }),
          },
          disagreements: plan.disagreements,
        }),
    ...(plan.replications && { replications: plan.replications }),
    ...(plan.costs && { costs: plan.costs }),
    ...(plan.termMix && { termMix: plan.termMix }),
    ...(plan.whatIfs.length > 0 && { whatIfs: plan.whatIfs }),
    curve: plan.curve.map((counts) => ({
      seats: counts.seats,
      worstWeek: worstWeek(counts).share,
      low: counts.low,
      high: counts.high,
      all: counts.starts === 0 ? 0 : counts.denied / counts.starts,
      deniedHours: Math.round(counts.deniedHours * 100) / 100,
    })),
  };
}
