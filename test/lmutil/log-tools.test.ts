import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeEach, describe, expect, onTestFinished, test } from 'vitest';
import { startServer } from '../../src/daemon/server.ts';
import type { ServerConfig } from '../../src/daemon/server-config.ts';
import { connectClient, startLicenseServer } from '../../src/index.ts';
import { banner, lines, lmutil } from './test-io.ts';

const root = mkdtempSync(join(tmpdir(), 'fauxlm-log-tools-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(root, 'test-'));
});

const at = (name: string): string => join(folder, name);
const textOf = (name: string): string => readFileSync(at(name), 'utf8');
const kindsOf = (name: string): readonly string[] =>
  textOf(name)
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line).kind);

const text = [
  'SERVER this_host ANY',
  'VENDOR acmed',
  'VENDOR betad',
  'INCREMENT solve acmed 2.0 permanent 2 SIGN=00',
  'INCREMENT view betad 1.0 permanent 7 SIGN=00',
  '',
].join('\n');

/** A server whose acmed has these options; what runs in processes of its own is the built program. */
async function start(options: string, more: Partial<ServerConfig> = {}) {
  writeFileSync(at('acmed.opt'), options);
  const built = await import(/* @vite-ignore */ resolve('dist/daemon/server.js'));
  const begin = more.processes ? (built.startServer as typeof startServer) : startServer;
  const licenses = [{ name: 'acme.lic', text }];
  const server = await begin({
    licenses,
    port: 0,
    options: { acmed: at('acmed.opt') },
    log: { path: at('server.log') },
    ...more,
  });
  onTestFinished(() => server.stop());
  return server;
}

async function takeSolve(address: string, user: string): Promise<void> {
  const client = await connectClient({ server: address, user, host: 'ws1', display: ':0' });
  const seat = await client.checkout('solve');
  if (!seat.ok) throw new Error('expected a seat');
  await client.checkin(seat);
  client.close();
}

const places: readonly [string, boolean][] = [
  ['in the manager', false],
  ['in a process of its own', true],
];

describe.each(places)('of a daemon %s', (_where, processes) => {
  test('lmswitch has the debug log go on in a new file; the old one says where', async () => {
    const server = await start(`DEBUGLOG ${at('old.log')}\n`, { processes });
    await takeSolve(server.address, 'ann');
    const { status, out } = await lmutil([
      ...['lmswitch', '-c', server.address, 'acmed', at('new.log')],
    ]);
    expect({ status, out }).toEqual({ status: 0, out: lines(banner, 'lmswitch successful') });
    await takeSolve(server.address, 'ben');
    await server.reread();
    await takeSolve(server.address, 'cat');
    await server.stop();
    const [old, now] = [textOf('old.log'), textOf('new.log')];
    expect(old).toMatch(/OUT: "solve" ann@ws1/);
    expect(old.trimEnd()).toMatch(
      new RegExp(`\\(acmed\\) fauxlm: the debug log goes on in ${at('new.log')}$`),
    );
    expect(now.split('\n')[0]).toContain(
      `(acmed) fauxlm: the debug log begins; before this it was in ${at('old.log')}`,
    );
    expect(now).toMatch(/OUT: "solve" ben@ws1.*OUT: "solve" cat@ws1.*EXITING/s);
    expect(now).not.toContain('ann@ws1');
  });

  test('lmswitchr has the report log go on in a new file', async () => {
    const server = await start(`REPORTLOG ${at('old.rl')} HIDE_USER\n`, { processes });
    await takeSolve(server.address, 'ann');
    const args = ['-c', server.address, 'solve', at('new.rl')];
    expect((await lmutil(['lmswitchr', ...args])).out).toBe(lines(banner, 'lmswitchr successful'));
    await takeSolve(server.address, 'ben');
    await server.stop();
    const seat = ['seatTaken', 'seatReturned'];
    const open = ['reportOpened', ...seat, 'reportClosed'];
    expect(kindsOf('old.rl').filter((kind) => open.includes(kind))).toEqual(open);
    const again = kindsOf('new.rl').filter((kind) => open.includes(kind));
    expect(again).toEqual(open);
    expect(textOf('new.rl')).not.toContain('ben');
  });

  test('lmnewlog moves what the report log holds to a new file, and it begins anew', async () => {
    const server = await start(`REPORTLOG ${at('now.rl')}\n`, { processes });
    await takeSolve(server.address, 'ann');
    const args = ['-c', server.address, 'acmed', at('january.rl')];
    expect((await lmutil(['lmnewlog', ...args])).out).toBe(lines(banner, 'lmnewlog successful'));
    await takeSolve(server.address, 'ben');
    await server.stop();
    expect(textOf('january.rl')).toContain('"ann"');
    expect(kindsOf('january.rl').at(-1)).toBe('reportClosed');
    expect(kindsOf('now.rl')[0]).toBe('reportOpened');
    expect(textOf('now.rl')).toContain('"ben"');
    expect(textOf('now.rl')).not.toContain('"ann"');
  });
});

test('lmswitch parts a daemon from the log of the server', async () => {
  const server = await start('# nothing\n');
  await lmutil(['lmswitch', '-c', server.address, 'ACMED', at('own.log')]);
  await takeSolve(server.address, 'ann');
  await server.stop();
  expect(textOf('own.log')).toContain('before this it was in the log of the server');
  expect(textOf('own.log')).toContain('OUT: "solve" ann@ws1');
  expect(textOf('server.log')).toContain(
    `(acmed) fauxlm: the debug log goes on in ${at('own.log')}`,
  );
  expect(textOf('server.log')).not.toContain('ann@ws1');
});

test('no tool writes to a file that is there already, whatever it is; the log goes on', async () => {
  const server = await start(`DEBUGLOG ${at('a.log')}\nREPORTLOG ${at('a.rl')}\n`);
  writeFileSync(at('precious'), 'precious\n');
  for (const tool of ['lmswitch', 'lmswitchr', 'lmnewlog']) {
    for (const path of [at('precious'), at('acmed.opt'), at('a.log'), at('no/such'), '', 'x\0y']) {
      const { status, out } = await lmutil([tool, '-c', server.address, 'acmed', path]);
      expect(out).toContain(`${tool} failed: `);
      expect(out).toContain('(-30,710');
      expect(out).toContain('expected a new file that can be written, got');
      expect(status).toBe(256 - 30);
    }
  }
  await takeSolve(server.address, 'ann');
  await server.stop();
  expect(textOf('precious')).toBe('precious\n');
  expect(textOf('a.log')).toContain('OUT: "solve" ann@ws1');
  expect(kindsOf('a.rl').filter((kind) => kind.startsWith('report'))).toEqual([
    'reportOpened',
    'reportClosed',
  ]);
});

test.each([
  [['lmswitchr', 'acmed'], '(-30,710', 'expected a report log that is in force (REPORTLOG)'],
  [['lmnewlog', 'solve'], '(-30,710', 'expected a report log that is in force (REPORTLOG)'],
  [['lmswitch', 'solve'], '(-97,121', ''],
  [['lmswitchr', 'nosuch'], '(-5,', ''],
])('%j is refused with %s)', async ([tool, name], code, why) => {
  const server = await start('# nothing\n');
  const { out } = await lmutil([tool!, '-c', server.address, name!, at('new')]);
  expect(out).toContain(code);
  expect(out).toContain(why);
  expect(existsSync(at('new'))).toBe(false);
});

test.each([
  [['-rollover'], true],
  [[], false],
])('lmswitch %j: AUTO_ROLLOVER goes on in the new file: %j', async (flags, goesOn) => {
  writeFileSync(at('acmed.opt'), `DEBUGLOG ${at('a.log')} AUTO_ROLLOVER 1\n`);
  const server = await startLicenseServer({
    licenses: { name: 'acme.lic', text },
    clock: 'manual@2030-01-07T09:00Z',
    options: { acmed: at('acmed.opt') },
  });
  onTestFinished(() => server.stop());
  await lmutil(['lmswitch', '-c', server.address, ...flags, 'acmed', at('b.log')]);
  // Four stamps of the date a day come to more than a mebibyte.
  await server.clock.advance('9000d');
  expect(existsSync(at('b.log.1'))).toBe(goesOn);
  expect(statSync(at('b.log')).size > 1024 * 1024).toBe(!goesOn);
});

test.each(['lmswitch', 'lmswitchr', 'lmnewlog'])('%s needs a daemon and a file', async (tool) => {
  for (const words of [[], ['acmed'], ['acmed', 'a', 'b']]) {
    const { status, err } = await lmutil([tool, ...words]);
    expect(err).toContain(`and a new file, got ${words.length} words`);
    expect(status).toBe(214);
  }
});
