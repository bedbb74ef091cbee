import { expect, test } from 'vitest';
import {
  fail,
  greet,
  type ScriptedServer,
  sayText,
  startScript,
} from '../lmutil/license-server.ts';
import { banner, lines, lmutil, statusLine, withoutPorts } from '../lmutil/test-io.ts';
import { localTime } from '../text/golden.ts';
import type { Script } from './scripted-server.ts';

/** Servers of another maker: they greet without our suffix, and know the public messages only. */

const since = localTime([2026, 3, 9], [8, 49]) / 1000;
const sign = '001122334455667788990011';
const license = `SERVER alpha ANY 27000
VENDOR acmed
FEATURE solve acmed 3.20 31-dec-2031 12 SIGN=${sign}
FEATURE free acmed 1.0 permanent uncounted HOSTID=ANY SIGN=00
INCREMENT mesh acmed 1.0 permanent 4 VENDOR_STRING="a b" SIGN=00
`;

interface Usage {
  readonly user: string;
  readonly host?: string;
  readonly since?: number;
  readonly handle?: number;
}

const users: Readonly<Record<string, readonly Usage[]>> = {
  solve: [
    { user: 'ann', host: 'ws1', since, handle: 101 },
    { user: 'gus', host: 'ws2', since, handle: 201 },
    { user: 'gus', host: 'ws2', since, handle: 201 },
    { user: 'Gcrew' },
    { user: 'Gcrew' },
  ],
};

const daemon: Script = (heard, talk) => {
  if (heard.kind === 'hello') return greet(talk, 'acmed', 0);
  if (heard.kind === 'featuresRequest') return sayText(talk, 'solve free mesh');
  if (heard.kind !== 'featureStatusRequest') return;
  const { feature } = heard.value;
  const seats = users[feature] ?? [];
  const total = feature === 'solve' ? '12' : '4';
  talk.send('featureStatus', { unknown: 0, used: `${seats.length}`, total, time: `${since}` });
  for (const seat of seats) {
    const { user, host = '', handle = 0 } = seat;
    const who = { user, host, display: host && ':0', version: host && '3.1' };
    const times = { since: seat.since ?? 0, handleHigh: 0, handle };
    talk.send('usage', { ...who, ...times, mark: undefined });
  }
};

/** `redirectTo` is how the manager points at its daemon. */
async function startPublic(
  daemonScript: Script,
  redirectTo: (port: number) => Script,
): Promise<{ manager: ScriptedServer; daemon: ScriptedServer }> {
  const daemonServer = await startScript(daemonScript);
  const redirect = redirectTo(daemonServer.port);
  const manager = await startScript((heard, talk) => {
    if (heard.kind === 'command') {
      const texts: Record<string, string> = {
        '': license,
        getpaths: '/opt/a.lic:',
        dlist: 'acmed',
      };
      return sayText(talk, texts[heard.value.command] ?? '');
    }
    if (heard.kind !== 'hello') return;
    return heard.value.vendor === '' ? greet(talk, 'acmed', 0) : redirect(heard, talk);
  });
  return { manager, daemon: daemonServer };
}

const redirectFrame =
  (port: number): Script =>
  (_heard, talk) =>
    talk.send('redirect', { host: '127.0.0.1', port, trail: undefined });

/** 147 bytes, host at 2 and digits at 35. */
const redirectLegacy =
  (port: number): Script =>
  (_heard, talk) =>
    talk.send('legacyRedirect', { host: '127.0.0.1', port: `${port}` });

test('another maker’s server is asked by the public messages', async () => {
  const { manager, daemon: vendor } = await startPublic(daemon, redirectFrame);
  const { status, out, err } = await lmutil(['lmstat', '-a', '-c', manager.address]);
  expect(withoutPorts(out, manager.port)).toBe(
    lines(
      banner,
      statusLine,
      '',
      'License server status: PORT@alpha',
      '    License file(s) on alpha: /opt/a.lic:',
      '',
      '     alpha: license server UP (MASTER) v11.18',
      '',
      'Vendor daemon status (on alpha):',
      '',
      '     acmed: UP v11.18',
      'Feature usage info:',
      '',
      'Users of solve:  (Total of 12 licenses issued;  Total of 5 licenses in use)',
      '',
      '  "solve" v3.20, vendor: acmed, expiry: 31-dec-2031',
      '  floating license',
      '',
      '    ann ws1 :0 (v3.1) (alpha/PORT 101), start Mon 3/9 8:49',
      '    gus ws2 :0 (v3.1) (alpha/PORT 201), start Mon 3/9 8:49, 2 licenses',
      '\t2 RESERVATIONs for GROUP crew (alpha/PORT)',
      '',
      'Users of free:  (Uncounted, node-locked)',
      '',
      'Users of mesh:  (Total of 4 licenses issued;  Total of 0 licenses in use)',
      '',
      '',
    ),
  );
  expect({ status, err }).toEqual({ status: 0, err: '' });
  const [first] = vendor.all('featureStatusRequest');
  expect(first?.others.toString('latin1')).toBe(`${sign.slice(0, 20)}\0\0\0\0\u0001`);
});

test('without a flag the daemon is greeted for its version and asked nothing', async () => {
  const { manager, daemon: vendor } = await startPublic(daemon, redirectFrame);
  const { out } = await lmutil(['lmstat', '-c', manager.address]);
  expect(out).toContain('     acmed: UP v11.18\n');
  expect(vendor.kinds).toEqual(['hello']);
});

test('-f asks for that feature only', async () => {
  const { manager, daemon: vendor } = await startPublic(daemon, redirectFrame);
  const { status } = await lmutil(['lmstat', '-f', 'mesh', '-c', manager.address]);
  expect(vendor.all('featureStatusRequest').map(({ feature }) => feature)).toEqual(['mesh']);
  expect(status).toBe(0);
});

/** A daemon before 11.10: 147-byte messages, 134 bytes of text each. */
const names = Array.from({ length: 30 }, (_, index) => `feature_${index}`);
const legacyDaemon: Script = (heard, talk) => {
  if (heard.kind === 'hello') {
    const greeting = {
      versionMajor: 10,
      versionMinor: 8,
      suffix: 0,
      host: 'alpha',
      daemon: 'acmed',
    };
    return talk.send('greeting', greeting);
  }
  if (heard.kind === 'legacyStatusRequest') {
    return talk.send('legacyStatus', { used: '0', total: '7', time: `${since}` });
  }
  if (heard.kind !== 'legacyFeaturesRequest') return;
  const text = Buffer.from(`${names.join(' ')}\0`, 'latin1');
  for (let at = 0; at < text.length; at += 134) {
    const remaining = `${text.length - at}`;
    talk.send('legacyText', { remaining, text: text.subarray(at, at + 134) });
  }
};

test('a daemon before 11.10, behind an old manager’s redirect, is asked in 147-byte messages', async () => {
  const { manager } = await startPublic(legacyDaemon, redirectLegacy);
  const { status, out } = await lmutil(['lmstat', '-a', '-c', manager.address]);
  expect(out).toContain('     acmed: UP v10.8\n');
  expect(out.match(/^Users of .*$/gm)).toEqual(
    names.map(
      (name) => `Users of ${name}:  (Total of 7 licenses issued;  Total of 0 licenses in use)`,
    ),
  );
  expect(status).toBe(0);
});

test('an old redirect’s host may be longer than the field it shares its place with', async () => {
  const host = 'a-host-with-a-long-name.invalid';
  const { manager } = await startPublic(legacyDaemon, () => (_heard, talk) => {
    talk.send('legacyRedirect', { host, port: '27001' });
  });
  const { out } = await lmutil(['lmstat', '-a', '-c', manager.address]);
  expect(out).toMatch(/^ {5}acmed: License server machine is down or not responding\. \(-96,7/m);
});

test('a daemon that claims a million users and more is not believed', async () => {
  const boasting: Script = (heard, talk) => {
    if (heard.kind !== 'featureStatusRequest') return daemon(heard, talk);
    talk.send('featureStatus', { unknown: 0, used: '4000000000', total: '4', time: '0' });
  };
  const { manager } = await startPublic(boasting, redirectFrame);
  const { out } = await lmutil(['lmstat', '-f', 'solve', '-c', manager.address]);
  expect(out).toContain('Cannot get users of solve: ');
  expect(out).toContain('(-12,6 "more than can be true")\n');
});

test('a manager that refuses a daemon has it down; one that cannot be reached says why', async () => {
  const refusing = await startPublic(daemon, () => (_heard, talk) => fail(talk, 0, -97));
  const down = await lmutil(['lmstat', '-c', refusing.manager.address]);
  expect(down.out).toContain('     acmed: The desired vendor daemon is down. (-97,300)\n');
  const nowhere = await startPublic(daemon, () => redirectFrame(1));
  const gone = await lmutil(['lmstat', '-c', nowhere.manager.address]);
  expect(gone.out).toContain(
    '     acmed: Cannot connect to license server system. (-15,578:111 "Connection refused")\n',
  );
});
