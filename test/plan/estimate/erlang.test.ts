import { describe, expect, test } from 'vitest';
import {
  engset,
  erlangB,
  erlangC,
  erlangSeats,
  kaufmanRoberts,
  meanWait,
} from '../../../src/plan/estimate/erlang.ts';

/** Erlang's sum in exact fractions: nothing is rounded but the last division. */
function exactErlangB(seats: number, tenths: number): number {
  // With load = tenths / 10 each term, times 10^seats and seats!, is whole.
  let sum = 0n;
  let term = 1n;
  for (let seat = seats; seat >= 0; seat--) {
    // term = load^seat / seat! scaled by 10^seats * seats!
    sum += termOf(seats, seat, tenths);
  }
  term = termOf(seats, seats, tenths);
  return Number((term * 10n ** 30n) / sum) / 1e30;
}

function termOf(seats: number, seat: number, tenths: number): bigint {
  let product = BigInt(tenths) ** BigInt(seat) * 10n ** BigInt(seats - seat);
  for (let factor = seat + 1; factor <= seats; factor++) product *= BigInt(factor);
  return product;
}

describe('Erlang B', () => {
  // 20 pairs of seats and load, from tiny to overload.
  const pairs = [
    ...[
      [1, 1],
      [1, 10],
      [2, 10],
      [5, 3],
      [5, 20],
      [5, 50],
      [10, 50],
      [10, 75],
      [10, 100],
      [20, 120],
    ],
    ...[
      [20, 200],
      [30, 200],
      [29, 200],
      [50, 450],
      [50, 600],
      [75, 600],
      [100, 840],
      [100, 1000],
    ],
    ...[
      [150, 1300],
      [200, 1900],
    ],
  ] as const;

  test.each(pairs)('%d seats at %d tenths of an erlang, exact to 1e-12', (seats, tenths) => {
    const exact = exactErlangB(seats, tenths);
    expect(Math.abs(erlangB(seats, tenths / 10) / exact - 1)).toBeLessThan(1e-12);
  });

  test('published values: B(50, 45) = 0.0541, B(10, 5) = 0.0184', () => {
    expect(erlangB(50, 45)).toBeCloseTo(0.054104, 6);
    expect(erlangB(10, 5)).toBeCloseTo(0.018385, 6);
  });

  test('20 erlang at 1 % take 30 seats, as the tables say', () => {
    expect(erlangSeats(20, 0.01)).toBe(30);
  });

  test('no load is never refused, and no seat always', () => {
    expect([erlangB(3, 0), erlangB(0, 3), erlangB(0, 0)]).toEqual([0, 1, 1]);
  });
});

describe('Erlang C', () => {
  test('published values: C(50, 45) = 0.36386, mean wait 0.07277 of a holding time', () => {
    expect(erlangC(50, 45)).toBeCloseTo(0.36386, 5);
    expect(meanWait(50, 45, 1)).toBeCloseTo(0.07277, 5);
  });

  test('of one seat is its load: M/M/1', () => {
    expect(erlangC(1, 0.7)).toBeCloseTo(0.7, 12);
    expect(meanWait(1, 0.7, 2)).toBeCloseTo((0.7 * 2) / 0.3, 12);
  });

  test('a load of as many erlang as seats always waits', () => {
    expect([erlangC(4, 4), meanWait(4, 4, 1)]).toEqual([1, Number.POSITIVE_INFINITY]);
  });
});

describe('Engset', () => {
  test('is the closed form with binomials', () => {
    const closed = (seats: number, users: number, each: number): number => {
      const term = (out: number): number => binomial(users - 1, out) * each ** out;
      let sum = 0;
      for (let out = 0; out <= seats; out++) sum += term(out);
      return term(seats) / sum;
    };
    for (const [seats, users, each] of [
      [3, 10, 0.2],
      [5, 8, 1],
      [10, 40, 0.3],
    ] as const) {
      expect(engset(seats, users, each)).toBeCloseTo(closed(seats, users, each), 12);
    }
  });

  test('nears Erlang B as users grow', () => {
    expect(engset(10, 1_000_000, 5 / 1_000_000)).toBeCloseTo(erlangB(10, 5), 5);
  });

  test('with a seat for each user nobody is refused', () => {
    expect(engset(8, 8, 1)).toBe(0);
  });
});

function binomial(all: number, chosen: number): number {
  let value = 1;
  for (let each = 1; each <= chosen; each++) value = (value * (all - chosen + each)) / each;
  return value;
}

describe('Kaufman and Roberts', () => {
  test('with one seat a start it is Erlang B', () => {
    expect(kaufmanRoberts(30, [{ seats: 1, load: 20 }])[0]).toBeCloseTo(erlangB(30, 20), 14);
  });

  test('is the sum over all states that fit: two classes', () => {
    const classes = [
      { seats: 1, load: 2 },
      { seats: 4, load: 0.7 },
    ];
    const factorial = (value: number): number => (value < 2 ? 1 : value * factorial(value - 1));
    let all = 0;
    const refused = [0, 0];
    for (let ones = 0; ones <= 10; ones++) {
      for (let fours = 0; ones + 4 * fours <= 10; fours++) {
        const weight = (2 ** ones / factorial(ones)) * (0.7 ** fours / factorial(fours));
        all += weight;
        if (ones + 4 * fours + 1 > 10) refused[0]! += weight;
        if (ones + 4 * fours + 4 > 10) refused[1]! += weight;
      }
    }
    const shares = kaufmanRoberts(10, classes);
    expect(shares[0]).toBeCloseTo(refused[0]! / all, 14);
    expect(shares[1]).toBeCloseTo(refused[1]! / all, 14);
  });

  test('does not leave the range of numbers', () => {
    expect(kaufmanRoberts(5_000, [{ seats: 1, load: 4_900 }])[0]).toBeCloseTo(
      erlangB(5_000, 4_900),
      12,
    );
  });
});
