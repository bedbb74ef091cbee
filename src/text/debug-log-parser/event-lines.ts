import { monthNames } from '../../base/local-time.ts';
import type { ParsedEvent, ParsedRelease } from './parsed.ts';

type Row = readonly [
  pattern: RegExp,
  event: (...found: readonly (string | undefined)[]) => ParsedEvent,
];

const release = String.raw`v([\d.]+)(?: build (\d{1,9}) (\S+))?`;

/** Every line that tells a fact and is no seat's, each with what it tells. Patterns are anchored at both ends. */
const rows: readonly Row[] = [
  [
    /^TIMESTAMP (\d{1,2})\/(\d{1,2})\/(\d{4})$/,
    (month, day, year) => ({ kind: 'timestamp', date: isoDay(year, month, day) }),
  ],
  [/^EXPIRED: (\S+)$/, (feature = '') => ({ kind: 'expired', feature })],
  [
    /^Server's System Date and Time: \w{3} (\w{3}) (\d\d) (\d{4}) (\d\d:\d\d:\d\d) ?(.*)$/,
    (month, day, year, time, zone = '') => ({
      kind: 'systemDate',
      at: `${isoDay(year, monthNumber(month), day)}T${time}`,
      zone,
    }),
  ],
  [
    new RegExp(
      String.raw`^FLEXnet Licensing \(${release}\) started on (\S+) \((.+)\) \((\d{1,2})\/(\d{1,2})\/(\d{4})\)$`,
      'i',
    ),
    (version, build, platform, host = '', _system, month, day, year) => ({
      kind: 'managerStarted',
      ...releaseOf(version, build, platform),
      ...{ host, date: isoDay(year, month, day) },
    }),
  ],
  [
    new RegExp(`^FLEXnet Licensing version ${release}$`, 'i'),
    (version, build, platform) => ({
      kind: 'daemonRelease',
      ...releaseOf(version, build, platform),
    }),
  ],
  [
    /^(RES|S)tarted (\S+) \((?:internet tcp_port (\d{1,5}) )?pid (\d{1,9})\)$/i,
    (how, vendor = '', port, pid) => ({
      kind: 'daemonStarted',
      ...{ vendor, pid: Number(pid), again: how?.toUpperCase() === 'RES' },
      ...(port === undefined ? {} : { port: Number(port) }),
    }),
  ],
  [
    /^(\S+) using TCP-port (\d{1,5})$/,
    (vendor = '', port) => ({ kind: 'daemonPort', vendor, port: Number(port) }),
  ],
  [/^lmgrd tcp-port (\d{1,5})$/, (port) => ({ kind: 'managerPort', port: Number(port) })],
  [/^License file\(s\): (.*)$/, (path = '') => ({ kind: 'licenseFiles', path })],
  [/^Using options file:? "(.*)"$/, (path = '') => ({ kind: 'optionsFile', path })],
  [
    /^Rereading license file\.\.\. Requested from (.*)@(\S*)$/,
    (user = '', host = '') => ({ kind: 'rereadRequested', user, host }),
  ],
  [/^Rereading license file\.\.\.$/, () => ({ kind: 'rereading' })],
  [/^\.\.\.Finished rereading$/, () => ({ kind: 'reread' })],
  [/^Updating feature (\S+)$/, (feature = '') => ({ kind: 'featureUpdated', feature })],
  [
    /^SHUTDOWN request from (.*) at node (\S+)$/,
    (user = '', host = '') => ({ kind: 'shutdownRequested', user, host }),
  ],
  [/^Shutdown requested\.$/, () => ({ kind: 'stopping' })],
  [
    /^Shutting down (\S+) pid=(\d{1,9}) because of signal (\d{1,3})$/,
    (vendor = '', pid, signal) => ({
      kind: 'daemonKilled',
      vendor,
      pid: Number(pid),
      signal: Number(signal),
    }),
  ],
  [
    /^EXITING DUE TO SIGNAL (\d{1,3})(?: Exit reason (\d{1,3}))?$/,
    (signal, reason) => ({
      kind: 'exiting',
      signal: Number(signal),
      ...(reason === undefined ? {} : { reason: Number(reason) }),
    }),
  ],
  [
    /^(\S+) exited with status (\d{1,3})(?: signal = (\d{1,3}))?(?: \((.*)\))?$/,
    (vendor = '', status, signal, text) => ({
      kind: 'daemonExited',
      ...{ vendor, status: Number(status) },
      ...(signal === undefined ? {} : { signal: Number(signal) }),
      ...(text === undefined ? {} : { text }),
    }),
  ],
  [
    /^Checkin failed feature "(.*)": (.*)$/,
    (feature = '', client = '') => ({ kind: 'checkinFailed', feature, client }),
  ],
];

/** The fact a line tells; undefined when it is none of these. */
export function readEventLine(text: string): ParsedEvent | undefined {
  for (const [pattern, event] of rows) {
    const found = pattern.exec(text);
    if (found) return event(...found.slice(1));
  }
  return undefined;
}

function releaseOf(version = '', build?: string, platform?: string): ParsedRelease {
  const told = build === undefined || platform === undefined;
  return told ? { version } : { version, build: Number(build), platform };
}

function isoDay(year = '', month = '', day = ''): string {
  return `${year}-${month.padStart(2, '0')}-${day.padStart(2, '0')}`;
}

function monthNumber(name = ''): string {
  return `${monthNames.indexOf(name) + 1}`;
}
