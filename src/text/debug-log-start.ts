import type { EpochMs } from '../base/clock.ts';
import { monthDayYear, systemStamp } from '../base/local-time.ts';
import { copyrightText, releaseText } from './banner.ts';
import { expiredLine, type LogText } from './debug-log.ts';
import { featureListLines, type ListedFeature } from './debug-log-features.ts';
import { type OptionsComplaints, optionsComplaintLines } from './debug-log-options.ts';
import {
  type LmgrdSlog,
  lmgrdSlogLines,
  type VendorSlog,
  vendorSlogLines,
} from './debug-log-slog.ts';

/** The machine the server says it runs on. */
export type LogPlatform = 'linux' | 'windows';

const platformWords = { linux: 'linux', windows: 'IBM PC' } as const;

const rule = '-'.repeat(47);

/** Where FlexNet's lmgrd has a notice. Ours says what wrote this log. */
const notice = [
  '  Please read this first:',
  '',
  '  This log was written by fauxlm, a test double',
  '  of a license server. No vendor daemon ran, no',
  '  signature was checked and no license granted',
  '  here allows anybody to run anything.',
  '',
  '  Its lines have the form that license servers',
  '  give theirs, for programs that read such logs:',
  '  local time without a date, the daemon, an',
  '  event. The date is in the lines that start a',
  '  daemon and in TIMESTAMP lines; when the time',
  '  goes back, a day has passed.',
  '',
] as const;

const slogEnabled = 'SLOG: Summary LOG statistics is enabled.';

export interface LmgrdStart extends LmgrdSlog {
  readonly host: string;
  readonly platform: LogPlatform;
  /** lmgrd -local. */
  readonly localOnly: boolean;
  readonly homePage?: string;
}

/**
 * Everything lmgrd logs before it starts vendor daemons. Source: public logs of lmgrd 11.6 to
 * 11.18; the pid and `Done rereading` are in those of Windows only.
 */
export function lmgrdStartLines(start: LmgrdStart): LogText[] {
  const windows = start.platform === 'windows';
  const machine = `${start.host} (${platformWords[start.platform]})`;
  const date = monthDayYear(start.startedAt);
  return [
    rule,
    ...notice,
    rule,
    '',
    '',
    systemDateLine(start.startedAt),
    ...(windows ? [`pid ${start.pid}`] : []),
    slogEnabled,
    ...(windows ? ['Done rereading'] : []),
    `FlexNet Licensing (${releaseText(start.release)}) started on ${machine} (${date})`,
    copyrightText,
    ...(start.homePage === undefined ? [] : [`World Wide Web:  ${start.homePage}`]),
    ...(start.localOnly ? ['lmdown/lmreread only allowed on this machine'] : []),
    `License file(s): ${start.licenseFiles.join(' ')}`,
    `lmgrd tcp-port ${start.port}`,
    ...lmgrdSlogLines(start),
    startingVendorDaemonsLine,
  ];
}

/** The one line that tells the zone as well. */
export function systemDateLine(at: EpochMs): string {
  return `Server's System Date and Time: ${systemStamp(at)}`;
}

/** Once, before the first vendor daemon; the blank at its end is FlexNet's. */
const startingVendorDaemonsLine = 'Starting vendor daemons ... ';

export interface DaemonLaunch {
  readonly vendor: string;
  readonly port: number;
  /** Whether the VENDOR line fixes the port (PORT=). */
  readonly fixedPort: boolean;
  readonly pid: number;
  readonly platform: LogPlatform;
}

/** What lmgrd logs as it starts a vendor daemon. */
export function daemonLaunchLines(launch: DaemonLaunch): string[] {
  const { vendor, port, pid } = launch;
  const windows = launch.platform === 'windows';
  const atPort = windows ? [`Starting vendor daemon at port ${port}`] : [];
  const fixed = [...atPort, `Using vendor daemon port ${port} specified in license file`];
  const where = windows ? `pid ${pid}` : `internet tcp_port ${port} pid ${pid}`;
  return [...(launch.fixedPort ? fixed : []), `Started ${vendor} (${where})`];
}

/** lmgrd's line once the daemon told its port. */
export function daemonPortLine(vendor: string, port: number): string {
  return `${vendor} using TCP-port ${port}`;
}

export interface VendorStart extends VendorSlog {
  /** This machine's name. */
  readonly host: string;
  readonly lmgrdVersion: string;
  /** Features with a line that has expired, one entry a line. */
  readonly expired: readonly string[];
  readonly features: Iterable<ListedFeature>;
  readonly caseSensitive?: boolean;
  /** What the options file asked for: texts from `optionEchoes`. */
  readonly optionEchoes?: readonly string[];
  readonly optionsComplaints?: OptionsComplaints | undefined;
  /** Set when the daemon answers for more vendor names than its own. */
  readonly vendorNames?: readonly string[];
}

/** Everything a vendor daemon logs as it starts. Source: public logs of five vendor daemons. */
export function vendorStartLines(start: VendorStart): LogText[] {
  const { vendor, release } = start;
  return [
    `FlexNet Licensing version ${releaseText(release)}`,
    ...versionLines(start),
    slogEnabled,
    'SLOG: FNPLS-INTERNAL-CKPT1',
    'SLOG: VM Status: 0',
    ...(start.optionsFile === undefined ? [] : [`Using options file: "${start.optionsFile}"`]),
    ...optionsComplaintLines(start.optionsComplaints ?? {}),
    ...start.expired.map(expiredLine),
    ...featureListLines(start.host, start.features),
    ...(start.caseSensitive ? ['', `Licenses are case sensitive for ${vendor}`] : []),
    'EXTERNAL FILTERS are OFF',
    ...(start.optionEchoes ?? []),
    ...vendorNameLines(start.vendorNames),
    'SLOG: Statistics Log Frequency is 240 minute(s).',
    'SLOG: TS update poll interval is 600 seconds.',
    'SLOG: Activation borrow reclaim percentage is 0.',
    ...vendorSlogLines(start),
  ];
}

/**
 * Told, with an empty line without prefix, only when manager and daemon are of different releases.
 */
function versionLines({ vendor, lmgrdVersion, release }: VendorStart): LogText[] {
  const [manager, daemon] = [majorMinor(lmgrdVersion), majorMinor(release.version)];
  if (manager === daemon) return [];
  return [`lmgrd version ${manager}, ${vendor} version ${daemon}`, { bare: '' }];
}

/** `11.18` of `11.18.1.0`. */
function majorMinor(version: string): string {
  return version.split('.').slice(0, 2).join('.');
}

/** The names follow on a line without prefix, a blank before and two after each... */
function vendorNameLines(names: readonly string[] = []): LogText[] {
  if (names.length < 2) return [];
  const list = ` ${names.map((name) => `${name}  `).join('')}`;
  return ['Serving features for the following vendor names:', { bare: list }];
}

/** At the first client. */
export const firstClientLines = ['TCP_NODELAY NOT enabled', 'Listener Thread: running'] as const;

/** How a daemon repeats, at start and reread, what its options file says. Source: public logs. */
export const optionEchoes = {
  timeout: (feature: string, seconds: number) =>
    `FEATURE   ${feature} INACTIVITY TIMEOUT set to ${seconds} seconds`,
  timeoutAll: (seconds: number) => `ALL FEATURES: INACTIVITY TIMEOUT set to ${seconds} seconds`,
  maxBorrow: (feature: string, hours: number) =>
    `Max borrow interval for feature, ${feature}, set to ${hours} hours`,
  /** `type` is FlexNet's word: USER, HOST, USER_GROUP ... */
  reserve: (seat: { count: number; feature: string; key: string; type: string; name: string }) =>
    `RESERVING ${seat.count} ${seat.feature}/${seat.key}  licenses for ${seat.type} ${seat.name}`,
  includeBorrow: (feature: string, type: string, name: string) =>
    `INCLUDE_BORROW ${type} ${name} in ${feature}`,
} as const;
