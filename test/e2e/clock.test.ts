import { spawn } from 'node:child_process';
import { describe, expect, test } from 'vitest';
import { connectClient } from '../../src/index.ts';
import {
  acme,
  ended,
  environment,
  Folder,
  programs,
  run,
  Server,
  textOf,
  until,
} from './processes.ts';

/** The operational log tells warnings only: nothing that goes as it should. */
const quiet = { FAUXLM_LOG_LEVEL: 'warn' } as const;

/** What a program prints until it is told to end. */
async function outputOf(
  program: keyof typeof programs,
  words: readonly string[],
  { env = {}, ready }: { env?: Record<string, string>; ready: string },
): Promise<string> {
  const child = spawn(process.execPath, [programs[program], ...words], {
    env: environment({ ...quiet, ...env }),
  });
  const over = ended(child);
  let text = '';
  child.stdout.on('data', (chunk) => {
    text += chunk;
  });
  await Promise.race([until(() => text.includes(ready)), over]);
  child.kill('SIGTERM');
  const { out, err } = await over;
  expect(err).toBe('');
  return out;
}

test.each([
  [[], { FAUXLM_CLOCK: 'manual@2030-01-07T09:00' }],
  [['--clock', 'manual@2030-01-07T09:00'], {}],
  [['--clock', 'manual@2030-01-07T09:00', '--processes'], { FAUXLM_CLOCK: 'real' }],
])('serve %j stands at the time it was given, in all its processes', async (words, env) => {
  using folder = new Folder();
  const all = ['serve', folder.file('acme.lic', acme), '--port', '0', '--log', '-', ...words];
  const out = await outputOf('fauxlm', all, { env, ready: 'fauxlm ready' });
  const stamps = new Set(
    [...out.matchAll(/^(.{8}) \((?:lmgrd|acmed|betad)\) /gm)].map(([, at]) => at),
  );
  expect([...stamps]).toEqual([' 9:00:00']);
  expect(out).toContain("(lmgrd) Server's System Date and Time: Mon Jan 07 2030 09:00:00");
  expect(out).toContain('(betad) (@betad-SLOG@) Start-Date: Mon Jan 07 2030 09:00:00');
});

test('lmgrd takes --clock and FAUXLM_CLOCK, too', async () => {
  using folder = new Folder();
  const words = ['-c', folder.file('acme.lic', acme.replace('ANY', 'ANY 0')), '-z'];
  const ready = 'betad using TCP-port';
  const flag = await outputOf('lmgrd', [...words, '--clock', 'manual@2031-02-03'], { ready });
  expect(flag).toContain('Mon Feb 03 2031 00:00:00');
  const env = { FAUXLM_CLOCK: 'x2@2032-02-03' };
  expect(await outputOf('lmgrd', words, { env, ready })).toContain('Tue Feb 03 2032 00:00:0');
});

test.each([
  ['serve', ['serve', 'fixtures/licenses/ansys.lic', '--port', '0', '--clock', 'slow']],
  ['lmgrd', ['-z', '-c', 'fixtures/licenses/ansys.lic', '--clock', 'slow']],
])('%s says what a clock can be', async (name, words) => {
  const { status, err } = await run(name === 'serve' ? 'fauxlm' : 'lmgrd', words);
  expect(status).toBe(2);
  expect(err).toContain(
    '--clock: expected real, manual, manual@2030-01-07T09:00 or x60, got "slow"',
  );
});

const dated = acme.replace('permanent 3', '7-jan-2030 3');

describe.each([
  ['in one process', []],
  ['with a process for each vendor daemon', ['--processes']],
])('fauxlm clock and reset, %s', (_how, more) => {
  const clock = ['--clock', 'manual@2030-01-07T09:00', '--http', '127.0.0.1:0'];

  test('the clock of a server is read, advanced and set, and things happen at their times', async () => {
    using folder = new Folder();
    const log = folder.at('debug.log');
    const license = folder.file('acme.lic', dated);
    await using server = await Server.start(folder, [license, '--log', log, ...clock, ...more], {
      TZ: 'Europe/Berlin',
      ...quiet,
    });
    const { address, http } = server.ready;
    const env = { FAUXLM_HTTP: http! };
    const says = async (...words: string[]): Promise<string> => {
      const { status, out, err } = await run('fauxlm', words, { env });
      expect({ status, err }).toEqual({ status: 0, err: '' });
      return out.trim();
    };
    const checkout = ['checkout', 'solve', '-c', address, '--user', 'ann', '--host', 'ws1'];
    expect(await says('clock', 'now')).toBe('2030-01-07T08:00:00.000Z');
    expect((await run('fauxlm', [...checkout, '--', 'true'])).status).toBe(0);
    expect(await says('clock', 'advance', '15h', '--http', http!)).toBe('2030-01-07T23:00:00.000Z');
    // Told when it is done: the log has it.
    expect(textOf(log)).toContain(' 0:00:00 (acmed) EXPIRED: solve\n');
    const denied = await run('fauxlm', [...checkout, '--', 'true']);
    expect({ status: denied.status, code: /\(?-10,/.test(denied.err) }).toEqual({
      status: 6,
      code: true,
    });
    expect(JSON.parse(await says('clock', 'set', '2030-01-09T12:00', '--json'))).toEqual({
      kind: 'manual',
      now: '2030-01-09T11:00:00.000Z',
      ms: Date.UTC(2030, 0, 9, 11),
      factor: 0,
    });
    const stamps = textOf(log).match(/^.*TIMESTAMP \d.*$/gm)!;
    const times = ['15:0', '21:0', ' 3:0', ' 9:0', '15:0', '21:0', ' 3:0', ' 9:0'];
    const days = [7, 7, 8, 8, 8, 8, 9, 9];
    expect(stamps).toEqual(
      times.flatMap((time, index) => [
        `${time}0:00 (lmgrd) TIMESTAMP 1/${days[index]}/2030`,
        `${time}5:00 (acmed) TIMESTAMP 1/${days[index]}/2030`,
        `${time}5:00 (betad) TIMESTAMP 1/${days[index]}/2030`,
      ]),
    );
    expect(await says('reset')).toBe('reset');
    expect(await says('clock', 'now')).toBe('2030-01-07T08:00:00.000Z');
    expect((await run('fauxlm', [...checkout, '--', 'true'])).status).toBe(0);
    expect((await server.stop()).err).toBe('');
  });

  test('reset takes back what clients hold, and lmstat shows it', async () => {
    using folder = new Folder();
    const log = folder.at('debug.log');
    const license = folder.file('acme.lic', acme);
    await using server = await Server.start(folder, [license, '--log', log, ...clock, ...more]);
    const { address, http } = server.ready;
    const client = await connectClient({ server: address, user: 'ann', host: 'ws1' });
    expect(await client.checkout('solve')).toMatchObject({ ok: true });
    expect((await run('fauxlm', ['reset', '--http', http!])).status).toBe(0);
    expect(textOf(log)).toContain('(acmed) IN: "solve" ann@ws1  (SHUTDOWN)');
    const status = await run('lmutil', ['lmstat', '-f', 'solve', '-c', address]);
    expect(status.out).toContain('Total of 0 licenses in use');
    client.close();
  });

  test('a program that holds a seat loses it by a reset, and checks out again at once', async () => {
    using folder = new Folder();
    const log = folder.at('debug.log');
    const license = folder.file('acme.lic', acme);
    await using server = await Server.start(folder, [license, '--log', log, ...clock, ...more]);
    const { address, http } = server.ready;
    const words = ['checkout', 'solve', '-c', address, '--user', 'ann', '--host', 'ws1'];
    const holder = spawn(process.execPath, [programs.fauxlm, ...words, '--', 'sleep', '600'], {
      env: environment(quiet),
    });
    const over = ended(holder);
    const seatsOut = (): number => (textOf(log).match(/OUT: "solve" ann@ws1/g) ?? []).length;
    await until(() => seatsOut() === 1);
    try {
      expect((await run('fauxlm', ['reset', '--http', http!])).status).toBe(0);
      await until(() => seatsOut() === 2);
    } finally {
      holder.kill('SIGTERM');
      await over;
    }
  });

  test('a reset waits for no advance, and whoever waits for one is told', async () => {
    using folder = new Folder();
    const license = folder.file('acme.lic', acme);
    const log = folder.at('debug.log');
    await using server = await Server.start(folder, [license, '--log', log, ...clock, ...more]);
    const { http } = server.ready;
    const began = (await run('fauxlm', ['clock', 'now', '--http', http!])).out;
    const advance = ['clock', 'advance', '36500d', '--http', http!];
    const moves = [run('fauxlm', advance), run('fauxlm', advance), run('fauxlm', advance)];
    await until(() => (textOf(log).match(/TIMESTAMP/g) ?? []).length > 1_000);
    expect((await run('fauxlm', ['reset', '--http', http!])).status).toBe(0);
    for (const { status, err } of await Promise.all(moves)) {
      expect([status, err]).toEqual([3, expect.stringContaining('got a reset of the server')]);
    }
    expect((await run('fauxlm', ['clock', 'now', '--http', http!])).out).toBe(began);
  });

  test('a vendor daemon that was stopped or killed is up after a reset, and its clock is right', async () => {
    using folder = new Folder();
    const log = folder.at('debug.log');
    const license = folder.file('acme.lic', dated);
    await using server = await Server.start(folder, [license, '--log', log, ...clock, ...more]);
    const { address, http } = server.ready;
    const down = await run('lmutil', ['lmdown', '-c', address, '-vendor', 'acmed', '-q']);
    expect(down.status).toBe(0);
    await run('fauxlm', ['clock', 'advance', '2d', '--http', http!]);
    expect((await run('fauxlm', ['reset', '--http', http!])).status).toBe(0);
    const words = ['checkout', 'solve', '-c', address, '--', 'true'];
    expect((await run('fauxlm', words)).status).toBe(0);
    await run('fauxlm', ['clock', 'advance', '2d', '--http', http!]);
    expect((await run('fauxlm', words)).status).toBe(6);
  });
});

test('clocks of several processes that run at their own pace agree after a move', async () => {
  using folder = new Folder();
  const log = folder.at('debug.log');
  const license = folder.file('acme.lic', acme);
  const words = ['--clock', 'x2@2030-01-07T09:00', '--http', '0', '--processes', '--log', log];
  await using server = await Server.start(folder, [license, ...words]);
  const env = { FAUXLM_HTTP: server.ready.http! };
  const moved = await run('fauxlm', ['clock', 'advance', '30d', '--json'], { env });
  expect(JSON.parse(moved.out)).toMatchObject({ kind: 'scaled', factor: 2 });
  const checkout = ['checkout', 'view', '-c', server.ready.address, '--', 'true'];
  expect((await run('fauxlm', checkout)).status).toBe(0);
  await until(() => textOf(log).includes('OUT: "view"'));
  const stamps = textOf(log).match(/^.*TIMESTAMP \d.*$/gm)!;
  expect(stamps).toHaveLength(3 * 30 * 4 - 2);
  expect(stamps.at(-1)).toMatch(/TIMESTAMP 2\/6\/2030$/);
});

test("the machine's clock cannot be moved, and it is said how to have one that can", async () => {
  using folder = new Folder();
  const license = folder.file('acme.lic', acme);
  await using server = await Server.start(folder, [license, '--http', '127.0.0.1:0']);
  for (const words of [
    ['advance', '1h'],
    ['set', '2030-01-07'],
  ]) {
    const all = ['clock', ...words, '--http', server.ready.http!];
    const { status, out, err } = await run('fauxlm', all);
    expect({ status, out }).toEqual({ status: 2, out: '' });
    expect(err).toContain('expected one that can be moved, got the clock of this machine');
    expect(err).toContain('start the server with --clock manual');
  }
  const now = await run('fauxlm', ['clock', 'now', '--http', server.ready.http!]);
  expect(now.out).toMatch(/^20\d\d-\d\d-\d\dT.*Z\n$/);
});

test.each([
  ['an advance without a duration', ['clock', 'advance'], 2, /expected a duration .* got none/],
  ['an advance by no duration', ['clock', 'advance', 'soon'], 2, /clock advance: expected a dur/],
  ['a set without a time', ['clock', 'set'], 2, /expected a time .* got none/],
  [
    'a set to no time',
    ['clock', 'set', 'yesterday'],
    2,
    /clock set: expected a time such as .* got "ye/,
  ],
  ['a set by no duration', ['clock', 'set', '+soon'], 2, /clock set: expected a duration such as/],
  ['a value for now', ['clock', 'now', '1h'], 2, /clock now: expected no value, got "1h"/],
  ['an action that is none', ['clock', 'stop'], 2, /advance/],
  ['an address that is none', ['clock', 'now', '--http', 'ftp://x'], 2, /expected http:/],
  ['nobody there', ['clock', 'now', '--http', 'http://127.0.0.1:1'], 3, /started with --http\?/],
  ['nobody there to reset', ['reset', '--http', '127.0.0.1:1'], 3, /ECONNREFUSED/],
])('%s is told in one clear message', async (_what, words, wanted, message) => {
  const { status, out, err } = await run('fauxlm', words);
  expect({ status, out }).toEqual({ status: wanted, out: '' });
  expect(err).toMatch(message);
  expect(err).not.toMatch(/^ +at /m);
});

test.each([
  ['every address', '0.0.0.0:0', /0\.0\.0\.0: other addresses need tokens/],
  ['another machine', '192.0.2.1:8080', /192\.0\.2\.1: other addresses need tokens/],
  ['a name', 'license-server:8080', /license-server: other addresses need tokens/],
  ['no address', 'localhost:http', /expected 127\.0\.0\.1:8080, .* got "localhost:http"/],
  ['no port', '127.0.0.1:70000', /got "127\.0\.0\.1:70000"/],
])('serve --http refuses %s with status 2', async (_what, http, message) => {
  const words = ['serve', 'fixtures/licenses/ansys.lic', '--port', '0', '--http', http];
  const { status, out, err } = await run('fauxlm', words);
  expect({ status, out }).toEqual({ status: 2, out: '' });
  expect(err).toMatch(message);
});

test('a control plane whose port is taken stops the server with status 3', async () => {
  using folder = new Folder();
  const license = folder.file('acme.lic', acme);
  await using server = await Server.start(folder, [license, '--http', '127.0.0.1:0']);
  const address = server.ready.http!.slice('http://'.length);
  const words = ['serve', license, '--port', '0', '--http', address];
  const { status, out, err } = await run('fauxlm', words);
  expect({ status, out }).toEqual({ status: 3, out: '' });
  expect(err).toContain(`--http ${address}: expected a free port, got one in use`);
});

test('lmgrd has a control plane, too, which its FAUXLM_HTTP names', async () => {
  using folder = new Folder();
  const words = ['-c', folder.file('acme.lic', acme.replace('ANY', 'ANY 0')), '-z'];
  const env = { FAUXLM_CLOCK: 'manual', FAUXLM_HTTP: '127.0.0.1:0' };
  const more = ['-l', folder.at('debug.log')];
  const out = await outputOf('lmgrd', [...words, ...more], { env, ready: 'control plane' });
  expect(out).toMatch(/; control plane http:\/\/127\.0\.0\.1:\d+\n$/);
});
