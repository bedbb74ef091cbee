import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { erlangC, erlangSeats } from '../../src/plan/estimate/erlang.ts';
import { parseWhatIf, type WhatIfResult } from '../../src/plan/what-if/what-if.ts';
import { testFolder } from './log-text.ts';
import { logOf, MONDAY, plan, poisson } from './sessions.ts';

const HOUR_MS = 3_600_000;
const sessions = poisson('what-if', 20, 30);

async function tried(whatIf: string, options = {}): Promise<WhatIfResult> {
  const { features } = await plan([logOf(sessions)], { have: 14, whatIfs: [whatIf], ...options });
  return features[0]!.whatIfs[0]!;
}

describe('what if', () => {
  test('there were twice as many starts: as Erlang B has it for twice the load', async () => {
    const [once, twice] = [erlangSeats(10, 0.01), erlangSeats(20, 0.01)];
    const { more } = await tried('growth 100%');
    expect(Math.abs(more! - (twice - once))).toBeLessThanOrEqual(3);
  });

  test('nobody came any more: no seat is needed', async () => {
    expect((await tried('growth -100%')).given!.share).toBe(0);
  });

  test('who finds no seat waited for one: as many wait as Erlang C says', async () => {
    const { waits, given } = await tried('queue 30d');
    const expected = erlangC(14, 10);
    // Waiting comes in bunches: a fifth of what is expected.
    expect(Math.abs(waits!.share - expected)).toBeLessThan(0.2 * expected + 0.02);
    expect(given).toEqual({ seats: 14, share: 0 });
  });

  test('patience were short: who waits in vain is denied', async () => {
    const { given, waits } = await tried('queue 1m');
    expect(given!.share).toBeGreaterThan(0);
    expect(waits!.meanMs).toBeLessThanOrEqual(60_000);
  });

  test('seats lingered: they are out for longer', async () => {
    const { more } = await tried('linger 15m');
    const longer = erlangSeats(15, 0.01) - erlangSeats(10, 0.01);
    expect(Math.abs(more! - longer)).toBeLessThanOrEqual(3);
  });

  test('the daemon took back what is left alone', async () => {
    const { more, assumption } = await tried('timeout 10m worked 10m');
    expect(more).toBeLessThan(0);
    expect(assumption).toMatch(/does not tell who is idle/);
  });

  test('seats were reserved for who never comes: as many more are needed', async () => {
    expect((await tried('RESERVE 4 FEATURE USER nobody')).more).toBe(4);
  });

  test('a limit refused everybody: no number of seats does', async () => {
    const { seats, reason } = await tried('EXCLUDE FEATURE HOST ws1');
    expect(seats).toBeUndefined();
    expect(reason).toBe('more seats do not help: rules refuse');
  });

  test('three servers of a search path had the seats: one of them down leaves two thirds', async () => {
    const { more, oneDown } = await tried('search-path 3');
    expect([more, oneDown!.seats]).toEqual([0, 9]);
    expect(oneDown!.share).toBeGreaterThan(0.1);
  });

  test('users shared seats: one of somebody who has it already takes none', async () => {
    const pairs = Array.from({ length: 28 * 24 }, (_, hour) =>
      [0, 1, 2].map((each) => ({
        ...{ at: MONDAY + hour * HOUR_MS, holdMs: HOUR_MS - 1_000, user: `p${each % 2}` },
      })),
    ).flat();
    const { features } = await plan([logOf(pairs)], { whatIfs: ['dup-group UH'] });
    expect(features[0]!.answer!.seats).toBe(3);
    expect(features[0]!.whatIfs[0]!.seats).toBe(2);
  });

  test('jobs ran at night: the day needs less', async () => {
    const jobs = Array.from({ length: 28 }, (_, day) =>
      Array.from({ length: 20 }, (_, job) => ({
        ...{ at: MONDAY + (24 * day + 10) * HOUR_MS, holdMs: 2 * HOUR_MS, user: `j${day}-${job}` },
      })),
    ).flat();
    const { features } = await plan([logOf(jobs)], { whatIfs: ['night 50%'] });
    expect(features[0]!.answer!.seats).toBe(20);
    const { seats } = features[0]!.whatIfs[0]!;
    expect(seats).toBeGreaterThanOrEqual(10);
    expect(seats).toBeLessThan(20);
  });

  test('two sites had one pool: it takes fewer than both apart', async () => {
    const other = logOf(
      poisson('other site', 20, 30).map((each) => ({ ...each, user: `o${each.user}` })),
    );
    const { seats, more, parts } = await tried(`merge ${other}`);
    expect(parts!.map(({ name }) => name)).toEqual(['here', other]);
    expect(more).toBe(seats! - parts![0]!.seats - parts![1]!.seats);
    expect(more).toBeLessThan(0);
  });

  test('a group had a pool of its own: both together take more', async () => {
    const groups = (name: string) =>
      name === 'even' ? new Set(Array.from({ length: 20_000 }, (_, n) => `u${2 * n}`)) : undefined;
    const { more, parts } = await tried('split even', { groups });
    expect(parts!.map(({ name }) => name)).toEqual(['even', 'others']);
    expect(more).toBeGreaterThan(0);
    expect((await tried('split odd', { groups })).reason).toMatch(/^no GROUP odd/);
  });

  test('rules of the license file stay in force', async () => {
    const folder = testFolder();
    const license = join(folder, 'acme.lic');
    const line = 'INCREMENT solve acmed 1.0 1-jan-2020 12 SIGN=00';
    writeFileSync(license, `SERVER this_host ANY\nVENDOR acmed\n${line}\n`);
    writeFileSync(join(folder, 'acmed.opt'), 'RESERVE 5 solve USER nobody\n');
    const { features } = await plan([logOf(sessions)], {
      ...{ licenses: [license], whatIfs: ['RESERVE 2 solve USER noone'] },
    });
    expect(features[0]!.whatIfs[0]!.more).toBe(2);
  });
});

describe('words', () => {
  test.each([
    'growth',
    'seats many',
    'RESERVE five x USER y',
    'dup-group XYZ',
    'queue 1m, search-path 3',
  ])('%s is no what-if', (text) =>
    expect(() => parseWhatIf(text)).toThrow(/^--what-if: expected /),
  );

  test('several parts hold together', () => {
    const { demand, lines, ways } = parseWhatIf('growth 20%, linger 10m, queue 1h');
    expect([demand.length, lines, ways]).toEqual([
      1,
      ['LINGER FEATURE 600'],
      { patienceMs: HOUR_MS },
    ]);
  });
});
