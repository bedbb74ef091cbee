import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import { type Denied, type Grant, requestCheckout } from '../../src/client/checkout.ts';
import { type ClientContext, connectTimeoutOf } from '../../src/client/context.ts';
import { exitOfRefusal } from '../../src/client/refused.ts';
import { ann, keptLog, makeContext, makePath, makeWanted } from './make.ts';
import {
  fail,
  greet,
  managerScript,
  ScriptedServer,
  singlePortScript,
  startScripted,
} from './scripted-server.ts';

const stops: (() => unknown)[] = [];
afterEach(async () => {
  for (const stop of stops.splice(0)) await stop();
});

async function started<T extends { stop(): unknown }>(starting: Promise<T>): Promise<T> {
  const server = await starting;
  stops.push(() => server.stop());
  return server;
}

async function search(
  path: string,
  given: Parameters<typeof makeWanted>[0] = {},
  context: ClientContext = makeContext(),
): Promise<Grant | Denied> {
  const outcome = await requestCheckout(makeWanted(given), makePath(path), context);
  if (outcome.ok) stops.push(() => outcome.held?.session.close());
  return outcome;
}

async function denied(path: string, given: Parameters<typeof makeWanted>[0] = {}): Promise<Denied> {
  const outcome = await search(path, given);
  if (outcome.ok) throw new Error('it was granted');
  return outcome;
}

async function grantedBy(path: string, given: Parameters<typeof makeWanted>[0] = {}) {
  const outcome = await search(path, given);
  if (!outcome.ok) throw new Error(`refused: ${outcome.reported.refusal.major}`);
  return outcome;
}

/** `major by where`, in the order of the search. */
function walked({ attempts }: { attempts: Denied['attempts'] }): readonly string[] {
  return attempts.map(({ refusal, vendor }) => `${refusal.major} ${vendor ?? '-'}`);
}

function directory(files: Readonly<Record<string, string>>): string {
  const path = mkdtempSync(join(tmpdir(), 'fauxlm-path-'));
  stops.push(() => rmSync(path, { recursive: true }));
  for (const [name, text] of Object.entries(files)) writeFileSync(join(path, name), text);
  return path;
}

describe('a checkout goes on to the next element of the path', () => {
  test('when nothing listens at the first', async () => {
    const { address } = await started(startScripted({ acmed: { solve: '2.0' } }));
    const grant = await grantedBy(`1@127.0.0.1:${address}`);
    expect(grant).toMatchObject({ vendor: 'acmed', element: address, held: { handle: 101 } });
    expect(walked(grant)).toEqual(['-15 -']);
  });

  test('when the first server denies', async () => {
    const full = await started(startScripted({ acmed: { solve: -4 } }));
    const { address } = await started(startScripted({ acmed: { solve: '2.0' } }));
    const grant = await grantedBy(`${full.address}:${address}`);
    expect(walked(grant)).toEqual(['-4 acmed']);
    expect(grant.held?.session.server.port).toBe(Number(address.split('@')[0]));
  });

  test('when the first server is not one of ours', async () => {
    const foreign = await started(ScriptedServer.start((_, talk) => greet(talk, 'lmgrd', 0)));
    const { address } = await started(startScripted({ acmed: { solve: '2.0' } }));
    expect(walked(await grantedBy(`${foreign.address}:${address}`))).toEqual(['-33 -']);
  });

  test('and stops at the first that grants', async () => {
    const first = await started(startScripted({ acmed: { solve: '2.0' } }));
    const second = await started(startScripted({ acmed: { solve: '2.0' } }));
    await grantedBy(`${first.address}:${second.address}`);
    expect(second.manager.kinds).toEqual([]);
  });
});

describe('in one server', () => {
  test('the daemons are asked in the manager’s order', async () => {
    const server = await started(
      startScripted({ acmed: {}, betad: { solve: -4 }, gammad: { solve: '3.0' } }),
    );
    const grant = await grantedBy(server.address);
    expect(grant.vendor).toBe('gammad');
    expect(walked(grant)).toEqual(['-5 acmed', '-4 betad']);
    expect(server.manager.talks).toHaveLength(1);
  });

  test('only daemons that have the feature by the license text are asked', async () => {
    const license = [
      'SERVER this_host ANY',
      'VENDOR acmed',
      'VENDOR betad',
      'VENDOR Gammad',
      'FEATURE mesh acmed 1.0 permanent 3 SIGN=00',
      'FEATURE SOLVE betad 1.0 permanent 3 SIGN=00',
      'PACKAGE desk gammad 2.0 COMPONENTS="solve:2.0 plot" SIGN=00',
    ].join('\n');
    const server = await started(
      startScripted({ acmed: {}, betad: { solve: -4 }, gammad: { solve: '3.0' } }, license),
    );
    expect(walked(await grantedBy(server.address))).toEqual(['-4 betad']);
    expect(server.daemons['acmed']?.kinds).toEqual([]);
  });

  test('all are asked for a feature that the license text gives to none, or when it may be cut', async () => {
    const other = 'FEATURE mesh acmed 1.0 permanent 3 SIGN=00\n';
    const long = `${other.repeat(1_200)}FEATURE solve acmed 1.0 permanent 3 SIGN=00\n`;
    for (const license of [other, long]) {
      const server = await started(startScripted({ acmed: {}, betad: { solve: '3.0' } }, license));
      expect(walked(await grantedBy(server.address))).toEqual(['-5 acmed']);
    }
  });

  test('a dead daemon that has the feature is the reason, not that another does not have it', async () => {
    const license = 'FEATURE solve betad 1.0 permanent 3 SIGN=00';
    const { daemons } = await started(startScripted({ acmed: {} }));
    const ports = { acmed: daemons['acmed']!.port, betad: 1 };
    for (const text of [license, undefined]) {
      const manager = await started(ScriptedServer.start(managerScript(ports, '127.0.0.1', text)));
      const { reported } = await denied(manager.address);
      expect([reported.vendor, reported.refusal.major]).toEqual(['betad', -15]);
      expect(exitOfRefusal(reported)).toBe(3);
    }
  });

  test('only the vendor’s daemon is asked when the vendor is known', async () => {
    const server = await started(
      startScripted({ acmed: { solve: '1.0' }, betad: { solve: '3.0' } }),
    );
    expect(await grantedBy(server.address, { vendor: 'betad' })).toMatchObject({ vendor: 'betad' });
    expect(server.daemons['acmed']?.kinds).toEqual([]);
    expect(server.manager.kinds).not.toContain('command');
  });

  test('on a single port each daemon gets a connection of its own', async () => {
    const vendors = { acmed: {}, betad: { solve: '3.0' } };
    const server = await started(ScriptedServer.start(singlePortScript(vendors)));
    expect(await grantedBy(server.address)).toMatchObject({ vendor: 'betad' });
    expect(server.talks).toHaveLength(2);
  });

  test('a daemon that is down is passed over', async () => {
    const daemon = await started(startScripted({ betad: { solve: '3.0' } }));
    const port = daemon.daemons['betad']!.port;
    const manager = await started(ScriptedServer.start(managerScript({ acmed: 1, betad: port })));
    const grant = await grantedBy(manager.address);
    expect(grant.vendor).toBe('betad');
    expect(walked(grant)).toEqual(['-15 acmed']);
  });

  test('nothing stays connected that did not grant', async () => {
    const server = await started(startScripted({ acmed: {}, betad: { solve: '3.0' } }));
    const grant = await grantedBy(server.address);
    grant.held?.session.close();
    // Each scripted server stops only when its connections are closed or it has cut them itself.
    const ends = [server.manager, server.daemons['acmed']!, server.daemons['betad']!];
    while (ends.some(({ connections }) => connections > 0)) {
      await new Promise((resolve) => setImmediate(resolve));
    }
    expect(ends.map(({ connections }) => connections)).toEqual([0, 0, 0]);
  });
});

describe('a triad', () => {
  test('is asked host by host until one answers', async () => {
    const { address } = await started(startScripted({ acmed: { solve: '2.0' } }));
    const grant = await grantedBy(`1@127.0.0.1,${address},1@127.0.0.1`);
    expect(walked(grant)).toEqual(['-15 -']);
  });

  test('is asked on when a member has no daemon to name', async () => {
    const standby = await started(
      ScriptedServer.start((heard, talk) => {
        if (heard.kind === 'hello' && heard.value.vendor !== '') fail(talk, 0, -97);
        else greet(talk, 'lmgrd');
      }),
    );
    const { address } = await started(startScripted({ acmed: { solve: '2.0' } }));
    const grant = await grantedBy(`${standby.address},${address}`, { vendor: 'acmed' });
    expect(walked(grant)).toEqual(['-97 acmed']);
  });

  test('has said its word when a daemon has denied', async () => {
    const first = await started(startScripted({ acmed: { solve: -4 } }));
    const second = await started(startScripted({ acmed: { solve: '2.0' } }));
    expect(walked(await denied(`${first.address},${second.address}`))).toEqual(['-4 acmed']);
  });
});

describe('the refusal to report', () => {
  test.each([
    ['a denial, not what was not found before it', [{ a: -5 }, { a: -4 }], -4],
    ['a denial, not what was not found after it', [{ a: -4 }, { a: -18 }], -4],
    ['the first of two denials', [{ a: -38 }, { a: -4 }], -38],
    ['a daemon that is down rather than a dead server', ['dead', 'no daemon'], -97],
    ['a server that is not ours rather than a dead one', ['dead', 'foreign'], -33],
    ['the dead server when there is nothing else', ['dead'], -15],
    ['a dead server rather than an unknown feature', [{ a: -5 }, 'dead'], -15],
    ['a daemon that is down rather than an unknown feature', [{ a: -18 }, 'no daemon'], -97],
    ['a denial rather than a daemon that is down', ['no daemon', { a: -38 }], -38],
    ['a version that is too low rather than a dead server', ['dead', { a: -25 }], -25],
  ] as const)('is %s', async (_, servers, expected) => {
    const addresses: string[] = [];
    for (const server of servers) {
      if (server === 'dead') addresses.push('1@127.0.0.1');
      else if (server === 'no daemon') {
        addresses.push((await started(ScriptedServer.start(managerScript({})))).address);
      } else if (server === 'foreign') {
        const foreign = ScriptedServer.start((_heard, talk) => greet(talk, 'lmgrd', 0));
        addresses.push((await started(foreign)).address);
      } else {
        addresses.push((await started(startScripted({ acmed: { solve: server.a } }))).address);
      }
    }
    expect((await denied(addresses.join(':'))).reported.refusal.major).toBe(expected);
  });

  test('is -1 for an empty path', async () => {
    expect((await denied('')).reported.refusal).toEqual({ major: -1, minor: 359 });
  });
});

describe('a license file in the path', () => {
  const uncounted = (more: string) =>
    `FEATURE solve acmed 2.0 permanent uncounted ${more} SIGN=00\n`;

  test('names the server to ask by its SERVER lines', async () => {
    const { address } = await started(startScripted({ acmed: { solve: '2.0' } }));
    const port = address.split('@')[0];
    const server = `SERVER this_host ANY ${port}\nVENDOR acmed\nUSE_SERVER\n`;
    const path = directory({ 'a.lic': server + uncounted('HOSTID=ANY') });
    const grant = await grantedBy(join(path, 'a.lic'));
    expect(grant.held?.session.server).toEqual({ host: 'localhost', port: Number(port) });
  });

  test('grants by itself what is uncounted and stands before USE_SERVER', async () => {
    const path = directory({ 'a.lic': `${uncounted('HOSTID=ANY')}USE_SERVER\n` });
    const grant = await grantedBy(path);
    expect(grant).toMatchObject({
      vendor: 'acmed',
      poolVersion: '2.0',
      local: { line: { line: 1 } },
    });
    expect(grant.held).toBeUndefined();
  });

  test.each([
    ['the host id of this machine', 'HOSTID=00-11-22-33-44-55', '1.0', undefined],
    ['its user', 'HOSTID=USER=ann', '1.0', undefined],
    ['another machine', 'HOSTID=AABBCCDDEEFF', '1.0', -9],
    ['no host id', '', '1.0', -9],
    ['another platform', 'HOSTID=ANY PLATFORMS="x64_n"', '1.0', -89],
    ['an older version', 'HOSTID=ANY', '2.1', -21],
    ['a day to come', 'HOSTID=ANY START=1-jan-2099', '1.0', -31],
  ])('judges a line for %s', async (_, more, version, code) => {
    const outcome = await search(directory({ 'a.lic': uncounted(more) }), { version });
    expect(outcome.ok ? undefined : outcome.reported.refusal.major).toBe(code);
  });

  test.each([
    ['', -103],
    ['TS_OK', undefined],
    ['ONE_TS_OK', undefined],
  ])('judges a remote-desktop session by TS_OK: HOSTID=ANY %s', async (more, code) => {
    const path = makePath(directory({ 'a.lic': uncounted(`HOSTID=ANY ${more}`) }));
    const context = makeContext({ identity: { ...ann, remoteDesktop: true } });
    const outcome = await requestCheckout(makeWanted(), path, context);
    expect(outcome.ok ? undefined : outcome.reported.refusal.major).toBe(code);
  });

  test('does not grant by a line that has expired', async () => {
    const line = 'FEATURE solve acmed 2.0 1-jan-2001 uncounted HOSTID=ANY SIGN=00\n';
    const { reported } = await denied(directory({ 'a.lic': line }));
    expect(reported).toMatchObject({ by: 'client', refusal: { major: -10, minor: 32 } });
  });

  test('without SERVER line cannot count: -3; and what it does not hold is -5', async () => {
    const path = directory({ 'a.lic': 'FEATURE solve acmed 2.0 permanent 3 SIGN=00\n' });
    expect((await denied(path)).reported.refusal.major).toBe(-3);
    const none = (await denied(path, { feature: 'mesh' })).reported;
    expect(none.refusal).toEqual({ major: -5, minor: 357 });
  });

  test('of a directory stands beside all its other *.lic', async () => {
    const { address } = await started(startScripted({ acmed: { solve: '2.0' } }));
    const path = directory({
      'a.lic': 'SERVER 127.0.0.1 ANY 1\nVENDOR acmed\nUSE_SERVER\n',
      'b.lic': `SERVER 127.0.0.1 ANY ${address.split('@')[0]}\nVENDOR acmed\nUSE_SERVER\n`,
      'c.txt': 'not a license',
    });
    expect(walked(await grantedBy(path))).toEqual(['-15 -']);
  });

  test('that is not there is -1, and a directory without *.lic too', async () => {
    const path = directory({});
    mkdirSync(join(path, 'empty'));
    const { attempts } = await denied(`${join(path, 'a.lic')}:${join(path, 'empty')}`);
    expect(attempts.map(({ refusal }) => refusal)).toEqual([
      { major: -1, minor: 73, sys: 2, sysText: 'No such file or directory' },
      { major: -1, minor: 359 },
    ]);
    expect(attempts[1]?.explanation?.[0]).toMatch(/expected a directory with \*\.lic files/);
  });
});

test('a search is told step by step', async () => {
  const server = await started(startScripted({ acmed: { solve: -4 }, betad: { solve: '3.0' } }));
  const log = keptLog();
  await search(`1@127.0.0.1:${server.address}`, {}, makeContext({ log }));
  const acmed = `${server.daemons['acmed']!.port}@127.0.0.1`;
  const betad = `${server.daemons['betad']!.port}@127.0.0.1`;
  const at = server.address;
  expect(log.steps).toEqual([
    `path: 2 to try: 1@127.0.0.1 (test), ${at} (test)`,
    'server: 1@127.0.0.1',
    'connect: 1@127.0.0.1: refused (-15,570:111) Connection refused',
    `server: ${at}`,
    `connect: ${at}: connected from 127.0.0.1`,
    `hello: ${at}: scripted answers, FlexNet 11.18`,
    `daemons: ${at}: acmed betad`,
    `redirect: ${at}: acmed is at ${acmed}`,
    `daemon: ${acmed}: acmed answers`,
    `checkout: solve v1.0, 1 of acmed at ${acmed}: refused (-4,300)`,
    `redirect: ${at}: betad is at ${betad}`,
    `daemon: ${betad}: betad answers`,
    `checkout: solve v1.0, 1 of betad at ${betad}: granted, handle 101, pool v3.0`,
    'result: solve: granted by betad',
  ]);
});

test.each([
  ['3000000', 3_000],
  ['1', 200],
  ['999999999', 20_000],
  ['soon', undefined],
  [undefined, undefined],
])('FLEXLM_TIMEOUT=%s waits %s ms for a connection', (value, expected) => {
  expect(connectTimeoutOf(value)).toBe(expected);
});
