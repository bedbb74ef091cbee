import { escaped } from '../../text/markup.ts';
import { money, moneySentences } from '../money/money-text.ts';
import type { BudgetPlan, Plan } from '../plan.ts';
import { type FeaturePlan, percent } from '../plan-model.ts';
import { answerSentence, whatIfSentence } from '../plan-text.ts';
import { sourceWords } from '../samples/sampled-source.ts';
import { costChart, denialChart } from './charts/seat-charts.ts';
import { concurrencyChart, durationChart, lengthChart, weekChart } from './charts/use-charts.ts';
import { planStyle } from './page-style.ts';
import { estimatorTable, qualityPart, tableOf, topUsers } from './page-tables.ts';

/** What the parts of a page are told from beside the plan of their feature. */
export type PageGround = Pick<Plan, 'read'>;

/** Features with plots: a page of hundreds would be read by nobody, and opened by no browser. */
const FEATURES_SHOWN = 20;

/** The plan as a page that loads nothing from elsewhere and runs no script. */
export function planPage(plan: Plan): string {
  const { features, read, budget, bundles } = plan;
  const day = (at: number): string => new Date(at).toISOString().slice(0, 10);
  const policy = "default-src 'none'; style-src 'unsafe-inline'";
  const shown = features.slice(0, FEATURES_SHOWN);
  return [
    '<!doctype html>',
    '<html lang="en"><head><meta charset="utf-8">',
    `<meta http-equiv="Content-Security-Policy" content="${policy}">`,
    '<meta name="viewport" content="width=device-width, initial-scale=1">',
    `<title>How many seats?</title><style>${planStyle}</style></head><body>`,
    '<h1>How many seats?</h1>',
    `<p class="dim">${sourceWords(read.samples)} from ${day(read.begin)} to ${day(read.end)}. ` +
      "Times are the license server's.</p>",
    features.length > 1 ? overview(features) : '',
    budget === undefined ? '' : budgetPart(budget),
    ...shown.map((feature) => section(feature, plan)),
    features.length > shown.length
      ? `<p>${features.length - shown.length} more features: plan one with --feature.</p>`
      : '',
    bundlesPart(bundles),
    '<h2>How good the data are</h2>',
    `<figure>${qualityPart(read.quality, read.samples)}</figure>`,
    '</body></html>',
    '',
  ].join('\n');
}

function overview(features: readonly FeaturePlan[]): string {
  const rows = features.map(({ feature, answer, present, reason }) => [
    escaped(feature),
    answer === undefined ? '?' : `<b>${answer.seats}</b>`,
    answer === undefined ? '' : `${answer.low}-${answer.high}`,
    present === undefined ? '?' : `${present.seats}`,
    present === undefined ? '' : percent(present.share),
    escaped(reason ?? ''),
  ]);
  const head = ['feature', 'seats', '95 % interval', 'you have', 'denied now', ''];
  return `<figure>${tableOf(head, rows, [1, 2, 3, 4])}</figure>`;
}

function section(plan: FeaturePlan, ground: PageGround): string {
  const { feature, answer } = plan;
  const sentence = escaped(answerSentence(plan));
  if (answer === undefined) {
    const none = `<div class="answer none"><p>${sentence}</p></div>`;
    return `<h2>${escaped(feature)}</h2>${none}${biasPart(plan)}`;
  }
  const seats = answer.seats === 1 ? '1 seat' : `${answer.seats} seats`;
  return [
    `<h2>${escaped(feature)}</h2>`,
    `<div class="answer"><b>${seats}</b><p>${sentence}</p></div>`,
    biasPart(plan),
    `<div class="cards">${figures(plan, ground).join('\n')}</div>`,
  ].join('\n');
}

/** What cannot be seen stands right below the answer: it may be more than what can. */
function biasPart({ bias }: FeaturePlan): string {
  if (bias === undefined) return '';
  return `<div class="caveat"><b>What these data do not show</b>${list(bias.sentences)}</div>`;
}

function figures(plan: FeaturePlan, ground: PageGround): readonly string[] {
  const { demand, disagreements = [], whatIfs, source, bias } = plan;
  const cost = costChart(plan);
  const refused = demand.lost + demand.delayed > 0;
  // Samples and tables have no denials: none in them is no sign that nobody was refused.
  const bars =
    bias === undefined
      ? ' <span class="key bad">Bars</span>: denied, by number.'
      : ` Who was denied is not in ${source.it}.`;
  const wanted = refused
    ? ' <span class="key want">Wanted</span>: with seats for all who were refused.'
    : '';
  return [
    figure(
      'Denied starts by number of seats',
      denialChart(plan),
      `Each start of ${source.it}, tried again with so many seats, in the week that is worst then. ` +
        'The band is where chance ' +
        'alone could have put it (95 %).',
    ),
    figure(
      'Seats in use over time',
      concurrencyChart(plan, ground),
      `<span class="key use">In use</span>, at most each day.${wanted}${bars}`,
    ),
    figure(
      'When seats are wanted',
      weekChart(plan),
      'Average by hour of the week; the stronger the color, the more.',
    ),
    figure(
      'For how long how many seats are out',
      durationChart(plan, ground),
      'What lies above a line of seats is the time in which they are not enough. A steep left ' +
        'end: peaks are rare and short.',
    ),
    ...(cost === undefined
      ? []
      : [
          figure(
            'What a year costs',
            cost,
            '<span class="key use">Seats</span>, <span class="key bad">hours denied</span>, ' +
              '<span class="key want">both</span>. ' +
              list(moneySentences(plan)),
          ),
        ]),
    figure(
      'How long sessions last',
      lengthChart(plan),
      `Sessions whose begin and end are in ${source.it}.`,
    ),
    figure('Who uses most', topUsers(plan, ground), ''),
    ...(whatIfs.length === 0
      ? []
      : [figure('What if', list(whatIfs.map(whatIfSentence)), list(assumptionsOf(plan)))]),
    figure(
      'Other ways to estimate',
      estimatorTable(plan) + list(disagreements),
      bias === undefined
        ? `Of ${demand.at.length} starts ${demand.lost} were refused for good in the log ` +
            `and ${demand.delayed} only delayed. ` +
            'One refused for good would have been as long as another of the same user.'
        : `Of ${demand.at.length} starts in ${source.it}. Those that were refused are not in ${source.it}.`,
    ),
  ];
}

function assumptionsOf({ whatIfs }: FeaturePlan): readonly string[] {
  const all = whatIfs.flatMap(({ assumption }) => (assumption === undefined ? [] : [assumption]));
  return [...new Set(all)].map((assumption) => `Assumed: ${assumption}.`);
}

/** `content` and `caption` are HTML. */
function figure(title: string, content: string, caption: string): string {
  return `<figure><h3>${escaped(title)}</h3>${content}<figcaption>${caption}</figcaption></figure>`;
}

function list(sentences: readonly string[]): string {
  if (sentences.length === 0) return '';
  return `<ul>${sentences.map((each) => `<li>${unbroken(escaped(each))}</li>`).join('')}</ul>`;
}

/** Thousands stay together at the end of a line. */
function unbroken(text: string): string {
  return text.replace(/(\d) (?=\d{3}\b)/g, '$1\u00a0');
}

function budgetPart({ budget, cost, shares }: BudgetPlan): string {
  const rows = shares.map(({ feature, seats, cost: own, share }) => [
    ...[escaped(feature), `${seats}`, money(own), percent(share)],
  ]);
  const head = ['feature', 'seats', 'cost a year', 'denied in the worst week'];
  const words = `A budget of ${money(budget)} a year buys, for ${money(cost)}:`;
  return `<figure><h3>${unbroken(words)}</h3>${tableOf(head, rows, [1, 2, 3])}</figure>`;
}

function bundlesPart(bundles: Plan['bundles']): string {
  if (bundles.length === 0) return '';
  const rows = bundles.map(({ features: [one, other], together, share }) => [
    ...[escaped(one), escaped(other), `${together}`, percent(share)],
  ]);
  const head = ['feature', 'goes out with', 'starts', 'of all its starts'];
  return `<h2>Features that go out together</h2><figure>${tableOf(head, rows, [2, 3])}</figure>`;
}
