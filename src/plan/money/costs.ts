import { type SeatCounts, worstWeek } from '../estimate/seat-search.ts';
import type { SeatCurve } from '../seat-curve.ts';
import type { Prices } from './prices.ts';

/** A year with so many seats, at the pace of the log. */
export interface SeatCost {
  readonly seats: number;
  readonly seatCost: number;
  /** Hours refused in a year, and what they cost. */
  readonly deniedHours: number;
  readonly deniedCost: number;
  readonly total: number;
  /** Share of starts refused in the worst week. */
  readonly share: number;
}

export interface Costs {
  readonly prices: Prices;
  /** The cheapest number of seats; undefined when an hour refused has no price. */
  readonly cheapest?: SeatCost;
  readonly curve: readonly SeatCost[];
}

const YEAR_DAYS = 365.25;

/** What each number of seats that was replayed costs in a year, and which is the cheapest. `days`: of the log. */
export async function costsOf(curve: SeatCurve, prices: Prices, days: number): Promise<Costs> {
  const costOf = (counts: SeatCounts): SeatCost => seatCost(counts, prices, days);
  if (prices.deniedHour === undefined) return { prices, curve: curve.points.map(costOf) };
  await replayAroundCheapest(curve, costOf);
  const costs = curve.points.map(costOf);
  return { prices, curve: costs, cheapest: cheapestOf(costs) };
}

/** Halves the way between the cheapest point and its neighbors until they are next to it. */
async function replayAroundCheapest(
  curve: SeatCurve,
  costOf: (counts: SeatCounts) => SeatCost,
): Promise<void> {
  for (;;) {
    const costs = curve.points.map(costOf);
    const { seats } = cheapestOf(costs);
    const at = costs.findIndex((cost) => cost.seats === seats);
    // Below the fewest that were replayed there may be cheaper ones, down to none at all.
    const below = costs[at - 1]?.seats ?? (seats > 0 ? -1 : seats - 1);
    const above = costs[at + 1]?.seats ?? seats + 1;
    const next = [seats - ((seats - below) >> 1), seats + ((above - seats) >> 1)].filter(
      (each) => each !== seats && each >= 0,
    );
    if (next.length === 0) return;
    await curve.ensure(next);
  }
}

function cheapestOf(costs: readonly SeatCost[]): SeatCost {
  return costs.reduce((best, cost) => (cost.total < best.total ? cost : best));
}

function seatCost(counts: SeatCounts, prices: Prices, days: number): SeatCost {
  const { seats } = counts;
  const deniedHours = (counts.deniedHours * YEAR_DAYS) / days;
  const seatCosts = seats * prices.seatYear;
  const deniedCost = deniedHours * (prices.deniedHour ?? 0);
  return {
    ...{ seats, seatCost: seatCosts, deniedHours, deniedCost },
    ...{ total: seatCosts + deniedCost, share: worstWeek(counts).share },
  };
}
