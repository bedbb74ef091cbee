import type { BudgetPlan } from '../plan.ts';
import { type FeaturePlan, percent } from '../plan-model.ts';

/** `1 234 567`: thousands apart, no fractions. */
export function money(value: number): string {
  return `${Math.round(value)}`.replace(/\B(?=(\d{3})+$)/g, ' ');
}

/** What seats of a feature cost, in sentences; none without prices. */
export function moneySentences({ costs, termMix, answer }: FeaturePlan): readonly string[] {
  if (costs === undefined) return [];
  const sentences: string[] = [];
  const asked = costs.curve.find(({ seats }) => seats === answer?.seats);
  if (asked !== undefined) {
    const { seats, seatCost, deniedHours } = asked;
    const hours = `${Math.round(deniedHours)} hours a year are refused`;
    sentences.push(`money: ${seats} seats cost ${money(seatCost)} a year; ${hours}`);
  }
  if (costs.cheapest !== undefined) {
    const { seats, seatCost, deniedCost, deniedHours, total, share } = costs.cheapest;
    sentences.push(
      `cheapest: ${seats} seats at ${money(seatCost)} and ${Math.round(deniedHours)} refused hours at ` +
        `${money(deniedCost)}, ${money(total)} a year; ${percent(share)} denied in the worst week`,
    );
  }
  if (termMix !== undefined) {
    const { permanent, terms, cost, costPermanent } = termMix;
    const months = terms.map(({ month, seats }) => `${month} ${seats}`).join(', ');
    const term = terms.length === 0 ? 'no term licenses' : `term licenses in ${months}`;
    sentences.push(
      `terms: ${permanent} permanent seats and ${term}: ${money(cost)} a year, ` +
        `${money(costPermanent)} with permanent ones for the busiest month`,
    );
  }
  return sentences;
}

/** What a budget buys, a line a feature. */
export function budgetText({ budget, cost, shares }: BudgetPlan): string {
  const lines = shares.map(
    ({ feature, seats, cost: own, share }) =>
      `  ${feature}: ${seats} seats, ${money(own)}; ${percent(share)} denied in the worst week\n`,
  );
  return `A budget of ${money(budget)} a year buys (${money(cost)}):\n${lines.join('')}`;
}
