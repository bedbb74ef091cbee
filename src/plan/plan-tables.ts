import { csvText } from './csv.ts';
import { inMarkdown, markdownTable } from './markdown.ts';
import { money, moneySentences } from './money/money-text.ts';
import type { Plan } from './plan.ts';
import { type FeaturePlan, percent } from './plan-model.ts';
import { answerSentence, whatIfSentence } from './plan-text.ts';
import { sourceWords } from './samples/sampled-source.ts';

const headings = [
  ...['feature', 'daemon', 'deny', 'seats', 'low', 'high', 'have', 'have_denied', 'peak'],
  ...['wanted_peak', 'starts', 'refused_for_good', 'cheapest', 'reason'],
];

/** A row a feature, for a spreadsheet; shares are from 0 to 1. */
export function planCsv({ features }: Plan): string {
  return csvText(
    headings,
    features.map((plan) => {
      const { answer, present, demand, costs } = plan;
      return [
        ...[plan.feature, plan.daemon, plan.deny],
        ...[answer?.seats ?? '', answer?.low ?? '', answer?.high ?? ''],
        ...[present?.seats ?? '', present?.share ?? '', plan.peak, plan.wantedPeak],
        ...[demand.at.length, demand.lost, costs?.cheapest?.seats ?? '', plan.reason ?? ''],
      ];
    }),
  );
}

/** A report to paste: a table of all features, and what supports each answer. */
export function planMarkdown({ features, budget, read }: Plan): string {
  const day = (at: number): string => new Date(at).toISOString().slice(0, 10);
  const rows = features.map(summaryRow);
  const bought = budget?.shares.map(({ feature, seats, cost, share }) => [
    ...[inMarkdown(feature), `${seats}`, money(cost), percent(share)],
  ]);
  return [
    '# How many seats?',
    `${sourceWords(read.samples)} from ${day(read.begin)} to ${day(read.end)}.`,
    markdownTable(['feature', 'seats', '95 % interval', 'you have', 'denied now'], rows),
    ...features.map(section),
    ...(budget === undefined || bought === undefined
      ? []
      : [
          `## A budget of ${money(budget.budget)} a year`,
          markdownTable(['feature', 'seats', 'cost', 'denied in the worst week'], bought),
        ]),
  ]
    .map((block) => `${block}\n`)
    .join('\n');
}

function summaryRow({ feature, answer, present }: FeaturePlan): readonly string[] {
  return [
    inMarkdown(feature),
    ...(answer === undefined ? ['?', ''] : [`${answer.seats}`, `${answer.low}-${answer.high}`]),
    ...(present === undefined ? ['?', ''] : [`${present.seats}`, percent(present.share)]),
  ];
}

function section(plan: FeaturePlan): string {
  const { feature, demand, estimates, disagreements = [], whatIfs, bias, source } = plan;
  const facts = [
    ...(bias?.sentences ?? []),
    bias === undefined
      ? `${demand.at.length} starts, of which ${demand.lost} were refused for good and ${demand.delayed} only delayed`
      : `${demand.at.length} starts in ${source.it}`,
    ...(estimates === undefined
      ? []
      : [
          `by load of each hour (Erlang B) ${estimates.offeredLoad} seats, by mean load ` +
            `${estimates.stationary.erlangB}, by mean load and number of users (Engset) ${estimates.stationary.engset}`,
        ]),
    ...[...disagreements, ...moneySentences(plan), ...whatIfs.map(whatIfSentence)],
  ];
  const lines = facts.map((fact) => `- ${inMarkdown(fact)}`);
  return `## ${inMarkdown(feature)}\n\n${inMarkdown(answerSentence(plan))}\n\n${lines.join('\n')}`;
}
