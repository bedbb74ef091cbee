import { afterEach, describe, expect, test } from 'vitest';
import { ManualClock } from '../../src/base/clock.ts';
import type { ClientContext } from '../../src/client/context.ts';
import { ManagerLine } from '../../src/client/manager-line.ts';
import { daemonNames } from '../../src/client/public-commands.ts';
import { isRefused, type Refused } from '../../src/client/refused.ts';
import { LicenseSession } from '../../src/client/session.ts';
import { ann, makeContext, makeWanted } from './make.ts';
import {
  daemonScript,
  fail,
  greet,
  managerScript,
  type Script,
  ScriptedServer,
  sayText,
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

async function linkTo(port: number, context: ClientContext): Promise<ManagerLine> {
  const link = await ManagerLine.at({ host: '127.0.0.1', port }, context);
  if (isRefused(link)) throw new Error(`refused: ${link.refusal.major}`);
  stops.push(() => link.close());
  return link;
}

async function namesAt(port: number) {
  const context = makeContext();
  return daemonNames((await linkTo(port, context)).greeted, context);
}

async function sessionAt(port: number, context = makeContext(), vendor = 'acmed') {
  const session = await LicenseSession.open(vendor, await linkTo(port, context), context);
  if (isRefused(session)) throw new Error(`refused: ${session.refusal.major}`);
  stops.push(() => session.close());
  return session;
}

/** Why no session came about at a manager that does what the script says. */
async function refusalOf(script: Script, context = makeContext()): Promise<Refused> {
  const manager = await started(ScriptedServer.start(script));
  const link = await ManagerLine.at({ host: '127.0.0.1', port: manager.port }, context);
  if (isRefused(link)) return link;
  stops.push(() => link.close());
  const session = await LicenseSession.open('acmed', link, context);
  if (!isRefused(session)) throw new Error('a session came about');
  return session;
}

describe('the way to a vendor daemon', () => {
  test('is hello, hello with the vendor, the redirect, hello to the daemon, identify', async () => {
    const server = await started(startScripted({ acmed: {} }));
    await sessionAt(server.manager.port);
    expect(server.manager.kinds).toEqual(['hello', 'hello']);
    expect(server.daemons['acmed']?.kinds).toEqual(['hello', 'identify']);
    const [first, second] = server.manager.all('hello');
    expect(first).toMatchObject({ user: 'ann', host: 'ws1', vendor: '', pid: '4711' });
    expect(Buffer.from(first!.mark).toString('latin1')).toBe('T\0fauxlm\x01\0\0\0\0');
    expect(second).toMatchObject({ vendor: 'acmed', versionMajor: 11, versionMinor: 18 });
    expect(server.daemons['acmed']?.all('identify')).toMatchObject([
      { ...ann, clientTime: makeContext().clock.now() / 1_000, versionMajor: 11, versionMinor: 18 },
    ]);
  });

  test('stays on the connection when the manager serves everything on a single port', async () => {
    const server = await started(
      ScriptedServer.start(singlePortScript({ acmed: { solve: '2.0' } })),
    );
    const session = await sessionAt(server.port);
    expect(await session.checkout(makeWanted())).toMatchObject({ ok: true, poolVersion: '2.0' });
    expect(server.talks).toHaveLength(1);
    expect(session.daemon.port).toBe(server.port);
  });

  test('asks the manager for its daemons in its order', async () => {
    const manager = await started(ScriptedServer.start(managerScript({ beta: 1, acme: 2 })));
    expect(await namesAt(manager.port)).toEqual(['beta', 'acme']);
  });

  test.each([
    ['', []],
    ['  ', []],
    ['a b\tc a', ['a', 'b', 'c']],
  ])('a list of daemons that reads %j names %j', async (text, expected) => {
    const script: Script = (heard, talk) => {
      if (heard.kind === 'command') sayText(talk, text);
      else greet(talk, 'lmgrd');
    };
    const manager = await started(ScriptedServer.start(script));
    expect(await namesAt(manager.port)).toEqual(expected);
  });
});

describe('the way to a vendor daemon ends', () => {
  test('with -15 where nothing listens', async () => {
    const link = await ManagerLine.at({ host: '127.0.0.1', port: 1 }, makeContext());
    expect(link).toMatchObject({ by: 'client', refusal: { major: -15, minor: 570, sys: 111 } });
  });

  test('with -15 when the redirect leads to a dead port', async () => {
    const no = await refusalOf(managerScript({ acmed: 1 }));
    expect(no.refusal).toMatchObject({ major: -15, minor: 578, sys: 111 });
  });

  test('with -96 when the redirect names a host that does not resolve', async () => {
    const no = await refusalOf(managerScript({ acmed: 27_000 }, 'no-such-host.invalid'));
    expect(no.refusal.major).toBe(-96);
  });

  test('with -12 when the redirect names no port', async () => {
    const no = await refusalOf(managerScript({ acmed: 70_000 }));
    expect(no.refusal.major).toBe(-12);
    expect(no.explanation?.[0]).toContain('70000');
  });

  test('with -97 when the manager says so', async () => {
    expect(await refusalOf(managerScript({}))).toMatchObject({
      by: 'manager',
      refusal: { major: -97 },
    });
  });

  test('with -33 at a server that is not ours: no vendor handshake is attempted', async () => {
    const no = await refusalOf((_, talk) => greet(talk, 'lmgrd', 0));
    expect(no).toMatchObject({ by: 'client', refusal: { major: -33 } });
    expect(no.explanation?.[0]).toMatch(/fauxlm client checks out from fauxlm only/);
  });

  test('with -33 at a daemon that is not ours', async () => {
    const daemon = await started(ScriptedServer.start((_, talk) => greet(talk, 'acmed', 0)));
    const no = await refusalOf(managerScript({ acmed: daemon.port }));
    expect(no.refusal.major).toBe(-33);
    expect(daemon.kinds).toEqual(['hello']);
  });

  test('with the code of an old server’s W', async () => {
    const no = await refusalOf((_, talk) => talk.send('legacyError', { code: '-140' }));
    expect(no).toMatchObject({ by: 'manager', refusal: { major: -140 } });
  });

  test('with the daemon’s refusal of who we are', async () => {
    const daemon = await started(
      ScriptedServer.start((heard, talk) => {
        if (heard.kind === 'identify') fail(talk, heard.value.tag, -34, 'your clock is off');
        else greet(talk, 'acmed');
      }),
    );
    const no = await refusalOf(managerScript({ acmed: daemon.port }));
    expect(no).toEqual({
      ok: false,
      by: 'daemon',
      refusal: { major: -34, minor: 300 },
      explanation: ['your clock is off'],
    });
  });

  test('with -16 when the connection is reset in the middle', async () => {
    expect((await refusalOf((_, talk) => talk.reset())).refusal).toMatchObject({ major: -16 });
    const daemon = await started(ScriptedServer.start((_, talk) => talk.reset()));
    const no = await refusalOf(managerScript({ acmed: daemon.port }));
    expect(no.refusal).toMatchObject({ major: -16, sys: 104 });
  });

  test('with -52 when nobody answers in time', async () => {
    const context = makeContext({ answerTimeoutMs: 20 });
    expect((await refusalOf(() => {}, context)).refusal.major).toBe(-52);
    const daemon = await started(ScriptedServer.start(() => {}));
    const no = await refusalOf(managerScript({ acmed: daemon.port }), context);
    expect(no.refusal.major).toBe(-52);
  });

  test('with -12 at bytes that are no message, and at a message out of place', async () => {
    const noise = (
      await refusalOf((_, talk) => talk.raw(Buffer.from('HTTP/1.0 400\r\n'.repeat(20))))
    ).refusal;
    expect(noise.major).toBe(-12);
    const odd = await refusalOf((_, talk) => sayText(talk, 'hello yourself'));
    expect(odd.refusal.major).toBe(-12);
    expect(odd.explanation?.[0]).toMatch(/expected a greeting, got textAnswer/);
  });
});

describe('a session', () => {
  test('checks out, checks in, and tells refusals as values', async () => {
    const server = await started(startScripted({ acmed: { solve: '12.5', mesh: -4 } }));
    const session = await sessionAt(server.manager.port);
    const solve = await session.checkout(makeWanted({ count: 2, version: '12.1', data: 'job 7' }));
    expect(solve).toEqual({ ok: true, handle: 101, poolVersion: '12.5' });
    expect(server.daemons['acmed']?.all('checkout')).toMatchObject([
      { flags: 0, feature: 'solve', count: 2, version: '12.1', data: 'job 7' },
    ]);
    expect(await session.checkout(makeWanted({ feature: 'mesh' }))).toMatchObject({
      ok: false,
      by: 'daemon',
      refusal: { major: -4, minor: 300 },
    });
    expect(await session.checkin(101)).toBeUndefined();
    expect(server.daemons['acmed']?.all('checkin')).toMatchObject([{ handle: 101 }]);
    expect(await session.heartbeat()).toBeUndefined();
    expect(session.live).toBe(true);
  });

  test('keeps answers apart that come in another order than the questions', async () => {
    const held: { tag: number; feature: string }[] = [];
    const answering = daemonScript('acmed', {});
    const server = await started(
      startScripted({
        acmed: (heard, talk) => {
          if (heard.kind !== 'checkout') return answering(heard, talk);
          held.push(heard.value);
          if (held.length < 2) return undefined;
          for (const { tag, feature } of held.reverse()) {
            const handle = feature === 'mesh' ? 1 : 2;
            talk.send('granted', { ownVersion: 1, tag, handle, poolVersion: '1.0' });
          }
          return undefined;
        },
      }),
    );
    const session = await sessionAt(server.manager.port);
    const features = ['mesh', 'solve'].map((feature) => session.checkout(makeWanted({ feature })));
    expect((await Promise.all(features)).map((each) => each.ok && each.handle)).toEqual([1, 2]);
  });

  test('checks in what is granted after it has stopped waiting', async () => {
    let tag = 0;
    const answering = daemonScript('acmed', {});
    const server = await started(
      startScripted({
        acmed: (heard, talk) => {
          if (heard.kind === 'checkout') tag = heard.value.tag;
          else if (heard.kind === 'checkin') talk.close();
          else answering(heard, talk);
        },
      }),
    );
    const daemon = server.daemons['acmed']!;
    const session = await sessionAt(server.manager.port, makeContext({ answerTimeoutMs: 1_500 }));
    expect(await session.checkout(makeWanted())).toMatchObject({ refusal: { major: -52 } });
    const givenBack = daemon.hears('checkin');
    daemon.talks[0]?.send('granted', { ownVersion: 1, tag, handle: 55, poolVersion: '1.0' });
    await givenBack;
    expect(daemon.all('checkin')).toMatchObject([{ handle: 55 }]);
  });

  test('sends a heartbeat every two minutes of its clock', async () => {
    const clock = new ManualClock();
    const server = await started(startScripted({ acmed: {} }));
    const session = await sessionAt(server.manager.port, makeContext({ clock }));
    const daemon = server.daemons['acmed']!;
    clock.advance(119_999);
    for (let beat = 1; beat <= 3; beat++) {
      const heard = daemon.hears('heartbeat');
      clock.advance(beat === 1 ? 1 : 120_000);
      await heard;
      // The next is due from the answer on, which our own question shows to be there.
      await session.heartbeat();
    }
    expect(daemon.all('heartbeat')).toHaveLength(6);
    expect(daemon.all('heartbeat')[0]).toMatchObject({ flags: 1 });
  });

  test('tells once that its connection is lost, and answers -16 from then on', async () => {
    const server = await started(startScripted({ acmed: {} }));
    const session = await sessionAt(server.manager.port);
    const lost: Refused[] = [];
    const told = new Promise<void>((resolve) => {
      session.onLost((why) => {
        lost.push(why);
        resolve();
      });
    });
    server.daemons['acmed']?.talks[0]?.reset();
    await told;
    expect(lost).toMatchObject([{ by: 'client', refusal: { major: -16 } }]);
    expect(session.live).toBe(false);
    expect(await session.checkout(makeWanted())).toMatchObject({ refusal: { major: -16 } });
    expect(lost).toHaveLength(1);
  });

  test('is lost when a heartbeat is not answered', async () => {
    const clock = new ManualClock();
    const answering = daemonScript('acmed', {});
    const server = await started(
      startScripted({
        acmed: (heard, talk) => (heard.kind === 'heartbeat' ? undefined : answering(heard, talk)),
      }),
    );
    const session = await sessionAt(
      server.manager.port,
      makeContext({ clock, answerTimeoutMs: 1_500 }),
    );
    const lost = new Promise<Refused>((resolve) => session.onLost(resolve));
    clock.advance(120_000);
    expect((await lost).refusal.major).toBe(-52);
  });

  test('says nothing of a connection that it closed itself', async () => {
    const server = await started(startScripted({ acmed: {} }));
    const session = await sessionAt(server.manager.port);
    let told = false;
    session.onLost(() => {
      told = true;
    });
    const waiting = session.heartbeat();
    session.close();
    expect((await waiting)?.refusal.major).toBe(-16);
    expect(told).toBe(false);
  });

  test.each([
    [{ feature: '' }, /feature: expected a name/],
    [{ feature: 'x'.repeat(1_025) }, /feature: expected at most 1024 characters, got 1025/],
    [{ version: 'R2' }, /version: expected a decimal number such as 2024\.1, got "R2"/],
    [{ count: 0 }, /count: expected a whole number from 1, got 0/],
    [{ count: Number.NaN }, /count: expected a whole number from 1, got NaN/],
  ])('refuses to ask for %j', async (given, message) => {
    const server = await started(startScripted({ acmed: {} }));
    const session = await sessionAt(server.manager.port);
    await expect(session.checkout(makeWanted(given))).rejects.toThrow(message);
  });
});
