import type { EpochMs } from '../base/clock.ts';
import { blankPaddedTime, monthDayYear, systemStamp } from '../base/local-time.ts';
import { type Release, releaseText } from './banner.ts';
import { printable } from './wording.ts';

const frame = '='.repeat(47);

/**
 * A summary ("SLOG") block: sections between two rules, a blank line between sections; every line
 * is marked with its daemon. Source: public logs of lmgrd and four vendor daemons, 11.12 to 11.18.
 */
export function slogLines(daemon: string, sections: readonly (readonly string[])[]): string[] {
  const mark = `(@${daemon}-SLOG@) `;
  const body = sections.flatMap((section, index) => (index === 0 ? section : ['', ...section]));
  return [frame, ...body, frame].map((line) => `${mark}${line}`);
}

/** What a SLOG block says of a daemon's start. */
interface DaemonStart {
  readonly startedAt: EpochMs;
  readonly pid: number;
  readonly release: Release;
  readonly port: number;
}

function startSection(title: string, versionLabel: string, start: DaemonStart): string[] {
  const { release } = start;
  return [
    title,
    `Start-Date: ${systemStamp(start.startedAt)}`,
    `PID: ${start.pid}`,
    `${versionLabel}: ${releaseText(release)} ( build ${release.build} (ipv6))`,
  ];
}

export interface LmgrdSlog extends DaemonStart {
  readonly service: boolean;
  readonly triad: boolean;
  readonly commandLine: readonly string[];
  readonly licenseFiles: readonly string[];
}

/** lmgrd's block, before it starts vendor daemons. The word for a triad is a guess. */
export function lmgrdSlogLines(slog: LmgrdSlog): string[] {
  const words = slog.commandLine.map((word) => `${word} `);
  return slogLines('lmgrd', [
    startSection('=== LMGRD ===', 'LMGRD Version', slog),
    ['=== Network Info ===', `Listening port: ${slog.port}`],
    [
      '=== Startup Info ===',
      ...(slog.service ? ['Is LS run as a service: Yes'] : []),
      `Server Configuration: ${slog.triad ? 'Three Server Redundancy' : 'Single Server'}`,
      `Command-line options used at LS startup: ${words.join('')}`,
      `License file(s) used:  ${slog.licenseFiles.join(' ')}`,
    ],
  ]);
}

export interface VendorSlog extends DaemonStart {
  readonly vendor: string;
  readonly optionsFile?: string;
  readonly restarts: number;
  /** The host of the SERVER line, as written. */
  readonly serverHost: string;
  /** The hostids of the SERVER line; absent when it says ANY. */
  readonly lockedTo?: readonly string[];
  readonly machineHostids?: readonly string[];
  readonly selectTimeoutSeconds?: number;
}

const noTrustedStorage = ['Is TS accessed: No', 'TS access time: -NA-'] as const;
/** DAEMON_SELECT_TIMEOUT; 1 unless set. */
function selectTimeout(seconds = 1): string {
  return `Daemon select timeout (in seconds): ${seconds}`;
}

/** A vendor daemon's block, at the end of its start. */
export function vendorSlogLines(slog: VendorSlog): string[] {
  return slogLines(slog.vendor, [
    [
      '=== Vendor Daemon ===',
      `Vendor daemon: ${slog.vendor}`,
      ...startSection('', 'VD Version', slog).slice(1),
    ],
    [
      '=== Startup/Restart Info ===',
      `Options file used: ${slog.optionsFile ?? 'None'}`,
      'Is vendor daemon a CVD: No',
      ...noTrustedStorage,
      `Number of VD restarts since LS startup: ${slog.restarts}`,
    ],
    [
      '=== Network Info ===',
      `Listening port: ${slog.port}`,
      selectTimeout(slog.selectTimeoutSeconds),
    ],
    [
      '=== Host Info ===',
      `Host used in license file: ${slog.serverHost}`,
      ...hostidLine('HostID node-locked in license file', slog.lockedTo),
      ...hostidLine('HostID of the License Server', slog.machineHostids),
      'Running on Hypervisor: Not determined - treat as Physical',
    ],
  ]);
}

/** Several ids stand in quotes; a single one is followed by a blank. */
function hostidLine(label: string, hostids: readonly string[] = []): string[] {
  if (hostids.length === 0) return [];
  return [`${label}: ${hostids.length > 1 ? `"${hostids.join(' ')}"` : `${hostids[0]} `}`];
}

export interface RereadSlog {
  readonly vendor: string;
  readonly at: EpochMs;
  /** Since the daemon started, this one included. */
  readonly count: number;
  /** Seen: Manual. The word for the one at midnight is a guess. */
  readonly mechanism: 'Manual' | 'Automatic';
  readonly optionsFile?: string;
  readonly licenseFiles: readonly string[];
  readonly selectTimeoutSeconds?: number;
}

/** The block at the end of a reread. */
export function rereadSlogLines(slog: RereadSlog): string[] {
  return slogLines(slog.vendor, [
    [
      '=== Reread Info ===',
      `Reread time: ${systemStamp(slog.at)}`,
      `Number of rereads since vendor daemon startup: ${slog.count}`,
      `Reread mechanism: ${slog.mechanism}`,
      ...noTrustedStorage,
      selectTimeout(slog.selectTimeoutSeconds),
      `Options file used: ${slog.optionsFile ?? 'None'}`,
      `License file(s) used:  ${slog.licenseFiles.join(' ')}`,
    ],
  ]);
}

/** One request as the statistics remember it. */
export interface RequestTime {
  readonly tookMs: number;
  readonly at: EpochMs;
  /** Clients connected then. */
  readonly clients: number;
  readonly user: string;
  readonly host: string;
  /** The connection's number. */
  readonly descriptor: number;
}

export interface StatisticsSlog {
  readonly vendor: string;
  readonly at: EpochMs;
  readonly lastRequests: readonly RequestTime[];
  readonly peakRequests: readonly RequestTime[];
  /** Absent while nobody has connected. */
  readonly peakConnections?: { readonly count: number; readonly at: EpochMs };
}

/**
 * The statistics that a daemon writes every four hours and when it stops, as Linux daemons have
 * them.
 */
export function statisticsSlogLines(slog: StatisticsSlog): string[] {
  const time = `Time: ${systemStamp(slog.at)}`;
  const columns =
    'Request processing time, when, #concurrent clients, client info (user, node, FD)';
  const peak = slog.peakConnections;
  return slogLines(slog.vendor, [
    [
      '=== Last 10 Client Requests Processing Time (in ms) ===',
      time,
      columns,
      ...slog.lastRequests.slice(0, 10).map(requestLine),
    ],
    [
      '=== Top 10 Peak Client Requests Processing Time (in ms) ===',
      time,
      columns,
      ...slog.peakRequests.slice(0, 10).map(requestLine),
    ],
    [
      '=== Top 10 Peak In-house Operations time (in ms) ===',
      'NOTE: Peak times greater than 4 seconds get recorded.',
      time,
      'In-house operation time, when, #concurrent clients',
    ],
    [
      '=== Active Connections Info ===',
      ...(peak
        ? [`Peak active connections #${peak.count} attempted at ${systemStamp(peak.at)}`]
        : []),
    ],
    // Windows tells the memory used here; on Linux the section is empty.
    [],
  ]);
}

/** `00000008 ms at 21:06:15(1/8/2017),#3,(ann,ws1,19)` */
function requestLine({ tookMs, at, clients, user, host, descriptor }: RequestTime): string {
  const took = `${Math.round(tookMs)}`.padStart(8, '0');
  const who = printable(`(${user},${host},${descriptor})`);
  return `${took} ms at ${blankPaddedTime(at)}(${monthDayYear(at)}),#${clients},${who}`;
}
