import { describe, expect, test } from 'vitest';
import { Rng } from '../../src/base/rng.ts';
import type { Workload } from '../../src/domain/workload/model.ts';
import { Engine } from '../../src/load/engine.ts';
import { VirtualAgenda } from '../../src/load/virtual-agenda.ts';
import { releasesOf } from '../../src/report/counters.ts';
import { intervalOf, RunRecord } from '../../src/report/run-record.ts';
import { makeKind, makeWorkload } from './make.ts';
import { VirtualServer } from './virtual-server.ts';

interface Given {
  readonly seats?: Readonly<Record<string, number>>;
  readonly shards?: number;
  readonly seed?: string;
  readonly meanwhile?: (server: VirtualServer, agenda: VirtualAgenda) => void;
}

/** Runs a workload in virtual time, all its shards against one server, and gives what they add up to. */
function run(workload: Workload, given: Given = {}) {
  const { seats = { solve: 1_000 }, shards = 1, seed = 'load', meanwhile = () => {} } = given;
  const agenda = new VirtualAgenda();
  const server = new VirtualServer(agenda, seats);
  const whole = new RunRecord(intervalOf(workload.durationMs));
  let done = 0;
  const engines = Array.from({ length: shards }, (_, index) => {
    const record = new RunRecord(whole.intervalMs);
    const engine: Engine = new Engine({
      workload,
      shard: { index, of: shards },
      rng: new Rng(seed),
      agenda,
      target: server,
      record,
      onDone: () => {
        done++;
        expect(engine.active).toBe(0);
      },
    });
    engine.warmUp(() => {});
    return { engine, record };
  });
  for (const { engine } of engines) engine.start();
  meanwhile(server, agenda);
  agenda.run();
  expect(done, 'shards that came to their end').toBe(shards);
  for (const { record } of engines) whole.add(record);
  expectWhole(whole, server);
  return { record: whole, counters: whole.counters, server };
}

/** What holds of every run: each session and each grant ends once, and the server has it all back. */
function expectWhole({ counters, denialsByCode, features }: RunRecord, server: VirtualServer) {
  const { arrivals, granted, denied, failed, abandoned, dropped, skipped } = counters;
  expect(granted + denied + failed + abandoned + dropped + skipped).toBe(arrivals);
  expect(counters.released).toBe(granted);
  expect(releasesOf(counters)).toBe(counters.grants);
  const { asked, grants, denials, errors, left } = counters;
  expect(grants + denials + errors + left).toBe(asked);
  expect(server.taken).toBe(grants);
  expect(server.returned).toBe(grants);
  expect(server.connections).toBe(0);
  expect([...denialsByCode.values()].reduce((sum, each) => sum + each, 0)).toBe(denials);
  expect([...features.values()].reduce((sum, each) => sum + each.grants, 0)).toBe(grants);
}

/** Share of arrivals that find all of `seats` taken, by Erlang's loss formula. */
function erlangB(seats: number, load: number): number {
  let blocked = 1;
  for (let seat = 1; seat <= seats; seat++) blocked = (load * blocked) / (seat + load * blocked);
  return blocked;
}

test('who finds a seat holds it for its time and gives it back', () => {
  const { counters, record } = run(makeWorkload({ rate: 50, durationMs: 20_000 }));
  expect(counters.arrivals).toBeGreaterThan(900);
  expect(counters).toMatchObject({
    granted: counters.arrivals,
    denied: 0,
    late: 0,
    checkins: counters.grants,
  });
  // The mean number of sessions is the rate times the hold, by Little's law.
  const inUse = record.intervals.slice(3).map((interval) => interval.inUse);
  const mean = inUse.reduce((sum, each) => sum + each, 0) / inUse.length;
  expect(Math.abs(mean - 25)).toBeLessThan(5);
});

test.each([
  ['exponential', { kind: 'exponential', meanMs: 500 }],
  ['fixed', { kind: 'fixed', ms: 500 }],
  ['lognormal', { kind: 'lognormal', medianMs: 500 / Math.exp(0.5), sigma: 1 }],
] as const)('denials are as many as Erlang says, whatever the holds are: %s', (_, hold) => {
  const workload = makeWorkload({ rate: 40, durationMs: 2_000_000, mix: [makeKind({ hold })] });
  const { counters } = run(workload, { seats: { solve: 22 } });
  const expected = erlangB(22, 20);
  expect(counters.arrivals).toBeGreaterThan(79_000);
  expect(Math.abs(counters.denied / counters.arrivals - expected)).toBeLessThan(0.1 * expected);
});

test('who waits in the queue waits as long as Erlang says', () => {
  const seats = 10;
  const load = 8;
  const hold = { kind: 'exponential', meanMs: 500 } as const;
  const mix = [makeKind({ hold, queue: {} })];
  const workload = makeWorkload({ rate: 16, durationMs: 4_000_000, mix });
  const { counters, record } = run(workload, { seats: { solve: seats } });
  const blocked = erlangB(seats, load);
  const waits = blocked / (1 - (load / seats) * (1 - blocked));
  expect(Math.abs(counters.queued / counters.arrivals - waits)).toBeLessThan(0.1 * waits);
  const mean = 500 / (seats - load);
  expect(Math.abs(record.timings.queue.meanMs! - mean)).toBeLessThan(0.1 * mean);
});

const patient = makeKind({
  name: 'patient',
  queue: { patience: { kind: 'exponential', meanMs: 700 } },
});
const stubborn = makeKind({
  name: 'stubborn',
  retry: {
    after: { kind: 'uniform', fromMs: 900, toMs: 1_100 },
    factor: 1.5,
    waitMsMax: 4_000,
    attemptsMax: 6,
  },
});
const both = makeKind({
  name: 'both',
  bundle: [
    { feature: 'solve', count: 2, version: '0.0' },
    { feature: 'view', count: 1, version: '0.0' },
  ],
  deaths: 0.2,
});

describe('shards', () => {
  const everything = makeWorkload({
    rate: 30,
    durationMs: 120_000,
    mix: [patient, stubborn, both],
    users: 12,
    polls: [
      {
        name: 'agent',
        ask: 'each feature',
        features: ['solve', 'view'],
        monitors: 3,
        everyMs: 30_000,
        spread: true,
        perSession: 1,
      },
    ],
    storms: [{ atMs: 60_000, overMs: 2_000 }],
    churnPerSecond: 2,
  });
  const seats = { solve: 14, view: 6 };

  test.each([
    ['held', everything],
    ['fresh', { ...everything, connections: 'fresh' as const }],
  ])(
    'four of them come to what one run comes to, in every counter: %s connections',
    (_, workload) => {
      const one = run(workload, { seats });
      const four = run(workload, { seats, shards: 4 });
      const { connects: _a, drops: _b, ...counters } = one.counters;
      const { connects: _c, drops: _d, ...merged } = four.counters;
      expect(merged).toEqual(counters);
      // Whoever holds a connection beyond a session is not in the counters of what was asked.
      if (workload.connections === 'fresh') expect(four.counters).toEqual(one.counters);
      expect(counters.denials).toBeGreaterThan(100);
      expect(counters.abandoned).toBeGreaterThan(10);
      expect(counters.deaths).toBeGreaterThan(10);
      expect(counters.losses).toBeGreaterThan(3);
      expect(counters.regained).toBeGreaterThan(0);
      expect(counters.polls).toBeGreaterThan(3_000);
      expect(counters.churned).toBe(240);
      expect(four.record.features).toEqual(one.record.features);
      expect(four.record.denialsByCode).toEqual(one.record.denialsByCode);
      const intervals = (record: RunRecord) =>
        record.intervals.map(({ response, ...counts }) => ({
          ...counts,
          times: [...response.steps()],
        }));
      expect(intervals(four.record)).toEqual(intervals(one.record));
      for (const name of ['response', 'service', 'acquire', 'queue'] as const) {
        expect([...four.record.timings[name].steps()]).toEqual([
          ...one.record.timings[name].steps(),
        ]);
      }
    },
  );

  test('users of a closed load are the same ones in shards', () => {
    const think = { kind: 'exponential', meanMs: 300 } as const;
    const closed = makeWorkload({
      durationMs: 60_000,
      mix: [stubborn, both],
      users: 20,
      sessions: { kind: 'closed', users: 20, think, rampMs: 1_000 },
    });
    const one = run(closed, { seats });
    // 20 users go evenly into four shards, and not into three: each is one shard's alone all the same.
    for (const shards of [3, 4]) {
      expect(run(closed, { seats, shards }).counters).toEqual(one.counters);
    }
    expect(one.counters.arrivals).toBeGreaterThan(500);
  });
});

test('the seed decides: the same one the same counts, another one others', () => {
  const workload = makeWorkload({ mix: [both] });
  const counts = (seed: string) => run(workload, { seats: { solve: 20, view: 8 }, seed }).counters;
  expect(counts('a')).toEqual(counts('a'));
  expect(counts('a')).not.toEqual(counts('b'));
});

test('a retrier turns one shortage into many denials', () => {
  const retry = {
    after: { kind: 'fixed', ms: 30_000 },
    factor: 1,
    waitMsMax: 1e9,
    attemptsMax: 1e9,
  } as const;
  const hold = { kind: 'fixed', ms: 3_600_000 } as const;
  const workload = makeWorkload({
    durationMs: 3_600_000,
    sessions: { kind: 'trace', atMs: [0, 1, 2, 3] },
    mix: [makeKind({ hold, retry })],
  });
  const { counters } = run(workload, { seats: { solve: 1 } });
  expect(counters).toMatchObject({ arrivals: 4, granted: 1, denied: 3 });
  // Each of the three asks at once, and then each half minute of the hour.
  expect(counters.denials).toBe(3 * 120);
});

test('who cannot have the whole bundle gives back what it has', () => {
  const sessions = { kind: 'trace', atMs: [0, 10] } as const;
  const workload = makeWorkload({ sessions, mix: [{ ...both, deaths: 0 }] });
  const { counters } = run(workload, { seats: { solve: 4, view: 1 } });
  expect(counters).toMatchObject({ granted: 1, denied: 1, grants: 3, checkins: 3, denials: 1 });
});

test('a session that dies is told of by the server alone: its seats come back with its connection', () => {
  const mix = [makeKind({ deaths: 1 })];
  const { counters } = run(makeWorkload({ mix, rate: 10 }));
  expect(counters.deaths).toBe(counters.grants);
  expect(counters.checkins).toBe(0);
});

test('at the end of its time a run gives everything back and accounts for who waits', () => {
  const hold = { kind: 'fixed', ms: 1e9 } as const;
  const sessions = { kind: 'trace', atMs: [0, 10, 20, 30] } as const;
  const mix = [makeKind({ hold, queue: {} })];
  const { counters } = run(makeWorkload({ sessions, mix }), { seats: { solve: 1 } });
  expect(counters).toMatchObject({ granted: 1, abandoned: 3, cut: 4, left: 3, released: 1 });
});

test('a run that ends early counts what would have come as skipped', () => {
  const workload = makeWorkload({ rate: 100, durationMs: 10_000 });
  const all = run(workload).counters.arrivals;
  const agenda = new VirtualAgenda();
  const record = new RunRecord(1_000);
  const engine = new Engine({
    workload,
    shard: { index: 0, of: 1 },
    rng: new Rng('load'),
    agenda,
    target: new VirtualServer(agenda, { solve: 100 }),
    record,
    onDone: () => {},
  });
  engine.start();
  agenda.at(5_000, () => engine.stop());
  agenda.run();
  const { arrivals, skipped, granted } = record.counters;
  expect(arrivals).toBe(all);
  expect(skipped).toBeGreaterThan(all / 3);
  expect(granted + skipped).toBe(all);
});

test('after a server has died its holders come back, and the gap is told', () => {
  const hold = { kind: 'fixed', ms: 60_000 } as const;
  const workload = makeWorkload({
    durationMs: 100_000,
    sessions: { kind: 'trace', atMs: [1_000, 2_000] },
    mix: [makeKind({ hold })],
  });
  const { counters, record } = run(workload, {
    meanwhile: (server, agenda) => {
      agenda.at(10_000, () => {
        server.down = true;
        server.crash();
      });
      agenda.at(14_500, () => {
        server.down = false;
      });
    },
  });
  expect(counters).toMatchObject({ granted: 2, losses: 2, regained: 2, released: 2, checkins: 2 });
  expect(counters.connectErrors).toBeGreaterThan(2);
  // From the last grant before to the first one after.
  expect(record.gapMs).toBe(15_000 - 2_000);
});

test('seats that lmremove took are asked for again', () => {
  const sessions = { kind: 'trace', atMs: [0] } as const;
  const mix = [makeKind({ hold: { kind: 'fixed', ms: 5_000 } })];
  const { counters } = run(makeWorkload({ sessions, mix }), {
    meanwhile: (server, agenda) => {
      agenda.at(1_000, () => server.remove('solve', server.handles[0]!));
    },
  });
  expect(counters).toMatchObject({ granted: 1, losses: 1, regained: 1, checkins: 1, grants: 2 });
});

test('a server that is not there fails every session, and none is left over', () => {
  const { counters, record } = run(makeWorkload({ rate: 20, connections: 'fresh' }), {
    meanwhile: (server) => {
      server.down = true;
    },
  });
  expect(counters.failed).toBe(counters.arrivals);
  expect(record.errorsByCode.get(-15)).toBe(counters.arrivals);
});
