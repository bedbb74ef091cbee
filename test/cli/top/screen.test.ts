import fc from 'fast-check';
import { expect, test } from 'vitest';
import { bar, colored, plain } from '../../../src/cli/top/bars.ts';
import { renderScreen } from '../../../src/cli/top/screen.ts';
import { chosenOf, firstView, type Key, viewAfter } from '../../../src/cli/top/view.ts';
import type { Holder, Watched, WatchedFeature } from '../../../src/cli/top/watched.ts';

const seats = fc.nat({ max: 100_000 });
const name = fc.string({ minLength: 1, maxLength: 50 });

const feature: fc.Arbitrary<WatchedFeature> = fc.record({
  ...{ vendor: name, name, seats: fc.option(seats, { nil: undefined }) },
  ...{ used: seats, borrowed: seats, reserved: seats, free: seats, queued: seats },
});

const holder: fc.Arbitrary<Holder> = fc.record({
  ...{ vendor: name, feature: name, user: name, host: name, count: seats },
  since: fc.option(fc.nat(), { nil: undefined }),
  state: fc.constantFrom('out', 'borrowed', 'lingers', 'waits'),
});

const watched: fc.Arbitrary<Watched> = fc.record(
  {
    source: name,
    at: fc.nat(),
    hosts: fc.array(fc.record({ name, state: fc.constantFrom('master', 'up', 'down') })),
    vendors: fc.array(fc.record({ name, up: fc.boolean() })),
    features: fc.array(feature, { maxLength: 30 }),
    holders: fc.array(holder, { maxLength: 60 }),
    holderCount: seats,
    denials: fc.array(
      fc.record({ at: fc.nat(), user: name, host: name, feature: name, code: name }),
    ),
  },
  { requiredKeys: ['source', 'at', 'hosts', 'vendors', 'features', 'holders', 'holderCount'] },
);

const keys: readonly Key[] = ['s', 'up', 'down', 'pageup', 'pagedown', 'return', 'escape', 'x']
  .map((each): Key => ({ name: each, sequence: each }))
  .concat({ sequence: '/' }, { name: 'backspace' }, { sequence: 'é' }, { sequence: '\x1b' });

test('whatever a server says and whichever keys are pressed, the screen is no larger than the terminal', () => {
  const size = fc.record({
    columns: fc.integer({ min: 4, max: 200 }),
    rows: fc.integer({ min: 1, max: 60 }),
  });
  fc.assert(
    fc.property(
      watched,
      size,
      fc.array(fc.constantFrom(...keys)),
      (state, { columns, rows }, pressed) => {
        let view = firstView;
        for (const key of pressed) {
          const after = viewAfter(view, key, chosenOf(state, view));
          if (typeof after === 'object') view = after;
        }
        const lines = renderScreen(state, { columns, rows, view, paint: plain, isLive: true });
        expect(lines.length).toBeLessThanOrEqual(rows);
        for (const line of lines) {
          expect(line.length, line).toBeLessThanOrEqual(columns);
          expect(line).not.toMatch(/\p{Cc}/u);
        }
      },
    ),
  );
});

test('colors change nothing but the color', () => {
  fc.assert(
    fc.property(watched, (state) => {
      const size = { columns: 90, rows: 30, view: firstView, isLive: true };
      const bare = renderScreen(state, { ...size, paint: plain });
      const painted = renderScreen(state, { ...size, paint: colored });
      expect(painted.map((line) => line.replace(/\x1b\[[\d;]*m/g, ''))).toEqual(bare);
    }),
  );
});

test('a bar is as long as it should be, and shows all there is of', () => {
  fc.assert(
    fc.property(feature, fc.integer({ min: 10, max: 80 }), (row, width) => {
      const text = bar(row, width, plain);
      expect(text).toHaveLength(width);
      if (row.seats === undefined) return;
      for (const [letter, count] of [
        ['b', row.borrowed],
        ['r', row.reserved],
        ['!', row.queued],
      ] as const)
        expect(text.includes(letter)).toBe(count > 0);
    }),
  );
  const some = { vendor: 'acmed', name: 'solve', seats: 10, used: 4, borrowed: 1, reserved: 2 };
  expect(bar({ ...some, free: 4, queued: 2 }, 12, plain)).toBe('###brr....!!');
});

test('features are ordered as asked, and found by who holds them', () => {
  const row = { vendor: 'acmed', borrowed: 0, reserved: 0 };
  const held = { vendor: 'acmed', host: 'ws1', count: 1, since: 0, state: 'out' } as const;
  const state: Watched = {
    ...{ source: 'a', at: 0, hosts: [], vendors: [], holderCount: 1 },
    features: [
      { ...row, name: 'big', seats: 100, used: 50, free: 50, queued: 0 },
      { ...row, name: 'art', seats: 4, used: 4, free: 0, queued: 3 },
      { ...row, name: 'cad', seats: 4, used: 0, free: 4, queued: 0 },
    ],
    holders: [{ ...held, feature: 'big', user: 'ann' }],
  };
  const order = (view: Partial<typeof firstView>) =>
    chosenOf(state, { ...firstView, ...view })
      .features.map((each) => each.name)
      .join(' ');
  expect(order({})).toBe('art big cad');
  expect(order({ sort: 'name' })).toBe('art big cad');
  expect(order({ sort: 'out' })).toBe('big art cad');
  expect(order({ sort: 'waiting' })).toBe('art big cad');
  expect(order({ sort: 'free' })).toBe('art cad big');
  expect(order({ filter: 'ANN' })).toBe('big');
  expect(order({ filter: 'nobody' })).toBe('');
});
