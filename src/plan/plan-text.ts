import { renderDuration } from '../base/time-words.ts';
import { budgetText, moneySentences } from './money/money-text.ts';
import type { Plan } from './plan.ts';
import type { FeaturePlan } from './plan-model.ts';
import { percent } from './plan-model.ts';
import type { WhatIfResult } from './what-if/what-if.ts';

/** The answer in words, or why there is none. */
export function answerSentence({
  feature,
  deny,
  answer,
  present,
  reason,
  peak,
  bias,
}: FeaturePlan): string {
  if (answer === undefined) {
    const source = bias === undefined ? 'the log does' : 'the data do';
    return `For ${feature}, ${source} not say how many seats it takes: ${reason}.`;
  }
  const { seats, low, high } = answer;
  const interval = low === high ? `${low}` : `${low}-${high}`;
  const keep = seats === 1 ? 'seat keeps' : 'seats keep';
  const need =
    `For ${feature}, ${seats} ${keep} denied starts at or below ${percent(deny)} ` +
    `in the busiest weeks (95 % interval ${interval}).`;
  return `${need} ${presentSentence(present, peak)}`;
}

function presentSentence(present: FeaturePlan['present'], peak: number): string {
  if (present === undefined)
    return `The log does not show how many you have; at most ${peak} were out at a time.`;
  const seems = present.source === 'denials' ? 'You seem to have' : 'You have';
  return `${seems} ${present.seats} (${percent(present.share)}).`;
}

/** What a person reads: a sentence a feature, and why to believe it. */
export function planText({ features, budget }: Plan): string {
  const texts = features.map((plan) => `${answerSentence(plan)}\n${evidence(plan)}`);
  return [...texts, ...(budget === undefined ? [] : [budgetText(budget)])].join('\n');
}

function evidence(plan: FeaturePlan): string {
  const { answer, demand, estimates, whatIfs, disagreements = [], bias } = plan;
  const known = bias?.sentences ?? [];
  if (answer === undefined || estimates === undefined) return linesOf(known);
  const { offeredLoad, stationary } = estimates;
  const lines = [
    bias !== undefined
      ? `starts that are in them: ${demand.at.length}`
      : `starts: ${demand.at.length}, ${demand.lost} of them refused for good ` +
        `and ${demand.delayed} delayed in the log ` +
        `(${demand.deniedLines} denied lines)`,
    `replay: ${answer.seats} seats, ${percent(answer.share)} in the worst week; ` +
      `by load of each hour: ${offeredLoad}; by mean load (${stationary.load.toFixed(1)}): ${stationary.erlangB}`,
  ];
  const all = [
    ...[...known, ...lines, ...disagreements, ...moneySentences(plan)],
    ...whatIfs.map(whatIfSentence),
  ];
  return linesOf(all);
}

function linesOf(sentences: readonly string[]): string {
  return sentences.map((line) => `  ${line}\n`).join('');
}

/** What a change would come to, in a sentence. */
export function whatIfSentence(result: WhatIfResult): string {
  return `what if ${result.text}: ${whatIfFacts(result).join('; ')}`;
}

function whatIfFacts(result: WhatIfResult): readonly string[] {
  const { seats, more, given, waits, oneDown, parts = [], reason } = result;
  const facts: string[] = [];
  if (seats !== undefined) facts.push(`${seats} seats (${signed(more ?? 0)})`);
  if (parts.length > 0) facts.push(parts.map((part) => `${part.name} ${part.seats}`).join(', '));
  if (given !== undefined) facts.push(`with ${given.seats}: ${percent(given.share)} denied`);
  if (waits !== undefined) {
    const mean = renderDuration(Math.round(waits.meanMs / 1000) * 1000);
    facts.push(`${percent(waits.share)} wait, ${mean} on average`);
  }
  if (oneDown !== undefined) {
    const { seats: left, share } = oneDown;
    facts.push(`with one server down, ${left} left: ${percent(share)} denied`);
  }
  if (reason !== undefined) facts.push(reason);
  return facts;
}

function signed(value: number): string {
  return value > 0 ? `+${value}` : `${value}`;
}
