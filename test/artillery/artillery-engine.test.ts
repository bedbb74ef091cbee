import { createRequire } from 'node:module';
import { describe, expect, test } from 'vitest';
import type { Emitter, ScenarioSpec, UserContext } from '../../src/artillery/artillery-contract.ts';
import { ArtilleryEngine } from '../../src/artillery/artillery-engine.ts';
import { startLicenseServer } from '../../src/index.ts';

const license = [
  'SERVER this_host ANY',
  'VENDOR acmed',
  'VENDOR meshd',
  'INCREMENT solve acmed 2030.1 permanent 2 SIGN=00',
  'INCREMENT view acmed 2030.1 permanent 9 SIGN=00',
  'INCREMENT mesh meshd 2030.1 permanent 1 SIGN=00',
].join('\n');

const start = () => startLicenseServer({ licenses: { name: 'a.lic', text: license } });

/** Variables as Artillery puts them in: a text that is nothing but one becomes its value. */
function template(value: unknown, context: UserContext): unknown {
  const text = JSON.stringify(value).replaceAll(/"?\{\{ (\w+) \}\}"?/g, (_, name: string) =>
    JSON.stringify(context.vars[name]),
  );
  return JSON.parse(text);
}

/** Adds up what an engine tells. */
class Told implements Emitter {
  readonly counts: Record<string, number> = {};
  readonly timed: Record<string, number[]> = {};
  readonly errors: string[] = [];
  started = 0;

  emit(kind: string, ...[name, value]: readonly unknown[]): boolean {
    if (kind === 'started') this.started++;
    if (kind === 'error') this.errors.push(name as string);
    const key = String(name).replace('fauxlm.', '');
    if (kind === 'counter') this.counts[key] = (this.counts[key] ?? 0) + (value as number);
    if (kind === 'histogram') {
      this.timed[key] ??= [];
      this.timed[key].push(value as number);
    }
    return true;
  }
}

interface Given {
  readonly users?: number;
  readonly vars?: Record<string, unknown>;
  readonly processor?: Record<string, unknown>;
}

/** Runs so many virtual users at once, and waits for their end. */
async function run(
  target: string,
  flow: unknown,
  { users = 1, vars = {}, processor = {} }: Given = {},
) {
  const told = new Told();
  const engine = new ArtilleryEngine({ config: { target, processor } }, told, { template });
  const user = engine.createScenario({ name: 'day', flow }, told);
  const errors = await Promise.all(
    Array.from({ length: users }, () => {
      return new Promise<Error | null>((resolve) => user({ vars: { ...vars } }, resolve));
    }),
  );
  return { told, errors: errors.filter((error) => error !== null) };
}

describe('virtual users', () => {
  test('take licenses of several daemons, hold them, ask for the status, and give all back at their end', async () => {
    await using server = await start();
    const flow = [
      { checkout: 'solve:2+view' },
      { checkout: { feature: '{{ job }}', version: 2030.1 } },
      { function: 'look' },
      { lmstat: '-a' },
      { lmstat: '-f solve' },
      { loop: [{ checkout: 'view' }, { think: '1ms' }, { checkin: 'view' }], count: 2 },
    ];
    const seen: number[] = [];
    const look = (context: UserContext, _events: Emitter, done: () => void): void => {
      const used = ['acmed', 'meshd'].flatMap((vendor) =>
        server.snapshot(vendor).features.map((feature) => feature.used),
      );
      seen.push(...used, context.vars['job'] === 'mesh' ? 1 : 0);
      done();
    };
    const { told, errors } = await run(server.address, flow, {
      vars: { job: 'mesh' },
      processor: { look },
    });
    expect(errors).toEqual([]);
    expect(seen).toEqual([2, 1, 1, 1]);
    expect(told.counts).toMatchObject({ asked: 5, grants: 5, checkins: 5, denials: 0, errors: 0 });
    expect(told.counts).toMatchObject({ connects: 2, polls: 2, losses: 0, denied: 0 });
    expect(told.timed['checkout']).toHaveLength(5);
    expect(told.timed['checkin']).toHaveLength(5);
    for (const ms of Object.values(told.timed).flat()) expect(ms).toBeGreaterThan(0);
    expect(server.snapshot('acmed').features.map(({ used }) => used)).toEqual([0, 0]);
  });

  test('who is denied goes home without failing, after as many attempts as it has', async () => {
    await using server = await start();
    const holder = await run(
      server.address,
      [
        { checkout: 'view' },
        { checkout: { feature: 'mesh', count: 2, retry: '1ms,3' } },
        { function: 'never' },
      ],
      { processor: { never: () => expect.unreachable() } },
    );
    expect(holder.errors).toEqual([]);
    expect(holder.told.counts).toMatchObject({
      asked: 4,
      grants: 1,
      denials: 3,
      denied: 1,
      checkins: 1,
    });
    expect(
      Object.keys(holder.told.counts).filter((name) => name.startsWith('denials.')),
    ).toHaveLength(1);
  });

  test('queue for what is out, and leave the queue when their patience is over', async () => {
    await using server = await start();
    const flow = [{ checkout: { feature: 'mesh', queue: 'forever' } }, { think: '5ms' }];
    const { told } = await run(server.address, flow, { users: 4 });
    expect(told.counts).toMatchObject({ grants: 4, queued: 3, checkins: 4, denied: 0 });
    expect(told.timed['queue']).toHaveLength(3);
    const impatient = await run(server.address, [
      { checkout: 'mesh' },
      { checkout: { feature: 'mesh', queue: '1ms' } },
    ]);
    expect(impatient.told.counts).toMatchObject({
      grants: 1,
      queued: 1,
      left: 1,
      denied: 1,
      errors: 0,
    });
  });

  test('who dies takes its connections along, and the server has the licenses back', async () => {
    await using server = await start();
    const { told, errors } = await run(server.address, [{ checkout: 'solve' }, 'die']);
    expect(errors).toEqual([]);
    expect(told.counts).toMatchObject({ grants: 1, deaths: 1 });
    expect(told.counts['checkins']).toBeUndefined();
    const used = () => server.snapshot('acmed').features.map((feature) => feature.used);
    await expect.poll(used, { interval: 2, timeout: 60_000 }).toEqual([0, 0]);
  });

  test('a server that goes away is told: every grant ends once, and the user fails with the words of the code', async () => {
    const server = await start();
    const stop = (_context: UserContext, _events: Emitter, done: () => void): void => {
      server.stop().then(done);
    };
    const flow = [
      { checkout: 'solve' },
      { function: 'stop' },
      { think: '20ms' },
      { checkout: 'solve' },
    ];
    const { told, errors } = await run(server.address, flow, { processor: { stop } });
    const { grants, losses, checkins = 0 } = told.counts;
    expect(losses! + checkins).toBe(grants);
    expect(told.counts).toMatchObject({ grants: 1, errors: 1, connectErrors: 1 });
    expect(errors).toHaveLength(1);
    expect(told.errors).toEqual([errors[0]!.message]);
    expect(errors[0]!.message).toMatch(/\(-15,0\)$/);
  });
});

describe('a script that makes no sense is told before anybody runs', () => {
  const scenario = (flow: unknown) => {
    const config = { target: '27000@localhost' };
    const engine = new ArtilleryEngine({ config }, undefined, { template });
    return () => engine.createScenario({ name: 'x', flow } as ScenarioSpec, new Told());
  };

  test.each([
    [undefined, 'scenario "x": expected a list of steps, got none'],
    [
      [{ chekout: 'solve' }],
      'step 1: expected a step (checkout, checkin, think, lmstat, die, function, loop), got "chekout"; did you mean checkout?',
    ],
    [[{ checkout: { feature: 'solve', cuont: 2 } }], 'got "cuont"; did you mean count?'],
    [
      [{ checkout: { feature: 'solve', count: 0 } }],
      'count: expected a whole number from 1 to 9999999, got 0',
    ],
    [[{ checkout: '' }], 'step 1: checkout: expected a text, got ""'],
    [[{ think: 'often' }], 'step 1: think: expected'],
    [[{ lmstat: '-i' }], 'lmstat: expected -a, or -f and a feature, got "-i"'],
    [[{ function: 'f' }], 'function: expected one of the script\'s processor, got "f"'],
    [
      [{ loop: [{ checkin: 'all' }] }],
      'count: expected a whole number from 1 to 1000000, got none',
    ],
    [[{ loop: ['die'], count: 1, over: [] }], 'expected loop, count, got "over"'],
    [[{ think: 1, checkin: 'all' }], 'got "think and checkin"'],
    [[7], 'step 1: expected a step'],
    [Array.from({ length: 10_001 }, () => 'checkin'), 'expected at most 10000 steps'],
  ])('%j', (flow, words) => {
    expect(scenario(flow)).toThrow(words);
  });

  test.each([undefined, '', 27000, 'localhost:27000:1', '1@a:2@b'])('target %j', (target) => {
    const make = () => new ArtilleryEngine({ config: { target } }, undefined, { template });
    expect(make).toThrow(/^config.target.*: expected .*27000@localhost/);
  });

  test('what variables make of it is told by the user that has them', async () => {
    await using server = await start();
    const { told, errors } = await run(server.address, [{ checkout: '{{ job }}' }], {
      vars: { job: 7 },
    });
    expect(errors.map(({ message }) => message)).toEqual([
      'scenario "day", step 1: checkout: expected a text, got 7',
    ]);
    expect(told.errors).toHaveLength(1);
    expect(told.started).toBe(1);
  });
});

test('the built package gives Artillery a class by require', () => {
  const Engine = createRequire(import.meta.url)(
    '../../dist/artillery.cjs',
  ) as typeof ArtilleryEngine;
  const engine = new Engine({ config: { target: '27000@localhost' } }, undefined, { template });
  expect(engine.createScenario({ flow: ['die'] }, new Told())).toBeTypeOf('function');
});
