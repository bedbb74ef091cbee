import { expect, test } from 'vitest';
import { Rng } from '../../../src/base/rng.ts';
import type { SessionKind, Workload } from '../../../src/domain/workload/model.ts';
import { churnTimes, monitorsOf } from '../../../src/domain/workload/recurring.ts';
import { waitBeforeRetry } from '../../../src/domain/workload/retries.ts';
import {
  expectedSessions,
  type PlannedSession,
  SessionPlan,
  usersOf,
} from '../../../src/domain/workload/sessions.ts';
import { makeKind, makeWorkload } from '../../load/make.ts';

function planned(workload: Workload, index: number, of: number, seed = 'plan'): PlannedSession[] {
  const plan = new SessionPlan(workload, { index, of }, new Rng(seed));
  const found: PlannedSession[] = [];
  for (let next = plan.next(); next !== undefined; next = plan.next()) found.push(next);
  return found;
}

const mix: readonly SessionKind[] = [
  makeKind({ name: 'often', weight: 3, deaths: 0.1 }),
  makeKind({ name: 'seldom', weight: 1 }),
];
const workload = makeWorkload({ rate: 100, durationMs: 60_000, mix });

test.each([2, 3, 4, 7])('%d shards have exactly the sessions of one run', (of) => {
  const shards = Array.from({ length: of }, (_, index) => planned(workload, index, of));
  expect(shards.every((shard) => shard.length > 0)).toBe(true);
  const merged = shards.flat().sort((a, b) => a.index - b.index);
  expect(merged).toEqual(planned(workload, 0, 1));
});

test('shards of a shard are finer shards of the whole', () => {
  // Worker 2 of 3 in shard 1 of 4.
  expect(planned(workload, 1 + 4 * 2, 12).every(({ index }) => index % 4 === 1)).toBe(true);
});

test('kinds come as often as they weigh, and die as often as they should', () => {
  const sessions = planned(makeWorkload({ rate: 1000, durationMs: 60_000, mix }), 0, 1);
  const often = sessions.filter(({ kind }) => kind.name === 'often');
  expect(often.length / sessions.length).toBeCloseTo(0.75, 1.7);
  expect(often.filter(({ dies }) => dies).length / often.length).toBeCloseTo(0.1, 1.7);
  expect(sessions.some(({ kind, dies }) => kind.name === 'seldom' && dies)).toBe(false);
});

test('sessions belong to the users in turn', () => {
  const users = planned(makeWorkload({ rate: 10, durationMs: 5_000, mix, users: 3 }), 0, 1);
  expect(users.slice(0, 4).map(({ user }) => user)).toEqual([0, 1, 2, 0]);
});

test('the seed decides', () => {
  expect(planned(workload, 0, 1, 'a')).toEqual(planned(workload, 0, 1, 'a'));
  expect(planned(workload, 0, 1, 'a')).not.toEqual(planned(workload, 0, 1, 'b'));
});

test('users of a closed stream are the same in whichever shard they are', () => {
  const think = { kind: 'exponential', meanMs: 50 } as const;
  const closed = makeWorkload({
    durationMs: 1_000,
    mix,
    users: 5,
    sessions: { kind: 'closed', users: 5, think, rampMs: 100 },
  });
  const told = (index: number, of: number) =>
    usersOf(closed, { index, of }, new Rng('users')).map((user) => [
      user.user,
      user.firstMs,
      user.next(user.firstMs).holdMs,
      user.thinkMs(),
      user.next(500).index,
    ]);
  expect([...told(0, 2), ...told(1, 2)].sort(([a], [b]) => a! - b!)).toEqual(told(0, 1));
  expect(told(0, 1).map(([, firstMs]) => firstMs)).toEqual([0, 20, 40, 60, 80]);
});

test('as many sessions are expected as the rate gives, or the trace holds', () => {
  expect(expectedSessions(workload)).toBe(6_000);
  const trace = { kind: 'trace', atMs: [1, 2, 70_000] } as const;
  expect(expectedSessions({ ...workload, sessions: trace })).toBe(2);
});

test('who is denied waits longer each time, and gives up in the end', () => {
  const after = { kind: 'fixed', ms: 1_000 } as const;
  const policy = { after, factor: 2, waitMsMax: 5_000, attemptsMax: 5 };
  const rng = new Rng('retry');
  const waits = [1, 2, 3, 4, 5].map((attempts) => waitBeforeRetry(policy, attempts, rng));
  expect(waits).toEqual([1_000, 2_000, 4_000, 5_000, undefined]);
  expect(waitBeforeRetry(undefined, 1, rng)).toBeUndefined();
});

test('monitors ask for each feature in each round, spread over the round or all at once', () => {
  const stream = {
    name: 'agent',
    ask: 'each feature',
    features: ['a', 'b'],
    monitors: 2,
    everyMs: 60_000,
    spread: true,
    perSession: 0,
  } as const;
  const asked = (spread: boolean) =>
    monitorsOf(makeWorkload({ durationMs: 100_000, polls: [{ ...stream, spread }] }), {
      index: 0,
      of: 1,
    }).map((monitor) => {
      const polls: (readonly [number, string | undefined])[] = [];
      for (let poll = monitor.next(); poll; poll = monitor.next()) {
        polls.push([poll.atMs, poll.feature]);
      }
      return polls;
    });
  expect(asked(true)).toEqual([
    [
      [0, 'a'],
      [0, 'b'],
      [60_000, 'a'],
      [60_000, 'b'],
    ],
    [
      [30_000, 'a'],
      [30_000, 'b'],
      [90_000, 'a'],
      [90_000, 'b'],
    ],
  ]);
  expect(asked(false).map((polls) => polls[0]![0])).toEqual([0, 0]);
});

test('churn is split evenly among shards', () => {
  const churning = makeWorkload({ durationMs: 1_000, churnPerSecond: 10 });
  const times = (index: number, of: number): number[] => {
    const source = churnTimes(churning, { index, of });
    const found: number[] = [];
    for (let at = source.next(); at !== undefined; at = source.next()) found.push(at);
    return found;
  };
  expect(times(0, 1)).toEqual([0, 100, 200, 300, 400, 500, 600, 700, 800, 900]);
  expect([...times(0, 3), ...times(1, 3), ...times(2, 3)].sort((a, b) => a - b)).toEqual(
    times(0, 1),
  );
});

test.each(['poisson', 'uniform'] as const)(
  'the %s rest of a plan is as many as would come',
  (spacing) => {
    const phases = [{ kind: 'ramp' as const, durationMs: 10_000, from: 0, to: 90 }];
    const ramp: Workload = { ...workload, sessions: { kind: 'open', spacing, phases } };
    for (const shard of [
      { index: 0, of: 1 },
      { index: 2, of: 3 },
    ]) {
      const all = planned(ramp, shard.index, shard.of).length;
      const plan = new SessionPlan(ramp, shard, new Rng('plan'));
      for (let taken = 0; taken < 7; taken++) plan.next();
      expect(plan.rest()).toBe(all - 7);
      expect(plan.next()).toBeUndefined();
      expect(plan.rest()).toBe(0);
    }
  },
);
