import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { renderLmstat } from '../../src/text/lmstat.ts';
import { dialectOf } from '../../src/text/lmstat-dialect.ts';
import { parseLmstat } from '../../src/text/lmstat-parser/parse-lmstat.ts';
import type { ParsedPool, ParsedServer } from '../../src/text/lmstat-parser/parsed.ts';
import { UNEXPLAINED_CHARACTERS, UNEXPLAINED_MAX } from '../../src/text/lmstat-parser/parsed.ts';
import { renderLicenseTable, renderToolVersion } from '../../src/text/lmstat-table.ts';
import { makeFullReport, reportTime } from './make-report.ts';

/** The only server of a text. */
function serverOf(...lines: readonly string[]): ParsedServer {
  const parsed = parseLmstat(lines.join('\n'));
  expect(parsed.unexplained).toEqual([]);
  expect(parsed.servers).toHaveLength(1);
  return parsed.servers[0]!;
}

/** The pool of a feature with these lines below its heading. */
function poolWith(...entries: readonly string[]): ParsedPool {
  const head = 'Users of f:  (Total of 9 licenses issued;  Total of 9 licenses in use)';
  const server = serverOf(
    'Flexible License Manager status on Mon 3/9/2026 09:05',
    head,
    ...entries,
  );
  return server.vendors[0]!.features[0]!.pools[0]!;
}

const at = '(v1.0) (alpha/27000 101)';

describe('a whole report', () => {
  const text = [...renderLmstat(makeFullReport(), { usage: 'all' })].join('');
  const parsed = parseLmstat(text);

  test('has its program, its time and its servers', () => {
    const { servers, ...head } = parsed;
    expect(head).toEqual({
      ...{ program: 'lmutil', at: '2026-03-09T09:05', windows: false },
      ...{ unexplained: [], unexplainedCount: 0 },
    });
    expect(servers.map(({ vendors, ...server }) => server)).toEqual([
      {
        ...{ line: 4, spec: '27000@alpha', addresses: [{ host: 'alpha', port: 27_000 }] },
        licenseFiles: { host: 'alpha', paths: ['/opt/acme/acme.lic'] },
        hosts: [{ line: 7, name: 'alpha', state: 'up', master: true, version: '11.18.1' }],
        masterHost: 'alpha',
      },
    ]);
  });

  test('has its daemons and their features of every kind', () => {
    const vendors = parsed.servers[0]!.vendors;
    expect(vendors.map(({ name, state, version }) => [name, state, version])).toEqual([
      ['acmed', 'up', '11.18.1'],
      ['betad', 'up', '11.18.1'],
    ]);
    const features = vendors.flatMap((vendor) => vendor.features);
    expect(features.map(({ line, pools, ...feature }) => feature)).toEqual([
      { kind: 'counted', name: 'solve', issued: 10, used: 8 },
      { kind: 'counted', name: 'mesh', issued: 1, used: 0 },
      { kind: 'counted', name: 'view', issued: 1, used: 1 },
      { kind: 'unsupported', name: 'gone', issued: 1 },
      {
        ...{ kind: 'error', name: 'odd' },
        error: { text: 'No such feature exists.', major: -5, minor: 222 },
      },
      { kind: 'uncounted', name: 'free' },
      { kind: 'uncounted', name: 'idle' },
    ]);
  });

  test('has its pools, and who holds, waits and may', () => {
    const [pool, other] = parsed.servers[0]!.vendors[0]!.features[0]!.pools;
    expect(pool).toMatchObject({
      ...{ name: 'solve', version: '2030.0', vendor: 'acmed', vendorString: 'a b:c=1' },
      expiry: { text: 'permanent(no expiration date)', never: true },
      lock: { kind: 'floating' },
    });
    expect(other).toMatchObject({
      expiry: { text: '31-dec-2049', never: false, date: '2049-12-31' },
      lock: { kind: 'nodelocked', hostid: 'ID=12345' },
    });
    expect(pool!.users[2]).toEqual({
      ...{ line: 24, user: 'cat', host: 'ws3', display: '', client: 'cat ws3', guessed: false },
      ...{ version: '1.0', server: { host: 'alpha', port: 27_000 }, handle: 1201, count: 2 },
      ...{ startText: 'Mon 3/9 8:49', start: '2026-03-09T08:49' },
      linger: { totalSeconds: 1_340_160, remainingSeconds: 885_098 },
    });
    expect(pool!.queued.map(({ user, count }) => [user, count])).toEqual([
      ['dan', 1],
      ['eve', 3],
    ]);
    expect(pool!.reservations[0]).toEqual({
      ...{ line: 20, count: 2, type: 'GROUP', name: 'crew' },
      server: { host: 'alpha', port: 27_000 },
    });
  });
});

describe('the names of a user line', () => {
  const known = [
    `    kim host7 host7 ${at}, start Mon 3/9 8:49`,
    `    lee host8 console ${at}, start Mon 3/9 8:49`,
  ];

  test.each([
    // Three words, two words, one.
    ['ann ws1 /dev/pts/1', { user: 'ann', host: 'ws1', display: '/dev/pts/1' }, false],
    ['ann ws1', { user: 'ann', host: 'ws1', display: '' }, false],
    ['ws1 /dev/pts/1', { user: '', host: 'ws1', display: '/dev/pts/1' }, true],
    ['ann', { user: 'ann', host: '', display: '' }, true],
    // Checkout data that shows itself.
    [
      'ann ws1 :0 feature=big one',
      { user: 'ann', host: 'ws1', display: ':0', checkoutData: 'feature=big one' },
      false,
    ],
    ['ann ws1 x 1.0', { user: 'ann', host: 'ws1', display: 'x', checkoutData: '1.0' }, false],
    // A display that shows itself.
    ['Jo van Dam ws1 ws1', { user: 'Jo van Dam', host: 'ws1', display: 'ws1' }, false],
    ['Jo Dam WS1 ws1:0.0', { user: 'Jo Dam', host: 'WS1', display: 'ws1:0.0' }, false],
    ['Jo Dam ws1 ws10.0', { user: 'Jo Dam', host: 'ws1', display: 'ws10.0' }, false],
    [
      'jo ws1 ws1:0 slot7 x',
      { user: 'jo', host: 'ws1', display: 'ws1:0', checkoutData: 'slot7 x' },
      false,
    ],
    ['a  b  c ws1 /dev/tty', { user: 'a  b  c', host: 'ws1', display: '/dev/tty' }, false],
    // Several that could be one.
    ['jo jo jo ws1 ws1', { user: 'jo jo jo', host: 'ws1', display: 'ws1' }, true],
    [
      'host7 host7 host7 x',
      { user: 'host7', host: 'host7', display: 'host7', checkoutData: 'x' },
      false,
    ],
    // A host that other lines show.
    ['Jo Dam host8 main screen', { user: 'Jo Dam', host: 'host8', display: 'main screen' }, true],
    ['host8 B HOST7 on B', { user: 'host8 B', host: 'HOST7', display: 'on B' }, true],
    // Nothing shows: what looks like a host, and what does not.
    ['Jo Dam ws4 console', { user: 'Jo Dam', host: 'ws4', display: 'console' }, true],
    ['jo ws4 display 11', { user: 'jo', host: 'ws4', display: 'display 11' }, true],
    ['Jo Dam ws4 %x|y"z', { user: 'Jo Dam', host: 'ws4', display: '%x|y"z' }, true],
    // Trusted storage.
    ['ACTIVATED LICENSE(S) ws1', { user: '', host: 'ws1', display: '', activated: true }, false],
  ])('"%s"', (client, names, guessed) => {
    const { users } = poolWith(...known, `    ${client} ${at}, start Mon 3/9 8:49`);
    expect(users.at(-1)).toMatchObject({ ...names, client, guessed });
    const has = 'checkoutData' in users.at(-1)!;
    expect(has).toBe('checkoutData' in names);
  });

  test('are cut the same for one who waits', () => {
    const pool = poolWith(`    Jo Dam ws1 ws1 1.0 ${at} queued for 2 licenses`);
    expect(pool.queued[0]).toMatchObject({
      ...{ user: 'Jo Dam', host: 'ws1', display: 'ws1', checkoutData: '1.0', count: 2 },
    });
  });

  test('may be those of other lines', () => {
    const names = ['), start', 'Users of f:  (Uncounted, node-locked)', 'vendor_string: x'];
    for (const user of names) {
      const { users } = poolWith(
        '  "f" v1.0, vendor: acmed',
        '  floating license',
        `    ${user} ws1 ws1 ${at}, start Mon 3/9 8:49, project: ${user}`,
      );
      expect(users).toHaveLength(1);
      expect(users[0]).toMatchObject({ user, host: 'ws1', project: user });
    }
  });
});

describe('what stands behind the names', () => {
  test.each([
    ['', {}],
    [', 2 licenses', { count: 2 }],
    [' (linger: 3600)', { linger: { totalSeconds: 3_600 } }],
    ['  (linger: 0 / 86400)', { linger: { totalSeconds: 86_400, remainingSeconds: 0 } }],
    [', PID: 4711 ', { pid: 4711 }],
    [', project: bridge (2), east', { project: 'bridge (2), east' }],
    [', 3 licenses (linger: 7), PID: 1, project: x', { count: 3, pid: 1, project: 'x' }],
  ])('"%s"', (tail, fields) => {
    const [user] = poolWith(`    ann ws1 :0 ${at}, start Mon 3/9 8:49${tail}`).users;
    expect(user).toMatchObject({ count: 1, ...fields });
  });

  test('a masked port is no number, and no port', () => {
    const [user] = poolWith('    ann ws1 :0 (v1) (alpha/port 5), start Mon 3/9 8:49').users;
    expect(user).toMatchObject({ server: { host: 'alpha' }, handle: 5, version: '1' });
    expect(user!.server).not.toHaveProperty('port');
  });

  test.each([
    ['Mon 3/9 8:49', '2026-03-09T08:49'],
    ['Mon 3/9 08:49:07', '2026-03-09T08:49:07'],
    // Last year, the year before, a leap day, clocks that differ, New Year's Eve.
    ['Tue 12/30 0:10', '2025-12-30T00:10'],
    ['Sat 3/9 9:00', '2024-03-09T09:00'],
    ['Thu 2/29 9:00', '2024-02-29T09:00'],
    ['Tue 3/10 0:05', '2026-03-10T00:05'],
    // No such day in 28 years, no such day, no weekday.
    ['Mon 2/30 9:00', undefined],
    ['Foo 3/9 9:00', undefined],
    ['Mon 3/9 24:00', undefined],
  ])('a seat that is out since %s is out since %s', (startText, start) => {
    const [user] = poolWith(`    ann ws1 :0 ${at}, start ${startText}`).users;
    expect([user!.startText, user!.start]).toEqual([startText, start]);
  });
});

describe('servers', () => {
  test('that cannot be reached have the reason, up to the words of the system', () => {
    const server = serverOf(
      'License server status: 1@one,2@two,three,[port]@four',
      'one: Cannot connect to license server system. (-15,570:115 "Operation now in progress")',
      'two: license server DOWN',
      'three: license server UP v11.13',
      'Vendor daemon status (on three):',
      'acmed: The desired vendor daemon is down. (-97,121)',
      'betad: DOWN v11.13',
    );
    const text = 'Cannot connect to license server system.';
    expect(server.addresses).toEqual([
      ...[{ host: 'one', port: 1 }, { host: 'two', port: 2 }, { host: 'three' }, { host: 'four' }],
    ]);
    expect(server.hosts.map(({ state, error }) => [state, error])).toEqual([
      [
        'unreachable',
        { text, major: -15, minor: 570, sys: 115, sysText: 'Operation now in progress' },
      ],
      ['down', undefined],
      ['up', undefined],
    ]);
    expect(server.vendors.map(({ name, state, error }) => [name, state, error?.major])).toEqual([
      ['acmed', 'down', -97],
      ['betad', 'down', undefined],
    ]);
  });

  test.each([
    [
      'Error getting status: Cannot connect to license server (-15,10:10061 "WinSock: Connection refused")',
      'gettingStatus',
      { text: 'Cannot connect to license server', major: -15, minor: 10, sys: 10_061 },
    ],
    [
      'lmgrd is not running: License server machine is down or not responding. (-96,7:11001 "WinSock: Host not found (HOST_NOT_FOUND)")',
      'reachingLmgrd',
      { major: -96, sysText: 'WinSock: Host not found (HOST_NOT_FOUND)' },
    ],
    [
      'lmgrd is not running: No SERVER lines in license file (-13,66)',
      'reachingLmgrd',
      { text: 'No SERVER lines in license file', major: -13, minor: 66 },
    ],
    ['Error getting status: something else', 'gettingStatus', { text: 'something else' }],
  ])('%s', (line, step, error) => {
    const server = serverOf(line);
    expect(server.failure).toMatchObject({ line: 1, step, error });
    expect(server.spec).toBe('');
  });

  test('follow each other below a rule, below a banner, and with failures', () => {
    const { servers } = parseLmstat(
      [
        ...['License server status: 1@one', '-'.repeat(76), 'Error getting status: x (-1,1)'],
        ...['Error getting status: y (-2,2)', '-'.repeat(76), 'Vendor daemon status (on three):'],
        ...['    acmed: UP v11.13', 'lmutil - Copyright (c) 2026 x', '     betad: UP v11.13'],
      ].join('\n'),
    );
    expect(
      servers.map(({ spec, failure, vendors }) => [spec, failure?.error.major, vendors[0]?.name]),
    ).toEqual([
      ['1@one', undefined, undefined],
      ['', -1, undefined],
      ['', -2, undefined],
      ['', undefined, 'acmed'],
      ['', undefined, 'betad'],
    ]);
  });

  test('name their license files, drives and all', () => {
    const files = (list: string) => serverOf(`License file(s) on ::1:${list}`).licenseFiles;
    expect(files(' /opt/a.lic:/opt/b c.lic:')).toEqual({
      ...{ host: '::1', paths: ['/opt/a.lic', '/opt/b c.lic'] },
    });
    expect(files(' C:\\x y\\a.lic:D:/b.lic:rel\\c.lic:')?.paths).toEqual([
      ...['C:\\x y\\a.lic', 'D:/b.lic', 'rel\\c.lic'],
    ]);
    expect(files(' 27000@alpha')?.paths).toEqual(['27000@alpha']);
    expect(files('')?.paths).toEqual([]);
  });
});

describe('parts of reports', () => {
  test('a feature without a daemon, users without a pool: names that are missing are empty', () => {
    const server = serverOf(
      ...['...', 'Users of f:  (Total of 2 licenses issued;  1 licenses in use)', '...'],
      `    ann ws1 :0 ${at}, start Mon 3/9 8:49`,
    );
    expect(server).toMatchObject({
      spec: '',
      hosts: [],
      vendors: [{ name: '', state: 'unknown' }],
    });
    const [feature] = server.vendors[0]!.features;
    expect(feature).toMatchObject({ kind: 'counted', issued: 2, used: 1 });
    expect(feature!.pools).toMatchObject([{ name: '', version: '', users: [{ user: 'ann' }] }]);
    expect(feature!.pools[0]!.users[0]).not.toHaveProperty('start');
  });

  test('entries and pools under no feature have no place', () => {
    const lines = [`    ann ws1 :0 ${at}, start Mon 3/9 8:49`, '  "f" v1.0, vendor: acmed'];
    const parsed = parseLmstat(lines.join('\n'));
    expect(parsed.servers).toEqual([]);
    expect(parsed.unexplained.map(({ line }) => line)).toEqual([1, 2]);
  });

  test('the command that a terminal shows above the banner is passed over', () => {
    for (const command of [
      './lmutil lmstat -c a.lic -a',
      '$ lmstat -a',
      'C:\\x> lmutil.exe lmstat -i',
    ]) {
      expect(parseLmstat(`${command}\nlmutil - Copyright (c) 2026 x`)).toMatchObject({
        ...{ program: 'lmutil', unexplained: [] },
      });
    }
  });
});

describe('the table of -i', () => {
  const rows = [
    { name: 'solve', version: '2030.0', count: 3, expiry: 'permanent', vendor: 'acmed' },
    { name: 'mesh', version: '12.5', count: 0, expiry: '1-jan-2030', vendor: 'betad' },
    { name: 'x'.repeat(50), version: '1.0', count: 7, expiry: '01-jan-0000', vendor: 'betad' },
  ];

  test.each(['8.4', '10.8', '11.6', '11.13', '11.18.1', 'comsol'])('of dialect %s', (name) => {
    const dialect = dialectOf(name)!;
    const table = { at: reportTime, program: 'lmutil', rows } as const;
    const parsed = parseLmstat([...renderLicenseTable(table, dialect)].join(''));
    expect(parsed).toMatchObject({ at: '2026-03-09T09:05', servers: [], unexplained: [] });
    expect(parsed.table).toEqual([
      {
        ...{ line: 10, name: 'solve', version: '2030.0', count: 3, vendor: 'acmed' },
        expiry: { text: dialect.permanentText, never: true },
      },
      {
        ...{ line: 11, name: 'mesh', version: '12.5', count: 0, vendor: 'betad' },
        expiry: { text: '1-jan-2030', never: false, date: '2030-01-01' },
      },
      {
        ...{ line: 12, name: 'x'.repeat(50), version: '1.0', count: 7, vendor: 'betad' },
        expiry: { text: '01-jan-0000', never: true },
      },
    ]);
  });

  test('behind a report, as -a -i prints it', () => {
    const report = [...renderLmstat(makeFullReport(), { usage: 'all' })].join('');
    const table = [...renderLicenseTable({ at: reportTime, program: 'lmutil', rows })].join('');
    const parsed = parseLmstat(`${report}\n${table.slice(table.indexOf('NOTE'))}`);
    expect(parsed.unexplained).toEqual([]);
    expect([parsed.servers.length, parsed.table?.length]).toEqual([1, 3]);
  });

  test('a table with nothing in it is there', () => {
    expect(parseLmstat('Feature  Version  #licenses  Expires  Vendor\n').table).toEqual([]);
    expect(parseLmstat('').table).toBeUndefined();
  });
});

test.each(['9.2', '11.14.1'])('what -v of %s prints', (name) => {
  const dialect = dialectOf(name)!;
  const names = { program: 'lmutil', tool: 'lmstat' };
  const release = { version: '11.14.1.2', build: 208_719, platform: 'x64_lsb' };
  const { tool, unexplained } = parseLmstat(renderToolVersion(names, release, dialect));
  expect(unexplained).toEqual([]);
  expect(tool).toEqual({ name: 'lmstat', ...(dialect.tellsBuild ? release : {}) });
});

describe('any text', () => {
  const full = [...renderLmstat(makeFullReport(), { usage: 'all' })].join('');

  test('is read without an error, and the same each time', () => {
    const noise = fc.oneof(
      fc.string({ unit: 'binary', maxLength: 400 }),
      fc
        .array(fc.oneof(fc.constantFrom(...full.split('\n')), fc.string({ maxLength: 40 })))
        .map((lines) => lines.join('\n')),
      fc
        .tuple(fc.nat(full.length), fc.nat(40), fc.string({ maxLength: 20 }))
        .map(([start, length, text]) => full.slice(0, start) + text + full.slice(start + length)),
    );
    fc.assert(
      fc.property(noise, (text) => {
        const parsed = parseLmstat(text);
        expect(JSON.parse(JSON.stringify(parsed))).toEqual(parsed);
        expect(parseLmstat(text)).toEqual(parsed);
      }),
      { numRuns: 300 },
    );
  });

  test('that is none is read as empty', () => {
    for (const wrong of [undefined, null, 7, {}, ['Users of f:  (Uncounted, node-locked)']]) {
      expect(parseLmstat(wrong as never)).toEqual(parseLmstat(''));
    }
  });

  test('keeps a bounded number of lines that it cannot place, each to a bounded length', () => {
    const parsed = parseLmstat(`${'?'.repeat(5_000)}\n`.repeat(UNEXPLAINED_MAX + 500));
    expect(parsed.unexplainedCount).toBe(UNEXPLAINED_MAX + 500);
    expect(parsed.unexplained).toHaveLength(UNEXPLAINED_MAX);
    expect(parsed.unexplained[0]).toEqual({ line: 1, text: '?'.repeat(UNEXPLAINED_CHARACTERS) });
  });

  // A pattern that goes back and forth over a line would take hours for one of these.
  test.each([
    ...[
      '), start ',
      ') queued for ',
      ' (v1) (',
      '"x" v',
      'Users of ',
      ': ',
      ':(Total of 1 license issued;',
    ],
    ...['License file(s) on ', 'lmutil lmstat ', ' - Copyright (c) ', '(-1,1', '_ ', '- ', 'a '],
    ...['ws1 ws1 ', ', project: ', '1 RESERVATION for ', 'x: (-', ':  ', '"" ', '/1 1', 'a=b '],
  ])('of "%s" again and again takes no longer than any other', (piece) => {
    const long = piece.repeat(100_000 / piece.length);
    const lines = ['', '    ', '"x" v1, vendor: ', '    1 RESERVATION for X ', 'x: '].flatMap(
      (head) => [
        `${head}${long}`,
        `${head}${long})`,
        `${head}${long} ${at}, start Mon 3/9 8:49`,
        `${head}${long}(-1,1)`,
      ],
    );
    const parsed = parseLmstat(`${full}${lines.join('\n')}`);
    expect(parsed.servers[0]!.vendors).not.toEqual([]);
  });

  test('of 100,000 users is read to the last of them', () => {
    const line = (index: number) =>
      `    user${index} ws1 ws1:0 (v1) (a/1 ${index}), start Mon 3/9 8:49\n`;
    const users = Array.from({ length: 100_000 }, (_, index) => line(index)).join('');
    const head = 'Users of f:  (Total of 1 license issued;  Total of 1 license in use)\n';
    const parsed = parseLmstat(head + users);
    expect(parsed.unexplainedCount).toBe(0);
    const [pool] = parsed.servers[0]!.vendors[0]!.features[0]!.pools;
    expect(pool!.users.at(-1)).toMatchObject({ user: 'user99999', handle: 99_999 });
  });
});
