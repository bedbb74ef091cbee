import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { erlangB } from '../../src/plan/estimate/erlang.ts';
import { worstWeek } from '../../src/plan/estimate/seat-search.ts';
import { planAsJson } from '../../src/plan/plan-json.ts';
import { answerSentence } from '../../src/plan/plan-text.ts';
import { ingestLogs } from '../../src/plan/store/ingest.ts';
import { testFolder } from './log-text.ts';
import { logOf, MONDAY, plan, poisson } from './sessions.ts';

describe('the replay through the ledger', () => {
  test('refuses as many of Poisson arrivals as Erlang B says', async () => {
    const { features } = await plan([logOf(poisson('erlang', 30, 40))]);
    const { curve, answer, estimates } = features[0]!;
    for (const { seats, denied, starts } of curve.filter((each) => each.seats >= 15)) {
      const expected = erlangB(seats, 20);
      // Refusals come in bunches: three times what chance would do to single ones.
      const tolerance = 3 * 3 * Math.sqrt((expected * (1 - expected)) / starts);
      expect(Math.abs(denied / starts - expected), `${seats} seats`).toBeLessThan(tolerance);
    }
    expect(answer!.seats).toBeGreaterThanOrEqual(29);
    expect(answer!.seats).toBeLessThanOrEqual(32);
    expect(answer!.low).toBeLessThanOrEqual(answer!.seats);
    expect(answer!.high).toBeGreaterThanOrEqual(answer!.seats);
    expect(estimates!.stationary.erlangB).toBeGreaterThanOrEqual(29);
  });

  test('takes the fewest seats that keep the worst week: one less does not', async () => {
    const { features } = await plan([logOf(poisson('least', 20, 30))]);
    const { curve, answer } = features[0]!;
    const share = (seats: number): number =>
      worstWeek(curve.find((each) => each.seats === seats)!).share;
    expect(share(answer!.seats)).toBeLessThanOrEqual(0.01);
    expect(share(answer!.seats - 1)).toBeGreaterThan(0.01);
  });

  test('goes by the license and options files', async () => {
    const folder = testFolder();
    const license = join(folder, 'acme.lic');
    writeFileSync(
      license,
      'SERVER this_host ANY\nVENDOR acmed\nINCREMENT solve acmed 1.0 1-jan-2020 12 SIGN=00\n',
    );
    const options = join(folder, 'acmed.opt');
    writeFileSync(options, 'RESERVE 5 solve USER nobody\n');
    const log = logOf(poisson('rules', 12, 30));
    const free = await plan([log]);
    const ruled = await plan([log], { licenses: [license], options: { acmed: options } });
    expect(ruled.features[0]!.answer!.seats).toBe(free.features[0]!.answer!.seats + 5);
    expect(ruled.features[0]!.present).toMatchObject({ seats: 12, source: 'license' });
  });

  test('is the same from a log and from what was ingested of it', async () => {
    const log = logOf(poisson('store', 12, 30));
    const folder = testFolder();
    await ingestLogs({ logs: [log], folder, site: 'main', timeZone: 'UTC' });
    const [fromLog, fromStore] = [await plan([log]), await plan([folder])];
    expect(answerSentence(fromStore.features[0]!)).toBe(answerSentence(fromLog.features[0]!));
    expect(fromStore.features[0]!.curve).toEqual(fromLog.features[0]!.curve);
  });

  test('another seed moves nothing but what chance decides', async () => {
    const log = logOf(poisson('seed', 12, 30));
    const [one, same, other] = [
      await plan([log]),
      await plan([log]),
      await plan([log], { seed: '2' }),
    ];
    expect(planAsJson(same)).toEqual(planAsJson(one));
    expect(other.features[0]!.answer!.seats).toBe(one.features[0]!.answer!.seats);
  });
});

describe('refusals', () => {
  const reached = '(Licensed number of users already reached. (-4,342))';
  const denied = (user: string): string => `DENIED: "solve" ${user}@ws1  ${reached}`;
  const base = poisson('refusals', 12, 30);

  test('of one user in a row are one start; one that got its seat in the end was only delayed', async () => {
    const at = MONDAY + 8 * 86_400_000;
    const extra = [
      // Forty retries, and then a seat.
      ...Array.from({ length: 40 }, (_, index) => [at + index * 30_000, denied('late')] as const),
      // Gives up; comes again in the afternoon, and gives up again.
      ...[at, at + 60_000, at + 6 * 3_600_000].map((each) => [each, denied('lost')] as const),
      // More seats would not have helped.
      [
        at,
        'DENIED: "solve" other@ws1  (License server system does not support this feature. (-18,327))',
      ] as const,
    ];
    const got = { at: at + 21 * 60_000, holdMs: 600_000, user: 'late' };
    const { features } = await plan([logOf([...base, got], extra)]);
    const { demand } = features[0]!;
    expect([demand.deniedLines, demand.episodes.length]).toEqual([44, 3]);
    expect([demand.delayed, demand.lost]).toEqual([1, 2]);
    expect(demand.at.includes(at)).toBe(true);
    expect(demand.at.includes(got.at)).toBe(false);
  });

  test('tell how many seats there are, when most agree', async () => {
    const from = MONDAY + 35 * 86_400_000;
    const held = Array.from({ length: 7 }, (_, index) => ({
      ...{ at: from, holdMs: 3_600_000, user: `h${index}` },
    }));
    const extra = [1, 2, 3].map(
      (minute) => [from + minute * 60_000, denied(`d${minute}`)] as const,
    );
    const { features } = await plan([logOf([...base, ...held], extra)]);
    expect(features[0]!.present).toMatchObject({ seats: 7, source: 'denials' });
    expect(answerSentence(features[0]!)).toContain('You seem to have 7 (');
  });
});

describe('no answer', () => {
  test('without a full week', async () => {
    const few = poisson('few', 12, 30).filter(({ at }) => at < MONDAY + 6 * 86_400_000);
    const { features } = await plan([logOf(few)]);
    expect(features[0]!.reason).toMatch(/^the log covers \d\.\d days and no full week/);
  });

  test('with too few starts to tell the share', async () => {
    const { features } = await plan([logOf(poisson('rare', 0.3, 30))]);
    expect(features[0]!.reason).toMatch(/^its busiest full week has \d+ starts; .* at least 100$/);
  });

  test('of a feature that is not in the log', async () => {
    const log = logOf(poisson('typo', 12, 30));
    await expect(plan([log], { feature: 'solv' })).rejects.toThrow(
      /got "solv"; did you mean solve/,
    );
  });
});
