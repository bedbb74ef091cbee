import { originalOf } from '../clients.ts';
import type { Demand } from '../demand/demand.ts';
import { peakOf } from '../demand/peaks.ts';
import { fewestOfCurve, worstWeek } from '../estimate/seat-search.ts';
import type { FeatureAnswer, FeatureQuestion, PresentSeats } from '../plan-model.ts';
import { type SourceNoun, sourceNoun } from '../samples/sampled-source.ts';
import { curveSeats, type SeatCurve } from '../seat-curve.ts';
import { curveFor } from '../sweep/sweep.ts';
import { changedDemand, partOfDemand } from './changed-demand.ts';
import type { DemandChange, WhatIf, WhatIfResult } from './what-if.ts';

/** What a what-if is compared with. */
export interface Answered {
  readonly feature: string;
  readonly demand: Demand;
  readonly answer: FeatureAnswer;
  readonly present?: PresentSeats;
}

const assumptions: Readonly<Record<DemandChange['kind'], (source: SourceNoun) => string>> = {
  growth: ({ it }) =>
    `new starts are like those of ${it}, by people who are new, up to an hour earlier or later`,
  night: () => 'jobs are sessions of an hour or more; those moved begin from 20:00 to 24:00',
  timeout: ({ it, does }) =>
    `${it} ${does} not tell who is idle: whoever holds seats for longer than the given time has left them`,
  merge: () => 'both servers serve everybody, and clocks agree',
};

/** The same history with something else: how many seats it takes, and what the present ones do. */
export async function tryWhatIf(
  whatIf: WhatIf,
  answered: Answered,
  question: FeatureQuestion,
): Promise<WhatIfResult> {
  const { text } = whatIf;
  const source = sourceNoun(question.samples);
  const assumed = [...new Set(whatIf.demand.map(({ kind }) => assumptions[kind](source)))];
  const assumption = assumed.length === 0 ? {} : { assumption: assumed.join('; ') };
  const missing = reasonAgainst(whatIf, question);
  if (missing !== undefined) return { text, reason: missing };
  const demand = demandFor(whatIf, answered.demand, question);
  if (whatIf.split !== undefined) {
    return { text, ...assumption, ...(await splitSeats(whatIf, demand, answered, question)) };
  }
  const curve = curveOf(whatIf, demand, answered, question);
  const given = whatIf.seats ?? answered.present?.seats ?? answered.answer.seats;
  const oneDown = await withOneDown(whatIf, demand, answered, question, given);
  const result = { text, ...assumption, ...(await atSeats(curve, given)), ...oneDown };
  if (whatIf.seats !== undefined) return result;
  const seats = await seatsFor(curve, demand, question);
  if (seats === undefined) return { ...result, reason: 'more seats do not help: rules refuse' };
  const apart = await seatsApart(whatIf, answered, question);
  const before = apart.reduce((sum, part) => sum + part.seats, answered.answer.seats);
  const parts = [{ name: 'here', seats: answered.answer.seats }, ...apart];
  return { ...result, seats, more: seats - before, ...(apart.length > 0 && { parts }) };
}

function reasonAgainst({ demand, split }: WhatIf, question: FeatureQuestion): string | undefined {
  for (const change of demand) {
    if (change.kind !== 'merge' || question.demandElsewhere(change.source) !== undefined) continue;
    return `${change.source} has no start of it in the same weeks`;
  }
  if (split === undefined || question.groupOf(split) !== undefined) return undefined;
  return `no GROUP ${split} in the options file: give --license and --options, or --groups`;
}

function demandFor({ demand, text }: WhatIf, start: Demand, question: FeatureQuestion): Demand {
  const { wall, rng, demandElsewhere } = question;
  return demand.reduce(
    (sum, change) =>
      changedDemand(sum, change, {
        wall,
        rng: rng.fork(`what-if/${text}/${change.kind}`),
        elsewhere: change.kind === 'merge' ? demandElsewhere(change.source) : undefined,
      }),
    start,
  );
}

function curveOf(
  { lines, dupGroup, ways }: WhatIf,
  demand: Demand,
  { feature }: Answered,
  question: FeatureQuestion,
): SeatCurve {
  const change = {
    lines: lines.map((line) => line.replaceAll(/\bFEATURE\b/g, () => feature)),
    ...(dupGroup === undefined ? {} : { dupGroup }),
  };
  return curveFor({ feature, demand, question, change, ways });
}

async function atSeats(
  curve: SeatCurve,
  seats: number,
): Promise<Pick<WhatIfResult, 'given' | 'waits'>> {
  const counts = await curve.at(seats);
  const { share } = worstWeek(counts);
  const { waited, waitMs, starts } = counts;
  if (waited === 0) return { given: { seats, share } };
  return { given: { seats, share }, waits: { share: waited / starts, meanMs: waitMs / waited } };
}

/** A triad goes on when one of its three servers is down; a search path goes on with the seats of the others. */
async function withOneDown(
  whatIf: WhatIf,
  demand: Demand,
  answered: Answered,
  question: FeatureQuestion,
  seats: number,
): Promise<Pick<WhatIfResult, 'oneDown'>> {
  const { servers } = whatIf.ways;
  if (servers === undefined) return {};
  const left = seats - Math.ceil(seats / servers);
  const rest = { ...whatIf, ways: { servers: servers - 1 } };
  const counts = await curveOf(rest, demand, answered, question).at(left);
  return { oneDown: { seats: left, share: worstWeek(counts).share } };
}

/** Undefined when even seats for all would not do, as when a MAX line is what refuses. */
async function seatsFor(
  curve: SeatCurve,
  demand: Demand,
  { deny, begin }: FeatureQuestion,
): Promise<number | undefined> {
  const peak = Math.max(1, peakOf(demand, begin));
  // Reservations and parts of servers take seats that nobody else can have.
  for (const factor of [1, 2, 4]) {
    const high = factor * peak + (factor - 1);
    if (worstWeek(await curve.at(high)).share > deny) continue;
    return fewestOfCurve(curve, deny, curveSeats(high));
  }
  return undefined;
}

/** Of servers whose pools are merged: what each of the others takes by itself. */
async function seatsApart(whatIf: WhatIf, answered: Answered, question: FeatureQuestion) {
  const parts: { name: string; seats: number }[] = [];
  for (const change of whatIf.demand) {
    if (change.kind !== 'merge') continue;
    const demand = question.demandElsewhere(change.source)!;
    const alone = { ...whatIf, demand: [], lines: [], ways: {} };
    const seats = await seatsFor(curveOf(alone, demand, answered, question), demand, question);
    parts.push({ name: change.source, seats: seats ?? 0 });
  }
  return parts;
}

async function splitSeats(
  whatIf: WhatIf,
  demand: Demand,
  answered: Answered,
  question: FeatureQuestion,
): Promise<Pick<WhatIfResult, 'seats' | 'more' | 'parts'>> {
  const members = question.groupOf(whatIf.split!)!;
  const isIn = (client: number): boolean => {
    const { user } = question.names.client(client < 0 ? originalOf(client) : client);
    return members.has(user);
  };
  const parts: { name: string; seats: number }[] = [];
  for (const [name, has] of [
    [whatIf.split!, isIn],
    ['others', (client: number) => !isIn(client)],
  ] as const) {
    const part = partOfDemand(demand, has);
    const curve = curveOf(whatIf, part, answered, question);
    parts.push({ name, seats: (await seatsFor(curve, part, question)) ?? 0 });
  }
  const seats = parts.reduce((sum, part) => sum + part.seats, 0);
  return { seats, more: seats - answered.answer.seats, parts };
}
