import { expect, test } from 'vitest';
import { ManualClock } from '../../src/base/clock.ts';
import { RepeatedNotices } from '../../src/cli/repeated-notices.ts';

function make() {
  const clock = new ManualClock();
  const told: [string, unknown][] = [];
  const repeated = new RepeatedNotices((what, details) => told.push([what, details]), clock);
  return { clock, told, repeated };
}

test('of a notice that repeats ten are told in ten seconds, the others as one with their number', () => {
  const { clock, told, repeated } = make();
  for (let count = 1; count <= 1_000; count++) repeated.notice('out of connections', { count });
  repeated.notice('reread', {});
  expect(told.map(([what]) => what)).toEqual([
    ...Array.from({ length: 10 }, () => 'out of connections'),
    'reread',
  ]);
  clock.advance(10_000);
  expect(told.slice(11)).toEqual([['out of connections', { count: 1_000, repeated: 990 }]]);
  repeated.notice('out of connections', { count: 1_001 });
  expect(told).toHaveLength(13);
});

test('what was counted is told at the end, too', () => {
  const { told, repeated } = make();
  for (let count = 1; count <= 12; count++) repeated.notice('x', { count });
  repeated.close();
  expect(told.at(-1)).toEqual(['x', { count: 12, repeated: 2 }]);
  repeated.close();
  expect(told).toHaveLength(11);
});
