import { expect, test } from 'vitest';
import { SimulatedTriad } from './simulated-triad.ts';
import type { Defects } from './weather.ts';

/** `npm run test:slow` makes it ten thousand. */
const seeds = Number(process.env['FAUXLM_FUZZ'] ?? 200);
/** One seed alone, as a failure prints it. */
const only = process.env['FAUXLM_SEED'];

function failureOf(triad: SimulatedTriad): string | undefined {
  try {
    triad.run();
    return undefined;
  } catch (error) {
    return (error as Error).message;
  }
}

test(`${only ?? `${seeds} seeds`}: no two masters grant, no seat too many, a master in time`, () => {
  const list =
    only === undefined ? Array.from({ length: seeds }, (_, at) => `triad-${at}`) : [only];
  let elections = 0;
  let grants = 0;
  for (const seed of list) {
    const triad = new SimulatedTriad(seed);
    const failure = failureOf(triad);
    if (failure !== undefined) console.log(triad.story.join('\n'));
    expect(failure, `again with FAUXLM_SEED=${seed}`).toBe(undefined);
    elections += triad.elections;
    grants += triad.grants;
  }
  // Troubles that nobody notices prove nothing.
  expect(elections).toBeGreaterThan(list.length);
  expect(grants).toBeGreaterThan(10 * list.length);
});

test('a seed tells the same story each time', () => {
  const stories = [1, 2].map(() => {
    const triad = new SimulatedTriad('again');
    triad.run();
    return triad.story;
  });
  expect(stories[0]).toEqual(stories[1]);
});

const defects: readonly (readonly [string, Defects, RegExp])[] = [
  ['daemons do not look at the lease', { ignoresLease: true }, /grants in epoch \d+, when/],
  [
    'masters count on a vote for longer than it binds',
    { timing: (timing) => ({ ...timing, tenureMs: 3 * timing.voteMs }) },
    /grant at once/,
  ],
  ['daemons give one seat more than is licensed', { spareSeats: 1 }, /4 seats out of 3/],
  [
    'votes bind for four times as long',
    { timing: (timing) => ({ ...timing, voteMs: 4 * timing.voteMs }) },
    /no master|0 masters/,
  ],
];

test.each(defects)('it is noticed when %s', (_, defect, expected) => {
  let noticed = false;
  for (let at = 0; at < 500 && !noticed; at++) {
    const failure = failureOf(new SimulatedTriad(`triad-${at}`, defect));
    noticed = failure !== undefined && expected.test(failure);
  }
  expect(noticed).toBe(true);
});
