import { expect, test } from 'vitest';
import { budgetMix, type Offer } from '../../src/plan/money/budget.ts';
import { money } from '../../src/plan/money/money-text.ts';
import { parsePrice, parsePriceList } from '../../src/plan/money/prices.ts';
import { termMix } from '../../src/plan/money/term.ts';
import { planPage } from '../../src/plan/page/plan-page.ts';
import { planCsv, planMarkdown } from '../../src/plan/plan-tables.ts';
import { planText } from '../../src/plan/plan-text.ts';
import { testFolder } from './log-text.ts';
import { logOf, plan, poisson } from './sessions.ts';

const sessions = poisson('money', 20, 30);
const prices = { seatYear: 10_000, deniedHour: 100, termMonth: 1_500 };

test('the cheapest number of seats is cheaper than one more and one less', async () => {
  const { features } = await plan([logOf(sessions)], { prices: () => prices });
  const { curve, cheapest } = features[0]!.costs!;
  const totalOf = (seats: number) => curve.find((cost) => cost.seats === seats)!.total;
  expect(cheapest!.total).toBe(cheapest!.seats * 10_000 + cheapest!.deniedHours * 100);
  expect(totalOf(cheapest!.seats - 1)).toBeGreaterThan(cheapest!.total);
  expect(totalOf(cheapest!.seats + 1)).toBeGreaterThan(cheapest!.total);
});

test('without seats each hour is refused: ten of them at a time, all year', async () => {
  const { features } = await plan([logOf(sessions)], { prices: () => prices });
  const none = features[0]!.costs!.curve[0]!;
  expect([none.seats, none.share]).toEqual([0, 1]);
  expect(Math.abs(none.deniedHours / (10 * 24 * 365.25) - 1)).toBeLessThan(0.1);
});

test('a season is cheaper by term licenses, months alike by permanent ones', () => {
  const season = [10, 10, 10, 40].map((seats, at) => ({ month: `2026-0${at + 1}`, seats }));
  const mixed = termMix(season, prices);
  // Three months of thirty seats at 1 500 are 135 000 a year; thirty permanent ones 300 000.
  expect(mixed).toMatchObject({ permanent: 10, cost: 235_000, costPermanent: 400_000 });
  expect(mixed.terms).toEqual([{ month: '2026-04', seats: 30 }]);
  const alike = termMix(
    season.map((need) => ({ ...need, seats: 20 })),
    prices,
  );
  expect(alike).toMatchObject({ permanent: 20, terms: [], cost: 200_000 });
});

function offer(feature: string, seatYear: number, lost: readonly number[]): Offer {
  const curve = lost.map((deniedCost, seats) => ({
    ...{ seats, seatCost: seats * seatYear, deniedHours: deniedCost / 100, deniedCost },
    ...{ total: seats * seatYear + deniedCost, share: 0 },
  }));
  return { daemon: 'acmed', feature, costs: { prices: { ...prices, seatYear }, curve } };
}

test('a budget goes where it spares most', () => {
  const dear = offer('dear', 100, [1_000, 900, 850, 849]);
  const cheap = offer('cheap', 10, [500, 100, 20, 19]);
  const mix = budgetMix([dear, cheap], 230);
  expect(mix.shares.map(({ feature, seats }) => [feature, seats])).toEqual([
    ['dear', 2],
    ['cheap', 3],
  ]);
  expect(mix.cost).toBe(230);
  expect(budgetMix([dear, cheap], 25).shares.map(({ seats }) => seats)).toEqual([0, 2]);
  expect(budgetMix([dear, cheap], 0).cost).toBe(0);
});

test('price lists are read as spreadsheets write them; what is no price is told by its line', () => {
  const list = parsePriceList(
    'feature,seat_year,denied_hour\r\nFLUENT,12_000.5,80\r\n"hpc",900,\r\n',
    'p',
  );
  expect(list('fluent')).toEqual({ seatYear: 12_000.5, deniedHour: 80 });
  expect(list('hpc')).toEqual({ seatYear: 900 });
  expect(list('other')).toBeUndefined();
  expect(() => parsePriceList('a,b\n', 'p.csv')).toThrow('p.csv:1: expected a price such as 12000');
  expect(() => parsePriceList('feature,seat_year\na,1,2,3,4\n', 'p.csv')).toThrow('p.csv:2:');
  expect(() => parsePrice('-5', '--budget')).toThrow('--budget: expected a price');
  expect(money(1_234_567)).toBe('1 234 567');
});

test('all forms tell the same answer; names from a log stay text', async () => {
  const hostile = sessions.map((each) => ({ ...each, user: '<script>alert(1)</script>' }));
  const log = logOf(hostile);
  const asked = { prices: () => prices, budget: 50_000, whatIfs: ['growth 10%'], replications: 3 };
  const planned = await plan([log], asked);
  const { answer, replications } = planned.features[0]!;
  const page = planPage(planned);
  for (const text of [planText(planned), planCsv(planned), planMarkdown(planned), page]) {
    expect(text).toContain(`${answer!.seats}`);
  }
  expect(page).not.toContain('<script');
  expect(page.match(/<svg /g)).toHaveLength(6);
  expect(page).not.toMatch(/src=|href=|url\(|@import/);
  expect(planMarkdown(planned)).not.toContain('<script');
  expect(replications!.low).toBeLessThanOrEqual(replications!.mean);
  expect(replications!.high).toBeGreaterThanOrEqual(replications!.mean);
});

test('what was replayed is kept, and is not asked for again', async () => {
  const folder = testFolder();
  const log = logOf(sessions);
  const done: number[] = [];
  const sweep = { workers: 1, folder, report: (count: number) => done.push(count) };
  const [once, again] = [await plan([log], { sweep }), await plan([log], { sweep })];
  expect(again.features[0]!.curve).toEqual(once.features[0]!.curve);
  const other = await plan([log], { sweep, whatIfs: ['linger 1h'] });
  expect(other.features[0]!.whatIfs[0]!.more).toBeGreaterThan(0);
  expect(other.features[0]!.answer).toEqual(once.features[0]!.answer);
});

test('the parts of a sweep, done apart, come to the whole', async () => {
  const folder = testFolder();
  const log = logOf(sessions);
  const sweep = { workers: 1, folder };
  for (const index of [0, 1]) {
    const { features } = await plan([log], { sweep, shard: { index, of: 2 } });
    expect(features[0]!.answer).toBeUndefined();
  }
  const whole = await plan([log], { sweep });
  expect(whole.features[0]!.answer).toEqual((await plan([log])).features[0]!.answer);
});
