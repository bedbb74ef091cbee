import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { records, type ScriptedManager, startOwn, startScript } from './license-server.ts';
import { banner, lines, lmutil, statusLine, withoutPorts } from './test-io.ts';

const { feature, pool, user } = records;

/** acmed with two users of solve and nobody on mesh; betad with an uncounted feature. */
const acme: ScriptedManager = {
  vendors: {
    acmed: {
      pages: [
        [
          feature({ used: 3 }),
          pool({ used: 3 }),
          user({}),
          user({ user: 'ben', host: 'ws2', display: ':0', handle: 201, count: 2, project: 'x1' }),
          feature({ name: 'mesh', issued: 1 }),
          pool({ name: 'mesh', version: '12.5' }),
          feature({ name: 'old', state: 2, issued: 5 }),
        ],
      ],
    },
    betad: { pages: [[feature({ name: 'free', state: 1, issued: 0 })]] },
  },
};

const license = `SERVER this_host ANY 27000
VENDOR acmed
VENDOR betad
USE_SERVER
FEATURE solve acmed 2030.0 31-dec-2049 3 SIGN=00
INCREMENT mesh acmed 12.5 permanent 1 SIGN=00
FEATURE free betad 1.0 permanent uncounted HOSTID=ANY SIGN=00
`;

function fileWith(text: string, name = 'acme.lic'): string {
  const folder = mkdtempSync(join(tmpdir(), 'fauxlm-lmstat-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
}

const head = [
  'License server status: PORT@alpha',
  '    License file(s) on alpha: /opt/acme/acme.lic:',
  '',
  '     alpha: license server UP (MASTER) v11.18.1',
  '',
  'Vendor daemon status (on alpha):',
  '',
];

const usage = [
  '     acmed: UP v11.18.1',
  'Feature usage info:',
  '',
  'Users of solve:  (Total of 3 licenses issued;  Total of 3 licenses in use)',
  '',
  '  "solve" v2030.0, vendor: acmed, expiry: 31-dec-2049',
  '  floating license',
  '',
  '    ann ws1 /dev/pts/1 (v1.0) (alpha/PORT 101), start Mon 3/9 8:49',
  '    ben ws2 :0 (v1.0) (alpha/PORT 201), start Mon 3/9 8:49, 2 licenses',
  '',
  'Users of mesh:  (Total of 1 license issued;  Total of 0 licenses in use)',
  '',
  'Users of old:  (Error: 5 licenses, unsupported by licensed server)',
  '',
];

const freeUsage = [
  '     betad: UP v11.18.1',
  'Feature usage info:',
  '',
  'Users of free:  (Uncounted, node-locked)',
  '',
];

async function lmstat(manager: ScriptedManager, ...args: readonly string[]) {
  const server = await startOwn(manager);
  const ran = await lmutil(['lmstat', ...args, '-c', server.address]);
  return { ...ran, out: withoutPorts(ran.out, server.port) };
}

test('lmstat -a prints servers, daemons, features and users, and exits with 0', async () => {
  const { status, out, err } = await lmstat(acme, '-a');
  expect(out).toBe(lines(banner, statusLine, '', ...head, ...usage, ...freeUsage, ''));
  expect({ status, err }).toEqual({ status: 0, err: '' });
});

test('without a flag lmstat tells servers and daemons only', async () => {
  const { status, out } = await lmstat(acme);
  const daemons = ['     acmed: UP v11.18.1', '     betad: UP v11.18.1', ''];
  expect(out).toBe(lines(banner, statusLine, '', ...head, ...daemons));
  expect(status).toBe(0);
});

test('-A leaves features out that nobody uses', async () => {
  const { out } = await lmstat(acme, '-A');
  const features = ['Feature usage info:', ''];
  const inUse = usage.slice(0, 11);
  expect(out).toBe(
    lines(banner, statusLine, '', ...head, ...inUse, '     betad: UP v11.18.1', ...features, ''),
  );
});

test('-f prints one feature, in any letter case, and -S one daemon', async () => {
  const named = await lmstat(acme, '-f', 'SOLVE');
  expect(named.out.match(/^Users of .*$/gm)).toEqual([
    'Users of solve:  (Total of 3 licenses issued;  Total of 3 licenses in use)',
  ]);
  const vendor = await lmstat(acme, '-S', 'betad');
  expect(vendor.out).toBe(lines(banner, statusLine, '', ...head, ...freeUsage, ''));
  const both = await lmstat(acme, '-S', 'acmed', '-f', 'mesh');
  expect(both.out.match(/^Users of \S+|^ +\S+: UP/gm)).toEqual([
    '     acmed: UP',
    'Users of mesh:',
  ]);
});

test('-a with -f prints that feature only; a bare -f, -s or -S stands for all', async () => {
  const one = await lmstat(acme, '-a', '-f', 'mesh');
  expect(one.out.match(/^Users of \S+/gm)).toEqual(['Users of mesh:']);
  const all = await lmstat(acme, '-a');
  for (const flag of ['-f', '-S']) expect((await lmstat(acme, flag)).out).toBe(all.out);
  expect((await lmstat(acme, '-s')).out).toBe((await lmstat(acme)).out);
});

test('a feature that no daemon has is an error line, and exit status 251 of -5', async () => {
  const { status, out } = await lmstat(acme, '-f', 'nosuch');
  expect(out).toContain(
    '\nUsers of nosuch: Cannot get users of nosuch: No such feature exists. (-5,222)\n',
  );
  expect(status).toBe(251);
});

test('-asec gives times to the second, -proj projects, --no-user-info no users', async () => {
  expect((await lmstat(acme, '-asec')).out).toContain(' 101), start Mon 3/9 08:49:07\n');
  expect((await lmstat(acme, '-a', '-proj')).out).toContain(', 2 licenses, project: x1\n');
  const bare = await lmstat(acme, '-a', '--no-user-info');
  expect(bare.out).toContain('Users of solve:  (Total of 3 licenses issued;');
  expect(bare.out).not.toMatch(/ann|ben/);
});

test('-lm tells the license managers only, -vd the vendor daemons only', async () => {
  expect((await lmstat(acme, '-lm')).out).toBe(lines(banner, statusLine, '', ...head.slice(0, 5)));
  expect((await lmstat(acme, '-vd')).out).toBe(
    lines(
      banner,
      'Mon 3/9/2026 09:05',
      '',
      'Vendor daemon status (on alpha):',
      '',
      '     acmed: UP v11.18.1',
      '     betad: UP v11.18.1',
      '',
    ),
  );
});

test('options may come in any order, and by two dashes', async () => {
  const expected = (await lmstat(acme, '-a')).out;
  const server = await startOwn(acme);
  for (const args of [
    ['-c', server.address, '-a'],
    ['--a', '--c', server.address],
    ['-c', server.address, '-t', '5', '-old', '-a'],
  ]) {
    expect(withoutPorts((await lmutil(['lmstat', ...args])).out, server.port)).toBe(expected);
  }
});

test('a single-port server tells the same', async () => {
  const { status, out } = await lmstat({ ...acme, singlePort: true }, '-a');
  expect(out).toBe(lines(banner, statusLine, '', ...head, ...usage, ...freeUsage, ''));
  expect(status).toBe(0);
});

test('users that fill several pages stay in one list, also where a page ends within a pool', async () => {
  const users = Array.from({ length: 7 }, (_, index) => user({ user: `u${index}`, handle: index }));
  const pages = [
    [feature({ used: 7 }), pool({ used: 7 }), users[0]!, users[1]!],
    users.slice(2, 5),
    [users[5]!, users[6]!, feature({ name: 'mesh' })],
  ];
  const { out } = await lmstat({ vendors: { acmed: { pages } } }, '-a');
  expect(out.match(/^ {4}u\d/gm)).toEqual(users.map((_, index) => `    u${index}`));
  expect(out.match(/^Users of \S+/gm)).toEqual(['Users of solve:', 'Users of mesh:']);
});

test('a daemon that is down has its line, and the features its server lists', async () => {
  const vendors = { acmed: { down: true }, betad: acme.vendors['betad']! };
  const { status, out } = await lmstat({ vendors, license }, '-a');
  const why = 'The desired vendor daemon is down. (-97,121)';
  expect(out).toBe(
    lines(
      banner,
      statusLine,
      '',
      ...head,
      `     acmed: ${why}`,
      'Feature usage info:',
      '',
      `Users of solve: Cannot get users of solve: ${why}`,
      '',
      `Users of mesh: Cannot get users of mesh: ${why}`,
      '',
      ...freeUsage,
      '',
    ),
  );
  expect(status).toBe(0);
});

test('a server that refuses is told in lmstat’s words, with exit status 241 of -15', async () => {
  const { status, out, err } = await lmutil(['lmstat', '-a', '-c', '1@127.0.0.1']);
  const error = 'Cannot connect to license server system. (-15,570:111 "Connection refused")';
  expect(out).toBe(lines(banner, statusLine, '', `Error getting status: ${error}`));
  expect({ status, err }).toEqual({ status: 241, err: '' });
});

test('a server that a license file names and nobody answers: lmgrd is not running', async () => {
  const path = fileWith('SERVER 127.0.0.1 ANY 1\nUSE_SERVER\n');
  const { status, out } = await lmutil(['lmstat', '-c', path]);
  const error = 'Cannot connect to license server system. (-15,570:111 "Connection refused")';
  expect(out).toBe(
    lines(
      banner,
      statusLine,
      '',
      'License server status: 1@127.0.0.1',
      '',
      `lmgrd is not running: ${error}`,
    ),
  );
  expect(status).toBe(241);
});

test('a file without SERVER lines, and one that is not there', async () => {
  const path = fileWith('FEATURE free betad 1.0 permanent uncounted HOSTID=ANY SIGN=00\n');
  const without = await lmutil(['lmstat', '-a', '-c', path]);
  const noServer = 'lmgrd is not running: No SERVER lines in license file (-13,66)';
  expect(without.out).toBe(lines(banner, statusLine, '', noServer));
  expect(without.status).toBe(243);
  const missing = await lmutil(['lmstat', '-a', '-c', `${path}.gone`]);
  expect(missing.out).toContain('(-1,359:2 "No such file or directory")\n');
  expect(missing.status).toBe(255);
});

test('a directory stands for its license files; those of one server are one report', async () => {
  const server = await startOwn({ vendors: { acmed: { pages: [[feature({})]] } } });
  const first = fileWith(`SERVER 127.0.0.1 ANY ${server.port}\nVENDOR acmed\n`, 'one.lic');
  const folder = dirname(first);
  writeFileSync(
    join(folder, 'two.lic'),
    license.replace('this_host ANY 27000', `127.0.0.1 ANY ${server.port}`),
  );
  writeFileSync(
    join(folder, 'free.lic'),
    'FEATURE free betad 1.0 permanent uncounted HOSTID=ANY SIGN=00\n',
  );
  const { status, out } = await lmutil(['lmstat', '-a', '-c', folder]);
  expect(out.match(/^License server status/gm)).toHaveLength(1);
  expect(out.match(/^Users of \S+/gm)).toEqual(['Users of solve:', 'Users of mesh:']);
  expect(status).toBe(0);
});

test('without -c and without an environment the default file is looked for', async () => {
  const { status, out } = await lmutil(['lmstat']);
  expect(out).toContain('Error getting status: No license file was found. (-1,359:2 ');
  expect(status).toBe(255);
});

test('a server that never answers is given up after -t seconds', async () => {
  const silent = await startScript(() => {});
  const { status, out } = await lmutil(['lmstat', '-t', '1', '-c', silent.address]);
  expect(out).toContain(
    'Error getting status: No answer from the vendor daemon in time. (-52,1)\n',
  );
  expect(status).toBe(-52 & 0xff);
});

test('a peer that closes at once, answers nothing, or speaks otherwise is a failure, not a crash', async () => {
  const closing = await startScript((_heard, talk) => talk.close());
  const closed = await lmutil(['lmstat', '-c', closing.address]);
  expect(closed.out).toContain(
    'Error getting status: Cannot read data from license server system. (-16,287)\n',
  );
  expect(closed.status).toBe(240);
  const other = await startScript((_heard, talk) =>
    talk.raw(Buffer.from('HTTP/1.0 400 no\r\n\r\n'.repeat(20))),
  );
  expect((await lmutil(['lmstat', '-c', other.address])).status).toBe(244);
});

test('pages that go on for ever, or whose records lie, end with -12', async () => {
  const endless = { vendors: { acmed: { pages: [[], []] } } };
  const { out } = await lmstat(endless, '-a');
  expect(out).toContain(
    '     acmed: The license server\'s reply makes no sense. (-12,7 "an empty page, and more to come")\n',
  );
});

test('the file at hand is compared: what its server does not serve is unsupported', async () => {
  const server = await startOwn({ vendors: { acmed: { pages: [[feature({})]] } } });
  const path = fileWith(license.replace('this_host ANY 27000', `127.0.0.1 ANY ${server.port}`));
  const { out } = await lmutil(['lmstat', '-a', '-c', path]);
  expect(out.match(/^Users of .*$/gm)).toEqual([
    'Users of solve:  (Total of 3 licenses issued;  Total of 0 licenses in use)',
    'Users of mesh:  (Error: 1 licenses, unsupported by licensed server)',
  ]);
});

test('several servers are told one after the other, a line of 76 dashes between', async () => {
  const first = await startOwn(acme);
  const second = await startOwn({ vendors: { gamma: {} } });
  const path = `${first.address}:1@127.0.0.1:${second.address}`;
  const { status, out } = await lmutil(['lmstat', '-c', path]);
  const sections = out.split(`\n${'-'.repeat(76)}\n`);
  expect(
    sections.map((section) => section.split('\n').at(section.startsWith('lmutil') ? 3 : 0)),
  ).toEqual([
    `License server status: ${first.port}@alpha`,
    'Error getting status: Cannot connect to license server system. (-15,570:111 "Connection refused")',
    `License server status: ${second.port}@alpha`,
  ]);
  expect(status).toBe(241);
});

test('-s picks one host of the path', async () => {
  const server = await startOwn(acme);
  const path = `1@localhost:${server.address}`;
  const { status, out } = await lmutil(['lmstat', '-s', '127.0.0.1', '-c', path]);
  expect(out).toContain(`License server status: ${server.port}@alpha\n`);
  expect(out).not.toContain('Error getting status');
  expect(status).toBe(0);
  const bySelf = await lmutil(['lmstat', '-s', `${server.port}@ALPHA`, '-c', path]);
  expect(bySelf.out).toBe(out);
});

test('-s of a host that no server of the path is on says so, with exit status 160 of -96', async () => {
  const server = await startOwn(acme);
  const { status, out, err } = await lmutil(['lmstat', '-s', 'nosuch', '-c', server.address]);
  const why =
    'License server machine is down or not responding. (-96,7 "no license server of the path is on nosuch")';
  expect(out).toBe(lines(banner, statusLine, '', `Error getting status: ${why}`));
  expect({ status, err }).toEqual({ status: 160, err: '' });
});

test('-S of a daemon that no server has tells it as down, with exit status 159 of -97', async () => {
  const first = await startOwn(acme);
  const second = await startOwn({ vendors: { gamma: {} } });
  const path = `${first.address}:${second.address}`;
  const { status, out, err } = await lmutil(['lmstat', '-S', 'nosuch', '-c', path]);
  expect(out.match(/^ +nosuch: .*$/gm)).toEqual([
    '    nosuch: The desired vendor daemon is down. (-97,121)',
    '    nosuch: The desired vendor daemon is down. (-97,121)',
  ]);
  expect({ status, err }).toEqual({ status: 159, err: '' });
  const one = await lmutil(['lmstat', '-S', 'gamma', '-c', path]);
  expect(one.out.match(/^ +\S+: UP v.*$/gm)).toEqual(['     gamma: UP v11.18.1']);
  expect(one.status).toBe(0);
});

test('the first server of a list may be dead: who answers is the master', async () => {
  const server = await startOwn(acme);
  const path = `1@127.0.0.1,${server.address}`;
  const { status, out } = await lmutil(['lmstat', '-c', path]);
  expect(out).toContain('     alpha: license server UP (MASTER) v11.18.1\n');
  expect(out).toContain('Vendor daemon status (on alpha):\n');
  expect(status).toBe(0);
});

test('of two independent servers between commas only one is marked as master', async () => {
  const [first, second] = [await startOwn(acme), await startOwn(acme)];
  const { out } = await lmutil(['lmstat', '-c', `${first.address},${second.address}`]);
  expect(out.match(/license server UP.*/g)).toEqual([
    'license server UP (MASTER) v11.18.1',
    'license server UP v11.18.1',
  ]);
});

test('a triad is one report: a line for each host, one master, the dead one with its error', async () => {
  const servers = [1, 0, 2].map((state, index) => ({ host: `h${index}`, port: 1, state }));
  const first = await startOwn({ vendors: { acmed: {} }, servers });
  const third = await startOwn({ ...acme, servers });
  const path = `${first.address},1@127.0.0.1,${third.address}`;
  const { status, out } = await lmutil(['lmstat', '-a', '-c', path]);
  const error = 'Cannot connect to license server system. (-15,570:111 "Connection refused")';
  expect(withoutPorts(out, first.port, third.port).split('\n').slice(3, 10)).toEqual([
    'License server status: PORT@h0,1@127.0.0.1,PORT2@h2',
    '    License file(s) on h2: /opt/acme/acme.lic:',
    '',
    '        h0: license server UP v11.18.1',
    ` 127.0.0.1: ${error}`,
    '        h2: license server UP (MASTER) v11.18.1',
    '',
  ]);
  expect(out).toContain(`(h2/${third.port} 101)`);
  expect(status).toBe(0);
});

test('one address of a triad brings in the others', async () => {
  const servers = [
    { host: '127.0.0.1', port: 0, state: 2 },
    { host: 'localhost', port: 1, state: 1 },
    { host: 'localhost', port: 2, state: 1 },
  ];
  const { out } = await lmstat({ vendors: { acmed: {} }, servers });
  expect(out).toContain('License server status: PORT@127.0.0.1,1@localhost,2@localhost\n');
  expect(out.match(/\(MASTER\)|-15,570/g)).toEqual(['(MASTER)', '-15,570', '-15,570']);
});

test('without -c the environment says whom to ask, vendor variables first', async () => {
  const first = await startOwn({ vendors: { betad: {} } });
  const second = await startOwn(acme);
  const env = { LM_LICENSE_FILE: second.address, BETAD_LICENSE_FILE: first.address };
  const { out } = await lmutil(['lmstat'], { env });
  expect(out.match(/(?<=^License server status: ).*$/gm)).toEqual([
    `${first.port}@alpha`,
    `${second.port}@alpha`,
  ]);
});

test('-i lists the license lines of a file, of a server, or of the server a file names', async () => {
  const server = await startOwn({ vendors: { acmed: {} }, license });
  const rows = [
    'solve                            2030.0       3           acmed        31-dec-2049',
    'mesh                             12.5         1           acmed        permanent(no expiration date)',
    'free                             1.0          uncounted   betad        permanent(no expiration date)',
  ];
  const short = fileWith(`SERVER 127.0.0.1 ANY ${server.port}\nUSE_SERVER\n`);
  for (const path of [fileWith(license), server.address, short]) {
    const { status, out } = await lmutil(['lmstat', '-i', '-c', path]);
    expect(out.split('\n').slice(9, -1)).toEqual(rows);
    expect(status).toBe(0);
  }
  const { out } = await lmutil(['lmstat', '-c', server.address, '-i', 'MESH']);
  expect(out.split('\n').slice(9, -1)).toEqual(rows.slice(1, 2));
});

test('-a and -i together print the report, then the table', async () => {
  const { out } = await lmstat({ ...acme, license }, '-a', '-i');
  expect(out.startsWith(lines(banner, statusLine, '', ...head, ...usage, ...freeUsage, ''))).toBe(
    true,
  );
  expect(out.split(banner)).toHaveLength(2);
  expect(out).toMatch(/^mesh +12\.5 +1 /m);
});

test('-a and -i of a file whose server is down print the failure, then the table', async () => {
  const path = fileWith(license.replace('this_host ANY 27000', '127.0.0.1 ANY 1'));
  const { status, out } = await lmutil(['lmstat', '-a', '-i', '-c', path]);
  expect(out).toMatch(/^lmgrd is not running: .*\n\nNOTE: /m);
  expect(out).toMatch(/^solve +2030\.0 +3 /m);
  expect(status).toBe(241);
});

test('-i of nothing readable is a failure', async () => {
  const { status, out } = await lmutil(['lmstat', '-i', '-c', '1@127.0.0.1']);
  expect(out).toMatch(/^Error getting status: .*\(-15,570:111 "Connection refused"\)$/m);
  expect(status).toBe(241);
});

test('-verbose explains the error behind the report', async () => {
  const { out } = await lmutil(['lmstat', '-verbose', '-c', '1@127.0.0.1']);
  expect(out).toContain(
    '\nFlexNet Licensing error:-15,570.  System Error: 111 "Connection refused"\n',
  );
});

test('old dialects write as old releases and exit with 0, unless --exit-status is given', async () => {
  const old = await lmutil(['lmstat', '--dialect', '9.2', '-c', '1@127.0.0.1']);
  expect(old.status).toBe(0);
  const forced = ['lmstat', '--dialect', '9.2', '--exit-status', '-c', '1@127.0.0.1'];
  expect((await lmutil(forced)).status).toBe(241);
  expect((await lmstat(acme, '-a', '--dialect', '9.2')).out).not.toContain('expiry:');
  expect((await lmstat(acme, '-a', '--dialect', '11.19.6')).out).toContain(', PID: 4242\n');
});
