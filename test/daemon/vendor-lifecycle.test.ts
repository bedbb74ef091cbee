import { expect, test } from 'vitest';
import { ManualClock } from '../../src/base/clock.ts';
import { KnownError } from '../../src/base/errors.ts';
import type { VendorEntry } from '../../src/daemon/catalog.ts';
import { DaemonLog } from '../../src/daemon/daemon-log.ts';
import type { FaultCounts } from '../../src/daemon/faults/fault-in-force.ts';
import { ManagerLog } from '../../src/daemon/manager-log.ts';
import { Traffic } from '../../src/daemon/traffic.ts';
import { VendorLifecycle } from '../../src/daemon/vendor-lifecycle.ts';
import type { StartOrder, StartOutcome, VendorRunner } from '../../src/daemon/vendor-runner.ts';

const entry: VendorEntry = { name: 'acmed', definitions: [], packages: [], features: [] };

/** A daemon that does what the script says at each start, and serves when that has run out. */
class ScriptedRunner implements VendorRunner {
  readonly name = 'acmed';
  readonly pid = 4711;
  readonly fixedPort = false;
  readonly daemon = undefined;
  readonly follower = undefined;
  up = false;
  readonly done: string[] = [];
  script: ((order: StartOrder) => Promise<StartOutcome> | StartOutcome)[] = [];
  #exit: (signal: number) => void = () => {};

  get port(): number {
    return this.up ? 4000 : 0;
  }

  async start(order: StartOrder): Promise<StartOutcome> {
    this.done.push(`start ${order.restarts}`);
    const outcome = (await this.script.shift()?.(order)) ?? { kind: 'serving' };
    this.up = outcome.kind === 'serving';
    return outcome;
  }

  async stop(signal: number): Promise<void> {
    this.done.push(`stop ${signal}`);
    this.up = false;
  }

  async kill(): Promise<void> {
    this.die(9);
  }

  async reread(): Promise<void> {
    this.done.push('reread');
  }

  async clear(): Promise<void> {
    this.done.push('clear');
  }

  async begin(): Promise<void> {
    this.done.push('begin');
  }

  async snapshot(): Promise<undefined> {}

  async reopenLogs(): Promise<void> {}

  async arm(): Promise<void> {}

  lease(): void {}

  async faultHits(): Promise<FaultCounts> {
    return new Map();
  }

  async borrowed(): Promise<number> {
    return 0;
  }

  onExit(listener: (signal: number) => void): void {
    this.#exit = listener;
  }

  die(signal: number): void {
    this.done.push(`die ${signal}`);
    this.up = false;
    this.#exit(signal);
  }
}

function make() {
  const clock = new ManualClock();
  const runner = new ScriptedRunner();
  const told: string[] = [];
  const log = new ManagerLog(
    new DaemonLog('lmgrd', { file: undefined, clock, style: 'time' }),
    clock,
  );
  const notice = (what: string) => told.push(what);
  const traffic = new Traffic();
  const managerPort = () => 27000;
  const life = new VendorLifecycle(runner, { clock, log, notice, traffic, managerPort });
  return { clock, runner, told, life };
}

const unborn = (): never => {
  throw new KnownError('NET_UNREACHABLE', 'acmed: expected a process of its own, got: EMFILE');
};

/** All that is due has been done. */
const turn = (): Promise<void> => new Promise((done) => setImmediate(done));

test('a daemon that dies before it serves is started anew, ten times, then it stays down', async () => {
  const { runner, life, told } = make();
  const dies = (): StartOutcome => ({ kind: 'died', signal: 9 });
  runner.script = Array.from({ length: 3 }, () => dies);
  await life.start();
  expect(runner.done).toEqual(['start 0', 'start 1', 'start 2', 'start 3']);
  runner.script = Array.from({ length: 100 }, () => dies);
  runner.die(11);
  await turn();
  expect(told.at(-1)).toBe('vendor daemon stays down until lmreread');
  expect(runner.up).toBe(false);
  expect(runner.done.filter((step) => step.startsWith('start'))).toHaveLength(4 + 7);
});

test('a daemon that gets no process is tried again after 1, 2, 4 ... seconds, and a reread tries at once', async () => {
  const { clock, runner, life, told } = make();
  await life.start();
  runner.script = [unborn, unborn, unborn];
  runner.die(9);
  await turn();
  expect(runner.done).toEqual(['start 0', 'die 9', 'start 1']);
  const startsAfter = async (ms: number) => {
    const before = runner.done.length;
    clock.advance(ms);
    await turn();
    return runner.done.length - before;
  };
  expect(await startsAfter(999)).toBe(0);
  expect(await startsAfter(1)).toBe(1);
  expect(await startsAfter(1_999)).toBe(0);
  expect(await startsAfter(1)).toBe(1);
  expect(runner.up).toBe(false);
  expect(told.filter((what) => what === 'vendor daemon does not start')).toHaveLength(3);
  await life.reread(entry);
  expect(runner.up).toBe(true);
  expect(await startsAfter(3_600_000)).toBe(0);
});

test('after ten failures in a row no more is tried until a reread', async () => {
  const { clock, runner, life, told } = make();
  await life.start();
  runner.script = Array.from({ length: 100 }, () => unborn);
  runner.die(9);
  for (let hour = 0; hour < 20; hour++) {
    await turn();
    clock.advance(3_600_000);
  }
  expect(told.at(-1)).toBe('vendor daemon stays down until lmreread');
  expect(runner.done.filter((step) => step.startsWith('start'))).toHaveLength(11);
  runner.script = [];
  await life.reread(entry);
  expect(runner.up).toBe(true);
});

test('a stop breaks off a start under way, and what was asked before it is not done', async () => {
  const { runner, life } = make();
  runner.script = [
    ({ aborted }) =>
      new Promise((resolve) => {
        aborted.addEventListener('abort', () => resolve({ kind: 'died', signal: 9 }));
      }),
  ];
  const started = life.start();
  const reread = life.reread(entry);
  await turn();
  await Promise.all([life.stop(15), started, expect(reread).rejects.toThrow('stopped')]);
  expect(runner.done).toEqual(['start 0', 'reread']);
  expect(runner.up).toBe(false);
  await life.start();
  expect(runner.up).toBe(true);
});

test('a daemon that dies while a stop waits for its turn is not restarted', async () => {
  const { runner, life } = make();
  await life.start();
  const stopped = life.stop(15);
  runner.die(9);
  await stopped;
  await turn();
  expect(runner.done).toEqual(['start 0', 'die 9']);
});

test('a stop ends the tries of a daemon that did not start', async () => {
  const { clock, runner, life, told } = make();
  await life.start();
  runner.script = [unborn];
  runner.die(9);
  await turn();
  expect(told.at(-1)).toBe('vendor daemon does not start');
  await life.stop(15);
  clock.advance(3_600_000);
  await turn();
  expect(runner.done).toEqual(['start 0', 'die 9', 'start 1']);
});
