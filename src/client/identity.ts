import { readlinkSync } from 'node:fs';
import { hostname, networkInterfaces, userInfo } from 'node:os';
import type { Environment } from './search-path.ts';

/** Who asks for a license, as hello and identify tell it. */
export interface ClientIdentity {
  readonly user: string;
  readonly host: string;
  /** A terminal or an X display. */
  readonly display: string;
  /** FlexNet's tag, such as `x64_lsb`. */
  readonly platform: string;
  readonly pid: number;
  /** LM_PROJECT, or ''. */
  readonly project: string;
  /** Ethernet addresses, twelve digits in upper case. */
  readonly hostids: readonly string[];
  /** It runs in a remote-desktop session. */
  readonly remoteDesktop?: boolean;
  /** The node or CPU of a parallel build that this is about. */
  readonly node?: string;
}

/** The FlexNet version our programs say they are built with. */
export const CLIENT_VERSION = { major: 11, minor: 18 } as const;

/** FlexNet's names of platforms. unverified: the rows for ARM and macOS. */
const platformTags: Readonly<Record<string, string>> = {
  'linux-x64': 'x64_lsb',
  'linux-ia32': 'i86_lsb',
  'linux-arm64': 'arm64_lsb',
  'win32-x64': 'x64_n6',
  'win32-ia32': 'i86_n3',
  'darwin-x64': 'x64_mac10',
  'darwin-arm64': 'arm64_mac11',
};

/** Fields are cut here, well under what a message may carry. */
const FIELD_CHARACTERS_MAX = 255;

type GivenName = 'user' | 'host' | 'display' | 'remoteDesktop' | 'node';

/** What is undefined is not given. */
export type GivenIdentity = { readonly [Name in GivenName]?: ClientIdentity[Name] | undefined };

/** This process's identity; what is given replaces what the machine says. */
export function localIdentity(env: Environment, given: GivenIdentity = {}): ClientIdentity {
  const identity = {
    user: given.user ?? userName(env),
    host: given.host ?? hostname(),
    display: given.display ?? displayName(env),
    platform: platformTags[`${process.platform}-${process.arch}`] ?? process.platform,
    pid: process.pid,
    project: env['LM_PROJECT'] ?? '',
    hostids: ethernetAddresses(),
    ...((given.remoteDesktop ?? isRemoteDesktop(env)) && { remoteDesktop: true }),
    ...(given.node !== undefined && { node: given.node }),
  };
  const cut = Object.entries(identity).map(([name, value]) => {
    return [name, typeof value === 'string' ? value.slice(0, FIELD_CHARACTERS_MAX) : value];
  });
  return Object.fromEntries(cut) as ClientIdentity;
}

/** The fields of an identify message; `clientTime` is in Unix seconds. */
export function identifyFields(
  { remoteDesktop, node, ...identity }: ClientIdentity,
  clientTime: number,
) {
  const session = remoteDesktop ? [{ name: 'session', value: 'remote' }] : [];
  return {
    ...identity,
    clientTime,
    versionMajor: CLIENT_VERSION.major,
    versionMinor: CLIENT_VERSION.minor,
    traits: [...session, ...(node === undefined ? [] : [{ name: 'node', value: node }])],
  };
}

/** Windows names the sessions of remote desktops so. unverified: that FlexNet's own clients look there. */
function isRemoteDesktop(env: Environment): boolean {
  return /^RDP-/i.test(env['SESSIONNAME'] ?? '');
}

/** A container may run under a number that no user database has. */
function userName(env: Environment): string {
  try {
    return userInfo().username;
  } catch {
    return env['USER'] ?? env['USERNAME'] ?? `${process.getuid?.() ?? 'unknown'}`;
  }
}

/** The terminal of the process, else its X display, else the name any terminal answers to. */
function displayName(env: Environment): string {
  for (const descriptor of [0, 1, 2]) {
    const name = terminalOf(descriptor);
    if (name) return name;
  }
  return env['DISPLAY'] || '/dev/tty';
}

function terminalOf(descriptor: number): string | undefined {
  try {
    const name = readlinkSync(`/proc/self/fd/${descriptor}`);
    return /^\/dev\/(pts\/|tty)/.test(name) ? name : undefined;
  } catch {
    return undefined; // no /proc here, or the descriptor is closed
  }
}

function ethernetAddresses(): readonly string[] {
  const addresses = Object.values(networkInterfaces())
    .flatMap((each) => each ?? [])
    .filter(({ internal }) => !internal)
    .map(({ mac }) => mac.replaceAll(':', '').toUpperCase())
    .filter((mac) => mac !== '000000000000');
  return [...new Set(addresses)].slice(0, HOSTIDS_MAX);
}

/** A machine with many containers has hundreds of interfaces; the first few are its own. */
const HOSTIDS_MAX = 32;
