import { expect, test } from 'vitest';
import { systemClock } from '../../src/base/clock.ts';
import { clientContext } from '../../src/client/context.ts';
import type { Shard, Workload } from '../../src/domain/workload/model.ts';
import { startLicenseServer } from '../../src/index.ts';
import { type LoadOptions, runLoad } from '../../src/load/load-run.ts';
import { simulate } from '../../src/load/simulation.ts';
import { mergeBundles } from '../../src/report/merge.ts';
import { startSpreadMs } from '../../src/report/summary.ts';
import { parseThreshold } from '../../src/report/thresholds.ts';
import { makeKind, makeWorkload } from './make.ts';

const text = [
  'SERVER this_host ANY',
  'VENDOR acmed',
  'VENDOR betad',
  'INCREMENT solve acmed 1.0 permanent 400 SIGN=00',
  'INCREMENT few acmed 1.0 permanent 3 SIGN=00',
  'INCREMENT view betad 1.0 permanent 400 SIGN=00',
  '',
].join('\n');
const start = () => startLicenseServer({ licenses: { name: 'load.lic', text } });

function optionsFor(server: string, workload: Workload, more: Partial<LoadOptions> = {}) {
  return {
    name: 'test',
    workload,
    seed: 'live',
    shard: { index: 0, of: 1 } as Shard,
    server,
    context: clientContext(),
    thresholds: [],
    precise: false,
    abortEarly: true,
    interrupted: new AbortController().signal,
    onProgress: () => {},
    ...more,
  };
}

/** How many times seats of each feature were taken and given back, by the server's own journal. */
function journalCounts(server: Awaited<ReturnType<typeof start>>) {
  const events = server.journal().map(({ event }) => event.kind);
  const count = (kind: string): number => events.filter((each) => each === kind).length;
  return { taken: count('seatTaken'), returned: count('seatReturned') };
}

test('every grant of a live run ends in exactly one release, by our count and by the server', async () => {
  await using server = await start();
  const mix = [
    makeKind({ hold: { kind: 'exponential', meanMs: 60 }, deaths: 0.2 }),
    makeKind({
      name: 'both',
      hold: { kind: 'uniform', fromMs: 0, toMs: 80 },
      bundle: [
        { feature: 'solve', count: 2, version: '0.0' },
        { feature: 'view', count: 1, version: '0.0' },
      ],
    }),
    makeKind({
      name: 'scarce',
      bundle: [{ feature: 'few', count: 1, version: '0.0' }],
      queue: { patience: { kind: 'fixed', ms: 50 } },
    }),
  ];
  const workload = makeWorkload({ rate: 200, durationMs: 1_500, mix, users: 10 });
  const { bundle } = await runLoad(optionsFor(server.address, workload));
  const { counters } = bundle.record;
  expect(counters.arrivals).toBeGreaterThan(200);
  expect(counters.granted + counters.denied + counters.failed + counters.abandoned).toBe(
    counters.arrivals,
  );
  expect(counters.failed).toBe(0);
  expect(counters.released).toBe(counters.granted);
  expect(counters.checkins + counters.deaths + counters.losses).toBe(counters.grants);
  expect(counters.deaths).toBeGreaterThan(0);
  expect(counters.queued).toBeGreaterThan(0);
  // Who leaves the queue was answered: that is no error, and opens no gap.
  expect(counters).toMatchObject({ errors: 0, left: counters.abandoned });
  expect(counters.left).toBeGreaterThan(0);
  expect(bundle.record.gapMs).toBe(0);
  // A death is known to the server when the connection's end has come to it.
  await expect
    .poll(() => journalCounts(server), { interval: 2, timeout: 60_000 })
    .toEqual({ taken: counters.grants, returned: counters.grants });
  for (const { features } of [server.snapshot('acmed'), server.snapshot('betad')]) {
    for (const { used } of features) expect(used).toBe(0);
  }
});

test('shards of a live run have the arrivals and the intended times of the whole', async () => {
  await using server = await start();
  const workload = makeWorkload({ rate: 150, durationMs: 800, users: 8 });
  const whole = await runLoad(optionsFor(server.address, workload));
  const shards = await Promise.all(
    [0, 1, 2].map((index) =>
      runLoad(optionsFor(server.address, workload, { shard: { index, of: 3 } })),
    ),
  );
  const merged = mergeBundles(shards.map(({ bundle }, index) => ({ where: `${index}`, bundle })));
  const { arrivals } = whole.bundle.record.counters;
  expect(merged.record.counters.arrivals).toBe(arrivals);
  expect(merged.record.counters.granted).toBe(arrivals);
  expect(merged.plan).toEqual(whole.bundle.plan);
});

test('an options file is about the same users live and simulated', async () => {
  const rules = 'EXCLUDE solve USER load00001\nEXCLUDE solve HOST host2\n';
  const options = { acmed: { name: 'acmed.opt', text: rules } };
  const licenses = { name: 'load.lic', text };
  await using server = await startLicenseServer({ licenses, options });
  const mix = [makeKind({ hold: { kind: 'fixed', ms: 10 } })];
  const workload = makeWorkload({ rate: 100, durationMs: 600, users: 4, mix });
  const live = await runLoad(optionsFor(server.address, workload, { seed: 'names' }));
  const license = { kind: 'files', licenses: [licenses], options } as const;
  const simulated = simulate({ workload, seed: 'names', license, start: Date.now() });
  const { arrivals, denied } = live.bundle.record.counters;
  expect(denied).toBeGreaterThan(arrivals / 4);
  expect(denied).toBeLessThan(arrivals);
  expect(simulated.denialsByCode).toEqual(live.bundle.record.denialsByCode);
});

test('shards whose clocks differ find out by the server that they began together', async () => {
  await using server = await start();
  const workload = makeWorkload({ rate: 50, durationMs: 1_200, users: 4 });
  const shards = await Promise.all(
    [-4_000, 90_000].map((aheadMs, index) => {
      const clock = { ...systemClock, now: () => Date.now() + aheadMs };
      const shard = { index, of: 2 };
      return runLoad(
        optionsFor(server.address, workload, { shard, context: clientContext({ clock }) }),
      );
    }),
  );
  const [first, second] = shards.map(({ bundle }) => bundle.parts[0]!);
  expect(second!.startedAt - first!.startedAt).toBeGreaterThan(80_000);
  expect(first!.serverAheadMs! / 1000).toBeCloseTo(4, 0);
  expect(second!.serverAheadMs! / 1000).toBeCloseTo(-90, 0);
  const merged = mergeBundles(shards.map(({ bundle }, index) => ({ where: `${index}`, bundle })));
  expect(startSpreadMs(merged.parts)).toBeLessThan(10_000);
});

test('the clock of a server that is moved by hand is nobody’s', async () => {
  await using server = await startLicenseServer({
    licenses: { name: 'load.lic', text },
    clock: 'manual',
  });
  const workload = makeWorkload({ rate: 50, durationMs: 300, users: 4 });
  const shard = { index: 0, of: 2 };
  const { bundle } = await runLoad(optionsFor(server.address, workload, { shard }));
  expect(bundle.parts.map(({ serverAheadMs }) => serverAheadMs)).toEqual([undefined]);
});

test('a threshold that is lost ends the run early', async () => {
  await using server = await start();
  const bundle = [{ feature: 'few', count: 1, version: '0.0' }];
  const workload = makeWorkload({
    rate: 200,
    durationMs: 60_000,
    mix: [makeKind({ bundle, hold: { kind: 'fixed', ms: 60_000 } })],
  });
  const thresholds = [parseThreshold('denied<1%')];
  const outcome = await runLoad(optionsFor(server.address, workload, { thresholds }));
  expect(outcome.verdict).toBe('broken');
  expect(outcome.bundle.ended).toBe('denied<1% cannot be kept any more');
  const { counters } = outcome.bundle.record;
  expect(counters.skipped).toBeGreaterThan(5_000);
  expect(counters.released).toBe(3);
});

test('the deadline ends it whatever it does, an interruption lets it give back what it has', async () => {
  await using server = await start();
  const mix = [makeKind({ hold: { kind: 'fixed', ms: 60_000 } })];
  const workload = makeWorkload({ rate: 100, durationMs: 60_000, mix });
  const late = await runLoad(optionsFor(server.address, workload, { deadlineMs: 300 }));
  expect(late.verdict).toBe('deadline');
  const hand = new AbortController();
  const interrupted = await runLoad(
    optionsFor(server.address, workload, {
      interrupted: hand.signal,
      onProgress: ({ record }) => {
        if (record.counters.granted > 5) hand.abort();
      },
    }),
  );
  expect(interrupted.verdict).toBe('interrupted');
  const { counters } = interrupted.bundle.record;
  expect(counters.checkins).toBe(counters.grants);
});

test('monitors, churn and a storm leave the counts whole', async () => {
  await using server = await start();
  const workload = makeWorkload({
    rate: 60,
    durationMs: 1_200,
    users: 6,
    mix: [makeKind({ hold: { kind: 'fixed', ms: 400 } })],
    polls: [
      {
        name: 'monitor',
        ask: 'all',
        features: [],
        monitors: 2,
        everyMs: 300,
        spread: true,
        perSession: 0,
      },
    ],
    storms: [{ atMs: 600, overMs: 50 }],
    churnPerSecond: 20,
  });
  const { bundle } = await runLoad(optionsFor(server.address, workload));
  const { counters } = bundle.record;
  expect(counters).toMatchObject({ polls: 8, pollErrors: 0, connectErrors: 0 });
  expect(counters.churned).toBeGreaterThan(20);
  expect(counters.regained).toBeGreaterThan(5);
  expect(counters.drops).toBe(6);
  expect(counters.checkins + counters.losses).toBe(counters.grants);
  expect(bundle.record.gapMs).toBeGreaterThan(0);
});

test('nobody there is told before anything begins', async () => {
  const gone = await start();
  const { address } = gone;
  await gone.stop();
  await expect(runLoad(optionsFor(address, makeWorkload()))).rejects.toMatchObject({
    code: 'NET_UNREACHABLE',
  });
  await expect(runLoad(optionsFor('nonsense', makeWorkload()))).rejects.toMatchObject({
    code: 'USAGE',
  });
});
