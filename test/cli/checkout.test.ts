import { type ChildProcess, spawn } from 'node:child_process';
import { EventEmitter } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { rolldown } from 'rolldown';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { systemClock } from '../../src/base/clock.ts';
import type { CheckoutArguments } from '../../src/cli/checkout-arguments.ts';
import { type CheckoutIo, runCheckout } from '../../src/cli/commands/checkout.ts';
import { type ScriptedLicenseServer, startScripted } from '../client/scripted-server.ts';

const root = resolve(import.meta.dirname, '../..');
let folder: string;
let program: string;
let server: ScriptedLicenseServer;
const children = new Set<ChildProcess>();

beforeAll(async () => {
  // Under node_modules, so that the program finds the libraries it is not bundled with.
  mkdirSync(join(root, 'node_modules/.cache'), { recursive: true });
  folder = mkdtempSync(join(root, 'node_modules/.cache/fauxlm-checkout-'));
  program = join(folder, 'checkout.mjs');
  const input = join(import.meta.dirname, 'checkout-runner.ts');
  const bundle = await rolldown({ input, external: ['yargs', 'binary-parser'], platform: 'node' });
  await bundle.write({ file: program, format: 'esm', codeSplitting: false });
  server = await startScripted({ acmed: { solve: '12.5', full: -4 } });
});
afterEach(() => {
  for (const child of children) child.kill('SIGKILL');
});
afterAll(async () => {
  await server.stop();
  rmSync(folder, { recursive: true });
});

/** Runs `fauxlm` with these words as a process; `shows` waits for a text on its standard output. */
function run(words: readonly string[], env: Readonly<Record<string, string>> = {}) {
  const { PATH = '' } = process.env;
  const child = spawn(process.execPath, [program, ...words], {
    env: { PATH, HOME: folder, ...env },
  });
  children.add(child);
  let out = '';
  let err = '';
  const watchers = new Set<() => void>();
  child.stdout.on('data', (chunk: Buffer) => {
    out += chunk;
    for (const look of watchers) look();
  });
  child.stderr.on('data', (chunk: Buffer) => {
    err += chunk;
  });
  const ended = new Promise<{ exit: number | null; out: string; err: string }>((tell) => {
    child.once('close', (exit) => {
      children.delete(child);
      tell({ exit, out, err });
    });
  });
  const shows = (pattern: RegExp): Promise<RegExpExecArray> =>
    new Promise((tell) => {
      const look = (): void => {
        const match = pattern.exec(out);
        if (!match) return;
        watchers.delete(look);
        tell(match);
      };
      watchers.add(look);
      look();
    });
  return { child, ended, shows };
}

const checkout = (...words: readonly string[]): readonly string[] => [
  'checkout',
  'solve',
  '-c',
  server.address,
  ...words,
];

describe('fauxlm checkout FEATURE -- CMD', () => {
  test('holds the seat while CMD runs, passes its exit code, and checks in', async () => {
    const acmed = server.daemons['acmed']!;
    const before = acmed.all('checkin').length;
    const words = ['-n', '2', '-V', '3.10', '--user', 'eve', '--host', 'ws5', '--display', ':0'];
    const { ended } = run(checkout(...words, '--', 'sh', '-c', 'echo "$0"; exit 7', '--odd'));
    expect(await ended).toEqual({ exit: 7, out: '--odd\n', err: '' });
    expect(acmed.all('checkout').at(-1)).toMatchObject({ count: 2, version: '3.10' });
    expect(acmed.all('identify').at(-1)).toMatchObject({ user: 'eve', host: 'ws5', display: ':0' });
    expect(acmed.all('checkin')).toHaveLength(before + 1);
  });

  test('finds the server by the environment and leaves that as it is for CMD', async () => {
    const path = `1@127.0.0.1:${server.address}`;
    const words = ['checkout', 'solve', '--', 'sh', '-c', 'echo "$LM_LICENSE_FILE"'];
    const { ended } = run(words, { LM_LICENSE_FILE: path });
    expect(await ended).toEqual({ exit: 0, out: `${path}\n`, err: '' });
    const vendors = { BETAD_LICENSE_FILE: server.address };
    expect((await run(['checkout', 'solve', '--', 'true'], vendors).ended).exit).toBe(0);
  });

  test.each(['SIGTERM', 'SIGINT', 'SIGHUP', 'SIGUSR1', 'SIGUSR2', 'SIGWINCH'] as const)(
    'passes %s on',
    async (signal) => {
      const name = signal.slice(3);
      const script = `trap 'exit 42' ${name}; echo ready; while :; do sleep 0.05; done`;
      const { child, ended, shows } = run(checkout('--', 'sh', '-c', script));
      await shows(/ready/);
      child.kill(signal);
      expect((await ended).exit).toBe(42);
    },
  );

  test('says 128 and the signal’s number when one killed CMD', async () => {
    const { child, ended, shows } = run(checkout('--', 'sh', '-c', 'echo ready; exec sleep 100'));
    await shows(/ready/);
    child.kill('SIGTERM');
    expect((await ended).exit).toBe(143);
  });

  test('says 127 for a command that is not there, and gives the seat back', async () => {
    const acmed = server.daemons['acmed']!;
    const before = acmed.all('checkin').length;
    const { exit, err } = await run(checkout('--', 'no-such-command')).ended;
    expect({ exit, err }).toEqual({
      exit: 127,
      err: 'fauxlm: no-such-command: expected a command, got: not found\n',
    });
    expect(acmed.all('checkin')).toHaveLength(before + 1);
  });

  test('killed by SIGKILL, loses its connection at once', async () => {
    const acmed = server.daemons['acmed']!;
    const { child, shows } = run(checkout('--', 'sh', '-c', 'echo "pid $$"; exec sleep 100'));
    const [, pid] = await shows(/pid (\d+)/);
    const connections = acmed.connections;
    child.kill('SIGKILL');
    while (acmed.connections === connections) await new Promise((next) => setImmediate(next));
    expect(acmed.connections).toBe(connections - 1);
    process.kill(Number(pid), 'SIGKILL'); // the command lives on, as the help says
  });
});

describe('fauxlm checkout FEATURE', () => {
  test.each([
    ['SIGINT', 130],
    ['SIGTERM', 143],
  ] as const)('holds the seat until %s and exits with %i', async (signal, exit) => {
    const acmed = server.daemons['acmed']!;
    const before = acmed.all('checkin').length;
    const { child, ended, shows } = run(checkout());
    const [line] = await shows(/.*\n/);
    expect(line).toMatch(/^solve: 1 license from acmed at \d+@127\.0\.0\.1, handle \d+\n$/);
    child.kill(signal);
    expect(await ended).toMatchObject({ exit, err: '' });
    expect(acmed.all('checkin')).toHaveLength(before + 1);
  });

  test('tells a grant as JSON', async () => {
    const { child, ended, shows } = run(checkout('--json', '--user', 'ann', '--host', 'ws1'));
    const [line] = await shows(/.*\n/);
    child.kill('SIGINT');
    const { out, err } = await ended;
    expect(out).toBe(line);
    expect(err).toMatch(/^solve: 1 license from acmed at .*\n$/);
    expect(JSON.parse(line!)).toMatchObject({
      granted: true,
      feature: 'solve',
      count: 1,
      version: '0.0',
      vendor: 'acmed',
      poolVersion: '12.5',
      server: server.address,
      handle: expect.any(Number),
      user: 'ann',
      host: 'ws1',
    });
  });
});

test('with --json a grant is the first line of standard output, and what CMD says follows', async () => {
  const { exit, out, err } = await run(checkout('--json', '--', 'sh', '-c', 'echo ran; exit 5'))
    .ended;
  const [line = '', ...rest] = out.split('\n');
  expect(JSON.parse(line)).toMatchObject({ granted: true, feature: 'solve', vendor: 'acmed' });
  expect({ exit, rest, err }).toEqual({ exit: 5, rest: ['ran', ''], err: '' });
});

describe('a refusal of fauxlm checkout', () => {
  test('is told in FlexNet’s long form and exits with 6', async () => {
    const words = ['checkout', 'full', '-c', server.address, '--', 'echo', 'ran'];
    const { exit, out, err } = await run(words).ended;
    expect({ exit, out }).toEqual({ exit: 6, out: '' });
    expect(err).toContain('Licensed number of users already reached.\n');
    expect(err).toContain('Feature:       full\n');
    expect(err).toContain(`License path:  ${server.address}:\n`);
    expect(err).toContain('FlexNet Licensing error:-4,300\n');
  });

  test('exits with 3 when no manager is there, and with 2 without a license path', async () => {
    const dead = await run(['checkout', 'solve', '-c', '1@127.0.0.1', '--', 'true']).ended;
    expect(dead.exit).toBe(3);
    expect(dead.err).toContain('FlexNet Licensing error:-15,570.  System Error: 111');
    expect((await run(['checkout', 'solve', '--', 'true']).ended).exit).toBe(2);
  });

  test('is told as JSON with every attempt', async () => {
    const path = `1@127.0.0.1:${server.address}`;
    const words = ['checkout', 'full', '-c', path, '--json', '--', 'true'];
    const { out, err } = await run(words).ended;
    expect(err).toContain('Licensed number of users already reached.\n');
    expect(out.split('\n')).toHaveLength(2);
    expect(JSON.parse(out)).toMatchObject({
      granted: false,
      feature: 'full',
      code: -4,
      minor: 300,
      attempts: [
        { where: '1@127.0.0.1', by: 'client', code: -15 },
        { where: server.address, vendor: 'acmed', by: 'daemon', code: -4 },
      ],
    });
  });

  test('comes with FLEXLM_DIAGNOSTICS on standard error', async () => {
    const words = ['checkout', 'full', '-c', server.address, '--', 'true'];
    const { err } = await run(words, { FLEXLM_DIAGNOSTICS: '2' }).ended;
    expect(err).toContain('FlexNet checkout error: Licensed number of users');
    expect(err).toContain('lm_checkout("full", 0.0, 1, 0x0, ..., 0x4000)\n');
  });

  test.each([
    [['-c', '@alpha:27000'], /-c, column 1: expected port@host \(27000@alpha\)/],
    [['-V', 'R2'], /version: expected a decimal number/],
    [['-n', 'many'], /count: expected a whole number/],
    [['-c', '1@a', '-c', '2@b'], /-c: expected it once, got it 2 times/],
    [['--vendor', ''], /--vendor: expected a name, got nothing/],
    [['--user', 'a', '--user', 'b'], /--user: expected it once, got it 2 times/],
    [['--display', ''], /--display: expected a display, got nothing/],
    [['-c', ''], /-c: expected a license path, got nothing/],
    [['-c', ' '], /-c: expected a license path, got nothing/],
  ])('for usage such as %j is one clear line and exits with 2', async (words, message) => {
    const { exit, err } = await run(['checkout', 'solve', ...words, '--', 'true']).ended;
    expect(exit).toBe(2);
    expect(err).toMatch(message);
    expect(err).not.toMatch(/^ +at /m);
  });
});

test('-- with nothing behind it is wrong usage, as an empty variable leaves it', async () => {
  for (const words of [['--'], ['--', '']]) {
    const { exit, err } = await run(checkout(...words)).ended;
    expect({ exit, words }).toEqual({ exit: 2, words });
    expect(err).toContain('--: expected a command behind it, got nothing\n');
  }
});

test('fauxlm checkout --help has an example', async () => {
  const { exit, out } = await run(['checkout', '--help']).ended;
  expect(exit).toBe(0);
  expect(out).toContain('fauxlm checkout FLUENT -- ./solve.sh');
});

describe('when the server goes away while CMD runs', () => {
  function io(given: Partial<CheckoutIo> = {}) {
    const signals = new EventEmitter();
    const said: string[] = [];
    const watchers = new Set<() => void>();
    const say = (text: string): void => {
      said.push(text);
      for (const look of watchers) look();
    };
    const saying = (pattern: RegExp): Promise<void> =>
      new Promise((tell) => {
        const look = (): void => {
          if (said.some((text) => pattern.test(text))) tell();
        };
        watchers.add(look);
        look();
      });
    const checkoutIo: CheckoutIo = {
      env: {},
      home: folder,
      platform: 'linux',
      clock: systemClock,
      signals,
      terminal: false,
      out: say,
      err: say,
      ...given,
    };
    return { io: checkoutIo, signals, said, saying };
  }

  const solve = (more: Partial<CheckoutArguments> = {}): CheckoutArguments => ({
    feature: 'solve',
    n: '1',
    V: '0.0',
    c: server.address,
    json: false,
    ...more,
  });

  test('the license is checked out again, and CMD goes on', async () => {
    const acmed = server.daemons['acmed']!;
    const { io: world, signals, said, saying } = io();
    const asked = acmed.hears('checkout');
    const exit = runCheckout(solve({ '--': ['sleep', '100'] }), world);
    await asked;
    while (signals.listenerCount('SIGTERM') === 0) await new Promise((next) => setImmediate(next));
    acmed.talks.at(-1)?.reset();
    await saying(/regained/);
    signals.emit('SIGTERM', 'SIGTERM');
    expect(await exit).toBe(143);
    expect(said.filter((text) => text !== '')).toEqual([
      expect.stringMatching(/^fauxlm: solve: lost the license, asking for it again: .*\(-16,287/),
      expect.stringMatching(/^fauxlm: solve: regained, solve: 1 license from acmed at/),
    ]);
    const handles = acmed.all('checkin').map(({ handle }) => handle);
    expect(said.at(-1)).toContain(`handle ${handles.at(-1)}`);
    expect(signals.eventNames()).toEqual([]);
  });

  test('a seat held for its own sake ends with 3 when it cannot be had again', async () => {
    const other = await startScripted({ acmed: { solve: '1.0' } });
    const { io: world, saying } = io({ retryDelaysMs: [0] });
    const exit = runCheckout(solve({ c: other.address }), world);
    await saying(/^solve: 1 license/);
    await other.stop();
    expect(await exit).toBe(3);
    await saying(/could not get the license back: Cannot connect/);
  });

  test('a terminal’s own signals are not passed on twice', async () => {
    const { io: world, signals } = io({ terminal: true });
    const exit = runCheckout(solve({ '--': ['sleep', '100'] }), world);
    while (signals.listenerCount('SIGINT') === 0) await new Promise((next) => setImmediate(next));
    signals.emit('SIGINT', 'SIGINT');
    signals.emit('SIGTERM', 'SIGTERM');
    expect(await exit).toBe(143);
  });
});
