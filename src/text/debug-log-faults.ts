import type { LogText } from './debug-log.ts';
import { exitingLine } from './debug-log-admin.ts';

/**
 * Why a vendor daemon gives up for good: lmgrd does not start it again. `status` is both its exit
 * status and the "signal" of its last line. Source: public logs; 35 has no known reason number, its
 * text is ours.
 */
export const fatalExits = {
  invalidHost: { status: 25, reason: 2, text: 'Invalid host' },
  noFeatures: { status: 36, reason: 4, text: 'No features to serve' },
  noFeaturesWindows: { status: 27, reason: 4, text: 'No features to serve' },
  lockHeld: { status: 41, reason: 9, text: 'Exited because another server was running' },
  portTaken: { status: 35, text: 'TCP port in the license could not be opened' },
} as const satisfies Record<string, { status: number; reason?: number; text: string }>;

export type FatalExit = (typeof fatalExits)[keyof typeof fatalExits];

/** The daemon's own last line: `EXITING DUE TO SIGNAL 36 Exit reason 4`. */
export function fatalExitLine(exit: FatalExit): string {
  return exitingLine(exit.status, 'reason' in exit ? exit.reason : undefined);
}

/**
 * lmgrd, of a daemon that gave up. The two-line advice for a daemon without features is FlexNet's.
 */
export function daemonGaveUpLines(
  vendor: string,
  exit: FatalExit,
  licenseFiles: readonly string[],
): string[] {
  const exited = `${vendor} exited with status ${exit.status} (${exit.text})`;
  if (exit.text !== fatalExits.noFeatures.text) {
    return [exited, 'Please correct problem and restart daemons'];
  }
  return [
    exited,
    `${vendor} daemon found no features.  Please correct`,
    'license file and re-start daemons.',
    '',
    'Perhaps the server reads another file than you',
    'think. It reads:',
    ...licenseFiles,
    '',
  ];
}

/** lmgrd, of a daemon that died; it starts it again and then logs `daemonRestartedLine`. */
export function daemonDiedLines(vendor: string, signal: number): string[] {
  return [
    `${vendor} exited with status 0 signal = ${signal}`,
    `Why ${vendor} ended is not known;`,
    'lmgrd will try to start it again.',
  ];
}

export function daemonRestartedLine(daemon: { vendor: string; port: number; pid: number }): string {
  return `REStarted ${daemon.vendor} (internet tcp_port ${daemon.port} pid ${daemon.pid})`;
}

/** The vendor daemon, when the SERVER line's hostid is not this machine's. */
export interface WrongHostid {
  readonly licenseFile: string;
  readonly serverLineSays: string;
  readonly machineHostids: readonly string[];
  /** The counted lines that are lost by it. */
  readonly disabled: Iterable<{
    readonly count: number;
    readonly feature: string;
    /** The first groups of the line's key or signature. */
    readonly key: string;
  }>;
}

/** Source: a public log of MSC 11.19; about two minutes later `noValidHostidLines` follow. */
export function wrongHostidLines(wrong: WrongHostid): string[] {
  const lines = [
    'Wrong hostid on SERVER line for license file:',
    `\t${wrong.licenseFile}`,
    `SERVER line says ${wrong.serverLineSays}, hostid is "${wrong.machineHostids.join(' ')}"`,
    'Invalid hostid on SERVER line',
  ];
  for (const { count, feature, key } of wrong.disabled) {
    const licenses = count === 1 ? 'license' : 'licenses';
    lines.push(`Disabling ${count} ${licenses} from feature ${feature}(${key})`);
  }
  return lines;
}

export const noValidHostidLines: readonly LogText[] = [
  'No valid hostids, exiting',
  fatalExitLine(fatalExits.invalidHost),
];

/** The vendor daemon with nothing valid to serve. */
export const noFeaturesLines: readonly LogText[] = [
  'No features to serve, exiting',
  fatalExitLine(fatalExits.noFeatures),
];

/** The vendor daemon, when another one of its name runs on this machine. */
export function lockHeldLines(lock: { vendor: string; path: string }): string[] {
  return [
    `Cannot open lock file. errno=11 (${lock.path}): Resource temporarily unavailable`,
    `MULTIPLE "${lock.vendor}" license server systems running.`,
    'Please kill, and run lmreread',
    fatalExitLine(fatalExits.lockHeld),
  ];
}

/** Every few seconds for about six minutes, while the daemon's port is taken. */
export const retryingBindLine = 'Retrying socket bind (address in use)';

/** lmgrd run by root. Our wording. */
export const rootWarningLines: readonly string[] = [
  'Warning: lmgrd runs as root.',
  'A license server needs no such rights, and with them it is a risk.',
  'Start it as an ordinary user.',
];
