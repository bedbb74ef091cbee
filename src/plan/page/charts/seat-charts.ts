import { worstWeek } from '../../estimate/seat-search.ts';
import { money } from '../../money/money-text.ts';
import type { FeaturePlan } from '../../plan-model.ts';
import { Plot, type Point, roundAxis } from '../plot.ts';

/** Shares of a curve that matter: what is far to the left is seats that nobody thinks of. */
const SHARE_SHOWN_MAX = 0.3;

/** What share of starts is denied with so many seats, and how far chance could have moved it. */
export function denialChart(plan: FeaturePlan): string {
  const { curve, answer, present, deny } = plan;
  const near = curve.filter(
    (counts) =>
      worstWeek(counts).share <= SHARE_SHOWN_MAX ||
      counts.seats === answer?.seats ||
      counts.seats === present?.seats,
  );
  const points = near.map((counts): Point => [counts.seats, 100 * worstWeek(counts).share]);
  const low = near.map((counts): Point => [counts.seats, 100 * counts.low]);
  const high = near.map((counts): Point => [counts.seats, 100 * counts.high]);
  const seats = near.map((counts) => counts.seats);
  const most = Math.max(100 * deny * 2, ...points.map(([, share]) => share));
  const plot = new Plot(roundAxis(Math.max(...seats), 'seats', { low: Math.min(...seats) }), {
    ...roundAxis(most, 'starts denied in the worst week', { whole: false }),
    text: (share) => `${Number(share.toPrecision(3))} %`,
  });
  plot
    .area(high, low, 'use')
    .line(points, 'use')
    .level(100 * deny, 'your bar', 'good');
  if (present !== undefined) plot.upright(present.seats, `you have ${present.seats}`, 'bad', 1);
  if (answer !== undefined) plot.upright(answer.seats, `${answer.seats} seats`, 'good');
  return plot.svg('Share of starts denied by number of seats');
}

/** What a year costs with so many seats: the seats, the hours denied, and both. */
export function costChart({ costs, answer }: FeaturePlan): string | undefined {
  if (costs === undefined) return undefined;
  const { curve, cheapest } = costs;
  // Far below the cheapest the hours denied would hide all the rest.
  const from = Math.floor((cheapest?.seats ?? answer?.seats ?? 0) / 2);
  const shown = curve.filter(({ seats }) => seats >= from);
  const line = (of: (cost: (typeof curve)[number]) => number): readonly Point[] =>
    shown.map((cost): Point => [cost.seats, of(cost)]);
  const seats = shown.map((cost) => cost.seats);
  const plot = new Plot(roundAxis(Math.max(...seats), 'seats', { low: Math.min(...seats) }), {
    ...roundAxis(Math.max(...shown.map(({ total }) => total)), 'a year'),
    text: shortMoney,
  });
  plot.line(
    line(({ seatCost }) => seatCost),
    'use',
  );
  if (cheapest !== undefined) {
    plot
      .line(
        line(({ deniedCost }) => deniedCost),
        'bad',
      )
      .line(
        line(({ total }) => total),
        'want',
      );
    plot.upright(cheapest.seats, `cheapest: ${cheapest.seats}`, 'good');
  }
  return plot.svg('What a year costs by number of seats');
}

/** `350 k`, `1.2 M`: labels of an axis have little room. */
function shortMoney(value: number): string {
  if (value >= 1e6) return `${Number((value / 1e6).toPrecision(3))} M`;
  return value >= 1e4 ? `${Number((value / 1e3).toPrecision(3))} k` : money(value);
}
