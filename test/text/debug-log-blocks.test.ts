import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import {
  deniedLine,
  inLine,
  type LogText,
  logClient,
  outLine,
  renderLogLines,
  timestampLine,
  unsupportedLine,
} from '../../src/text/debug-log.ts';
import {
  daemonStoppedLines,
  exitingLine,
  rereadTexts,
  shutdownRequestedLines,
  shuttingDownLine,
  vendorRereadLines,
  vendorShutdownLine,
} from '../../src/text/debug-log-admin.ts';
import {
  daemonDiedLines,
  daemonGaveUpLines,
  daemonRestartedLine,
  fatalExits,
  lockHeldLines,
  noFeaturesLines,
  noValidHostidLines,
  rootWarningLines,
  wrongHostidLines,
} from '../../src/text/debug-log-faults.ts';
import { slogLines, statisticsSlogLines } from '../../src/text/debug-log-slog.ts';
import {
  daemonLaunchLines,
  daemonPortLine,
  firstClientLines,
  lmgrdStartLines,
  optionEchoes,
  vendorStartLines,
} from '../../src/text/debug-log-start.ts';
import { expectGolden, localTime } from './golden.ts';

// The logs name the zone: theirs is New York's.
beforeAll(() => void vi.stubEnv('TZ', 'America/New_York'));
afterAll(() => void vi.unstubAllEnvs());

const release = { version: '11.18.1.0', build: 1, platform: 'x64_lsb' } as const;
const licenseFiles = ['/opt/acme/acme.lic', '/opt/acme/more.lic'];
const features = [
  { name: 'solve' },
  { name: 'mesh_and_more' },
  { name: 'suite', components: ['p', 'q', 'r', 's'] },
  { name: 'a_feature_with_a_long_name' },
];

/** A log of several daemons, a second between the steps. */
class Log {
  text = '';
  at = localTime([2026, 3, 9], [9, 5, 7]);

  write(daemon: string, ...lines: LogText[]): this {
    this.text += renderLogLines(this.at, daemon, lines);
    this.at += 1_000;
    return this;
  }
}

function lmgrdStart(log: Log, overrides: Partial<Parameters<typeof lmgrdStartLines>[0]> = {}) {
  return lmgrdStartLines({
    ...{ startedAt: log.at, pid: 4711, release, port: 27000, host: 'alpha', platform: 'linux' },
    ...{ service: false, triad: false, commandLine: ['-z', '-c', 'acme.lic'], licenseFiles },
    ...{ localOnly: false },
    ...overrides,
  });
}

function vendorStart(log: Log, overrides: Partial<Parameters<typeof vendorStartLines>[0]> = {}) {
  return vendorStartLines({
    ...{ vendor: 'acmed', startedAt: log.at, pid: 4712, release, port: 41035, host: 'alpha' },
    ...{ lmgrdVersion: '11.18.1.0', expired: ['old'], features, restarts: 0, serverHost: 'alpha' },
    ...overrides,
  });
}

describe('a whole log', () => {
  test('from start over a reread to the shutdown by lmdown', () => {
    const log = new Log();
    const launch = { vendor: 'acmed', port: 41035, pid: 4712, platform: 'linux' } as const;
    const ann = { feature: 'solve', client: logClient('ann', 'ws1'), count: 1 };
    const ben = { feature: 'mesh_and_more', client: logClient('ben', 'ws2'), count: 2 };
    log
      .write('lmgrd', ...lmgrdStart(log))
      .write('lmgrd', ...daemonLaunchLines({ ...launch, fixedPort: false }))
      .write('acmed', ...vendorStart(log))
      .write('lmgrd', daemonPortLine('acmed', 41035))
      .write('acmed', ...firstClientLines)
      .write('acmed', outLine(ann), outLine(ben))
      .write('acmed', deniedLine(ann, { major: -4, minor: 342 }))
      .write('acmed', unsupportedLine({ ...ann, feature: 'x' }, { major: -5, minor: 346 }))
      .write('lmgrd', timestampLine(log.at))
      .write('lmgrd', rereadTexts.requested('root', 'alpha'))
      .write('acmed', rereadTexts.vendorBegins)
      .write('lmgrd', ...rereadTexts.lmgrdDone);
    const reread = {
      vendor: 'acmed',
      at: log.at,
      count: 1,
      mechanism: 'Manual',
      licenseFiles,
    } as const;
    log
      .write(
        'acmed',
        ...vendorRereadLines({
          ...{ ...reread, host: 'alpha', features, expired: ['old'] },
          updated: features.map(({ name }) => name),
        }),
      )
      .write('acmed', inLine(ben))
      .write('lmgrd', ...shutdownRequestedLines('root', 'alpha'))
      .write('lmgrd', shuttingDownLine({ vendor: 'acmed', pid: 4712, signal: 15 }));
    const request = { at: log.at, clients: 2, user: 'ann', host: 'ws1', descriptor: 19, tookMs: 8 };
    const statistics = { vendor: 'acmed', at: log.at, lastRequests: [request] };
    log
      .write('acmed', ...statisticsSlogLines({ ...statistics, peakRequests: [] }))
      .write('acmed', vendorShutdownLine)
      .write('lmgrd', ...daemonStoppedLines('acmed', 'alpha'))
      .write('acmed', inLine(ann, 'SHUTDOWN'), exitingLine(15))
      .write('lmgrd', exitingLine(15));
    expectGolden('logs/lifecycle.log', log.text);
  });

  test('of a Windows server with options, a fixed port, and two vendor names', () => {
    const log = new Log();
    const launch = { vendor: 'acmed', port: 2080, pid: 4712, platform: 'windows' } as const;
    const windows = { ...release, platform: 'x64_n6' };
    const start = {
      ...({ platform: 'windows', service: true, localOnly: true, release: windows } as const),
      ...{ licenseFiles: ['C:\\Acme\\acme.lic'], commandLine: ['-s', '-local'] },
    };
    log
      .write('lmgrd', ...lmgrdStart(log, start))
      .write('lmgrd', ...daemonLaunchLines({ ...launch, fixedPort: true }))
      .write(
        'acmed',
        ...vendorStart(log, {
          ...{ lmgrdVersion: '11.19.6.0', release: windows, port: 2080, expired: [] },
          ...{ optionsFile: 'C:\\Acme\\acmed.opt', caseSensitive: true },
          vendorNames: ['acmed', 'oldd'],
          lockedTo: ['0200aabbccdd'],
          machineHostids: ['0200aabbccdd', '0200aabbccde'],
          optionEchoes: [
            optionEchoes.timeout('solve', 900),
            optionEchoes.timeoutAll(3600),
            optionEchoes.maxBorrow('solve', 24),
            optionEchoes.reserve({
              ...{ count: 2, feature: 'solve', key: '0011 2233 4455 6677' },
              ...{ type: 'USER_GROUP', name: 'crew' },
            }),
            optionEchoes.includeBorrow('solve', 'USER_GROUP', 'crew'),
          ],
        }),
      );
    expectGolden('logs/start-windows.log', log.text);
  });

  test('of a server with the wrong hostid on its SERVER line', () => {
    const log = new Log();
    const wrong = {
      ...{ licenseFile: licenseFiles[0]!, serverLineSays: '001122334455' },
      machineHostids: ['0200aabbccdd', '0200aabbccde'],
      disabled: [
        { count: 1, feature: 'solve', key: '0011 2233 4455 6677 ' },
        { count: 5, feature: 'mesh', key: '8899 AABB CCDD EEFF ' },
      ],
    };
    log
      .write('acmed', ...wrongHostidLines(wrong))
      .write('acmed', ...noValidHostidLines)
      .write('lmgrd', ...daemonGaveUpLines('acmed', fatalExits.invalidHost, licenseFiles));
    expectGolden('logs/wrong-hostid.log', log.text);
  });

  test('of daemons that cannot start, or die', () => {
    const log = new Log();
    log
      .write('lmgrd', ...rootWarningLines)
      .write('acmed', ...noFeaturesLines)
      .write('lmgrd', ...daemonGaveUpLines('acmed', fatalExits.noFeatures, licenseFiles))
      .write('betad', ...lockHeldLines({ vendor: 'betad', path: '/var/tmp/lockbetad' }))
      .write('lmgrd', ...daemonGaveUpLines('betad', fatalExits.lockHeld, licenseFiles))
      .write('lmgrd', ...daemonDiedLines('gammad', 9))
      .write('lmgrd', daemonRestartedLine({ vendor: 'gammad', port: 41036, pid: 4799 }));
    expectGolden('logs/failures.log', log.text);
  });
});

test('the notice is ours: it names fauxlm, and no other company or address', () => {
  const text = lmgrdStart(new Log()).join('\n');
  expect(text).toContain('fauxlm');
  expect(text).not.toMatch(/flexera|revenera|macrovision|acresso|globetrotter|https?:|www\./i);
});

test('readers of logs find the start of lmgrd with its version, host and date', () => {
  const line = lmgrdStart(new Log()).find((each) => String(each).includes('started on'));
  expect(line).toMatch(
    /^FlexNet Licensing \(v[\d.]+ build \d+ \S+\) started on \S+ \(linux\) \(3\/9\/2026\)$/,
  );
});

test('a summary block is framed, and its sections are parted by an empty line', () => {
  expect(slogLines('acmed', [['a'], ['b', 'c']])).toEqual([
    `(@acmed-SLOG@) ${'='.repeat(47)}`,
    ...['a', '', 'b', 'c'].map((line) => `(@acmed-SLOG@) ${line}`),
    `(@acmed-SLOG@) ${'='.repeat(47)}`,
  ]);
});

test('statistics hold ten requests at most, slowest or last', () => {
  const request = { at: 0, clients: 2, user: 'ann', host: 'ws1', descriptor: 19, tookMs: 8.4 };
  const many = Array.from({ length: 50 }, () => request);
  const slog = { vendor: 'acmed', at: 0, lastRequests: many, peakRequests: many };
  const rows = statisticsSlogLines(slog).filter((line) => line.includes('00000008 ms at'));
  expect(rows).toHaveLength(20);
  expect(rows[0]).toMatch(/,#2,\(ann,ws1,19\)$/);
});
