import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type LmstatOptions, renderLmstat } from '../../src/text/lmstat.ts';
import { dialectOf } from '../../src/text/lmstat-dialect.ts';
import type { LmstatReport, PoolEntry } from '../../src/text/lmstat-report.ts';
import { PIECE_CHARACTERS } from '../../src/text/pieces.ts';
import { expectGolden } from './golden.ts';
import {
  makeFeature,
  makeFullReport,
  makePool,
  makeReport,
  makeServer,
  makeUser,
  makeVendor,
} from './make-report.ts';

function text(report: LmstatReport, options: LmstatOptions = { usage: 'all' }): string {
  return [...renderLmstat(report, options)].join('');
}

function lines(report: LmstatReport, options?: LmstatOptions): string[] {
  return text(report, options).split('\n');
}

describe('whole reports', () => {
  test.each(['9.2', '10.8', '11.6', '11.18.1', '11.19.6'])('-a as lmutil %s', (name) => {
    const dialect = dialectOf(name)!;
    expectGolden(
      `lmutil/lmstat/all-${name}.txt`,
      text(makeFullReport(), { usage: 'all', dialect }),
    );
  });

  test('without a flag: servers and daemons, no features', () => {
    expectGolden('lmutil/lmstat/status.txt', text(makeFullReport(), {}));
  });

  test('a triad has one line per server, and one master', () => {
    const triad = makeServer({
      address: {
        spec: '27000@one,27000@two,27000@three',
        licenseFiles: { host: 'one', paths: ['/opt/acme/a.lic', '/opt/acme/b.lic'] },
      },
      hosts: [
        {
          ...{ name: 'one', state: 'unreachable' },
          refusal: { major: -15, minor: 570, sys: 115, sysText: 'Operation now in progress' },
        },
        { name: 'two.example.test', state: 'up', master: true, version: '11.18.1' },
        { name: 'three', state: 'up', master: false, version: '11.16.2' },
      ],
      masterHost: 'two.example.test',
    });
    expectGolden('lmutil/lmstat/triad.txt', text(makeReport({ sections: [triad] })));
  });

  test('servers of one path follow each other below a rule, on Windows as elsewhere', () => {
    const second = makeServer({
      vendors: [
        makeVendor({ state: { kind: 'down', refusal: { major: -97, minor: 121 } }, features: [] }),
        makeVendor({ name: 'betad' }),
      ],
    });
    const report = makeReport({
      sections: [
        makeServer(),
        second,
        {
          ...{ kind: 'failure', step: 'gettingStatus' },
          refusal: { major: -15, minor: 10, sys: 10061, sysText: 'WinSock: Connection refused' },
        },
      ],
    });
    expectGolden(
      'lmutil/lmstat/servers-windows.txt',
      text(report, { usage: 'all', windows: true }),
    );
  });
});

describe('when nothing can be learned', () => {
  test('a server that refuses: the status line, then why', () => {
    const report = makeReport({
      sections: [
        {
          ...{ kind: 'failure', step: 'gettingStatus' },
          refusal: { major: -15, minor: 570, sys: 111, sysText: 'Connection refused' },
        },
      ],
    });
    const why = 'Cannot connect to license server system. (-15,570:111 "Connection refused")';
    expect(lines(report).slice(2)).toEqual(['', `Error getting status: ${why}`, '']);
  });

  test('no lmgrd behind a license file that was read: its servers, then why', () => {
    const report = makeReport({
      sections: [
        {
          ...{ kind: 'failure', step: 'reachingLmgrd' },
          address: makeServer().address,
          refusal: { major: -96, minor: 7 },
        },
      ],
    });
    expect(lines(report).slice(3)).toEqual([
      'License server status: 27000@alpha',
      '    License file(s) on alpha: /opt/acme/acme.lic:',
      '',
      'lmgrd is not running: License server machine is down or not responding. (-96,7)',
      '',
    ]);
  });

  test('a file without SERVER lines has no full stop before the numbers', () => {
    const refusal = { major: -13, minor: 66 };
    const report = makeReport({ sections: [{ kind: 'failure', step: 'reachingLmgrd', refusal }] });
    expect(text(report)).toContain(
      '\nlmgrd is not running: No SERVER lines in license file (-13,66)\n',
    );
  });
});

describe('flags', () => {
  const users = (options: LmstatOptions): string[] =>
    lines(makeFullReport(), options).filter((line) => line.startsWith('Users of '));

  test('-f prints one feature, whatever its case, and the lines of all daemons', () => {
    const options: LmstatOptions = { usage: 'all', feature: 'MESH' };
    expect(users(options)).toEqual([
      'Users of mesh:  (Total of 1 license issued;  Total of 0 licenses in use)',
    ]);
    const all = lines(makeFullReport(), options);
    expect(all.filter((line) => line === 'Feature usage info:')).toHaveLength(1);
    expect(all).toContain('     betad: UP v11.18.1');
  });

  test('-S prints one daemon, and with -f one feature of it', () => {
    expect(users({ usage: 'all', vendor: 'BETAD' })).toHaveLength(2);
    expect(users({ usage: 'all', vendor: 'betad', feature: 'free' })).toHaveLength(1);
    expect(text(makeFullReport(), { usage: 'all', vendor: 'betad' })).not.toContain('acmed: UP');
  });

  test('-A leaves out what nobody uses', () => {
    expect(users({ usage: 'active' }).map((line) => line.split(/[ :]/)[2])).toEqual([
      ...['solve', 'view', 'free'],
    ]);
  });

  test('-asec tells the second', () => {
    const report = makeReport();
    expect(text(report, { usage: 'all', seconds: true })).toContain('start Mon 3/9 08:49:07\n');
    expect(text(report)).toContain('start Mon 3/9 8:49\n');
  });

  test('--no-user-info keeps reservations and hides who has or waits for a seat', () => {
    const hidden = text(makeFullReport(), { usage: 'all', hideUsers: true });
    expect(hidden).not.toMatch(/\b(ann|ben|cat|dan|eve|fay|start|queued)\b/);
    expect(hidden).toContain('\t2 RESERVATIONs for GROUP crew (alpha/27000)\n');
  });

  test('-proj adds the project, where there is one', () => {
    const shown = lines(makeFullReport(), { usage: 'all', showProject: true });
    expect(shown.filter((line) => line.endsWith(', project: bridge'))).toHaveLength(1);
  });
});

describe('what monitors look for', () => {
  const full = text(makeFullReport());
  const matches = (pattern: RegExp): (string | undefined)[][] =>
    [...full.matchAll(pattern)].map((found) => found.slice(1));

  test('server and daemon lines', () => {
    expect(matches(/(\S+): license server (UP|DOWN) ?(\(MASTER\))? v(.*)$/gm)).toEqual([
      ['alpha', 'UP', '(MASTER)', '11.18.1'],
    ]);
    expect(matches(/^\s*(\S+): UP v(.*)$/gm)).toEqual([
      ['acmed', '11.18.1'],
      ['betad', '11.18.1'],
    ]);
  });

  test('totals, and the words a shell script counts columns by', () => {
    const number = String.raw`Total of (\d+) licenses?`;
    const total = new RegExp(`^Users of (.*):  \\(${number} issued;  ${number} in use\\)$`, 'gm');
    expect(matches(total)).toEqual([
      ['solve', '10', '8'],
      ['mesh', '1', '0'],
      ['view', '1', '1'],
    ]);
    const words = full
      .split('\n')
      .find((line) => line.startsWith('Users of solve'))!
      .split(/ +/);
    expect([words[5], words[10]]).toEqual(['10', '8']);
  });

  test('pools', () => {
    expect(matches(/"(.*)" v(\S+), vendor: (\S+), expiry: (.*)$/gm)[0]).toEqual([
      ...['solve', '2030.0', 'acmed', 'permanent(no expiration date)'],
    ]);
  });

  test('users with count and linger', () => {
    const user = new RegExp(
      [
        String.raw`^ {4}(.+) \(v([^)]+)\) \(([^/]+)\/(\d+) (\d+)\), start (\w+ \d+\/\d+ \d+:\d\d)`,
        String.raw`(?:, (\d+) licenses)?(?: +\(linger: (\d+) \/ (\d+)\))?$`,
      ].join(''),
      'gm',
    );
    const found = matches(user);
    expect(found).toHaveLength(6);
    expect(found[1]).toEqual([
      ...['ben van Dam ws2.example.test :0', '1.0', 'alpha', '27000', '101', 'Mon 3/9 8:49'],
      ...['2', undefined, undefined],
    ]);
    expect(found[2]!.slice(6)).toEqual(['2', '885098', '1340160']);
  });

  test('reservations and queues', () => {
    expect(matches(/^\t(\d+) RESERVATIONs? for (GROUP|HOST) (\S+) \(/gm)).toEqual([
      ['2', 'GROUP', 'crew'],
      ['1', 'HOST', 'ws9'],
    ]);
    expect(matches(/^ {4}(\w+) .*\) queued for (\d+) licenses?$/gm)).toEqual([
      ['dan', '1'],
      ['eve', '3'],
    ]);
  });

  test('every output ends with one newline at least', () => {
    expect(full.endsWith('\n')).toBe(true);
  });
});

describe('size', () => {
  const USERS = 100_000;

  function* manyUsers(onRead: () => void): Generator<PoolEntry> {
    for (let index = 0; index < USERS; index++) {
      onRead();
      yield makeUser({ user: `user${index}`, handle: index });
    }
  }

  test('100,000 users come in pieces of bounded size, each made when it is asked for', () => {
    let read = 0;
    const entries = manyUsers(() => (read += 1));
    const pool = makePool({ entries });
    const vendor = makeVendor({ features: [makeFeature({ used: USERS, pools: [pool] })] });
    const report = makeReport({ sections: [makeServer({ vendors: [vendor] })] });
    let pieces = 0;
    let userLines = 0;
    let length = 0;
    let readBefore = 0;
    for (const piece of renderLmstat(report, { usage: 'all' })) {
      pieces += 1;
      length += piece.length;
      expect(piece.length).toBeLessThan(PIECE_CHARACTERS + 1_000);
      expect(read - readBefore).toBeLessThan(PIECE_CHARACTERS / 40);
      readBefore = read;
      for (const line of piece.split('\n')) if (line.startsWith('    user')) userLines += 1;
    }
    expect(userLines).toBe(USERS);
    expect(pieces).toBe(Math.ceil(length / (PIECE_CHARACTERS + 50)));
  });

  test('no name can add a line or send a control character', () => {
    const name = fc.string({ unit: 'binary', maxLength: 20 });
    fc.assert(
      fc.property(name, name, name, name, (user, host, display, other) => {
        const entries: PoolEntry[] = [
          makeUser({ user, host, display, checkoutData: other, version: other, project: other }),
          { kind: 'reservation', count: 1, type: 'USER', name: other },
        ];
        const pools = [makePool({ name: other, vendorString: other, entries })];
        const vendor = makeVendor({ name: host, features: [makeFeature({ name: other, pools })] });
        const report = makeReport({ sections: [makeServer({ vendors: [vendor] })] });
        const rendered = text(report, { usage: 'all', showProject: true });
        expect(rendered.split('\n')).toHaveLength(24);
        expect(rendered).not.toMatch(/[\u0000-\u0008\u000b-\u001f\u007f]/);
      }),
      { numRuns: 60 },
    );
  });
});
