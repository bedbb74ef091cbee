import type { Costs, SeatCost } from './costs.ts';

/** What a feature can have, and what that spares. */
export interface Offer {
  readonly daemon: string;
  readonly feature: string;
  readonly costs: Costs;
}

export interface BudgetShare {
  readonly daemon: string;
  readonly feature: string;
  readonly seats: number;
  readonly cost: number;
}

/** The seats of all features that a budget for a year buys. */
export interface BudgetMix {
  readonly budget: number;
  readonly cost: number;
  readonly shares: readonly BudgetShare[];
}

/** So many seats more, and how much refused each unit of money on them spares. */
interface Step {
  readonly offer: Offer;
  readonly to: number;
  readonly rate: number;
}

/**
 * Buys where money spares most: hours refused at their price, or hours themselves where they have none. Each feature's
 * steps are those of the lower hull of its curve, so that what spares less comes later, and of the step at which the
 * budget ends as many seats as it pays. Features without a price are left out.
 */
export function budgetMix(offers: readonly Offer[], budget: number): BudgetMix {
  const bought = new Map(offers.map((offer) => [offer, 0]));
  const steps = offers.flatMap(stepsOf).sort((a, b) => b.rate - a.rate);
  let left = budget;
  const full = new Set<Offer>();
  for (const { offer, to } of steps) {
    if (full.has(offer)) continue;
    const { seatYear } = offer.costs.prices;
    const has = bought.get(offer)!;
    const more = seatYear === 0 ? to - has : Math.min(to - has, Math.floor(left / seatYear));
    if (more < to - has) full.add(offer);
    bought.set(offer, has + more);
    left -= more * seatYear;
  }
  const shares = [...bought].map(([{ daemon, feature, costs }, seats]) => ({
    ...{ daemon, feature, seats, cost: seats * costs.prices.seatYear },
  }));
  return { budget, cost: shares.reduce((sum, { cost }) => sum + cost, 0), shares };
}

function stepsOf(offer: Offer): readonly Step[] {
  const hull = lowerHull(offer.costs);
  return hull.slice(1).map((point, index) => {
    const before = hull[index]!;
    const spared = before.lost - point.lost;
    const cost = (point.seats - before.seats) * offer.costs.prices.seatYear;
    return { offer, to: point.seats, rate: cost === 0 ? Number.POSITIVE_INFINITY : spared / cost };
  });
}

interface Lost {
  readonly seats: number;
  readonly lost: number;
}

function lowerHull({ curve, prices }: Costs): readonly Lost[] {
  const lostOf = (cost: SeatCost): number =>
    prices.deniedHour === undefined ? cost.deniedHours : cost.deniedCost;
  const hull: Lost[] = [];
  for (const cost of curve) {
    const point = { seats: cost.seats, lost: lostOf(cost) };
    while (hull.length >= 2 && !turnsUp(hull.at(-2)!, hull.at(-1)!, point)) hull.pop();
    if (hull.length === 0 || point.lost < hull.at(-1)!.lost) hull.push(point);
  }
  return hull;
}

/** Whether the way from `b` to `c` falls less than that from `a` to `b`. */
function turnsUp(a: Lost, b: Lost, c: Lost): boolean {
  return (b.lost - a.lost) * (c.seats - a.seats) < (c.lost - a.lost) * (b.seats - a.seats);
}
