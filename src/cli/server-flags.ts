import type { Options, PositionalOptions } from 'yargs';
import { makeClock, parseClock } from '../base/clock-setting.ts';
import type { ServerConfig } from '../daemon/server-config.ts';
import {
  lmremoveAge,
  serverLog,
  stateFolder,
  timeZoneName,
  vendorFile,
  wholeNumber,
} from './flag-values.ts';
import { logLevels } from './logger.ts';

/** What every command that starts a server takes. */
export interface ServerArguments {
  readonly licenses: readonly string[];
  readonly options: readonly string[] | undefined;
  readonly 'single-port': boolean;
  readonly processes: boolean;
  readonly lenient: boolean;
  readonly log: string | undefined;
  readonly datestamp: boolean;
  readonly 'verbose-log': boolean;
  readonly protocol: 'current' | 'legacy';
  readonly 'time-zone': string | undefined;
  readonly clock: string;
  readonly state: string | undefined;
  readonly http: string | undefined;
  readonly 'http-tokens': string | undefined;
  readonly 'http-audit': string | undefined;
  readonly scenarios: string | undefined;
  readonly 'oidc-issuer': string | undefined;
  readonly 'oidc-audience': string | undefined;
  readonly 'oidc-role': readonly string[] | undefined;
  readonly 'connections-max': string | undefined;
  readonly 'lmremove-min-age': string | undefined;
  readonly fault: readonly string[] | undefined;
  readonly seed: string | undefined;
  readonly 'log-level': string;
}

/** What they serve. */
export const licensesPositional = {
  type: 'string',
  array: true,
  demandOption: true,
  describe: 'license files, or directories of *.lic',
} as const satisfies PositionalOptions;

/** Their flags and help. */
export const serverFlags: Record<string, Options> = {
  options: {
    type: 'string',
    array: true,
    nargs: 1,
    describe: 'options file of a vendor daemon, as VENDOR=FILE; may be repeated',
  },
  'single-port': {
    type: 'boolean',
    default: false,
    describe: 'one port for manager and vendor daemons, for mapped ports',
  },
  processes: {
    type: 'boolean',
    default: false,
    describe: 'each vendor daemon in a process of its own, which may be killed',
  },
  lenient: {
    type: 'boolean',
    default: false,
    describe: 'serve what can be served where a real license manager would refuse',
  },
  log: {
    type: 'string',
    nargs: 1,
    describe:
      'debug log; +FILE appends, - is standard output, default is where the vendor’s own has it',
  },
  datestamp: { type: 'boolean', default: false, describe: 'date and zone on each log line' },
  protocol: {
    choices: ['current', 'legacy'] as const,
    default: 'current' as const,
    describe: 'legacy: redirects and feature lists in 147-byte messages',
  },
  'verbose-log': {
    type: 'boolean',
    default: false,
    describe:
      'lines of seats in the debug log end in version, address, pid, handle, seats in use ...',
  },
  clock: {
    type: 'string',
    nargs: 1,
    default: 'real',
    describe: 'real, manual (stands still), x60 (60 times as fast); @2030-01-07T09:00 begins there',
  },
  http: {
    type: 'string',
    nargs: 1,
    describe: 'HOST:PORT of a control plane and page over HTTP; port 0 takes a free one',
  },
  'http-tokens': {
    type: 'string',
    nargs: 1,
    describe:
      'file of ROLE NAME TOKEN lines: who may ask; needed where other machines reach --http',
  },
  'http-audit': {
    type: 'string',
    nargs: 1,
    describe: 'file to which every change over --http is added, with who made it',
  },
  scenarios: {
    type: 'string',
    nargs: 1,
    describe: 'folder of scenario files that --http may run',
  },
  'oidc-issuer': {
    type: 'string',
    nargs: 1,
    describe: 'URL of an OpenID Connect issuer whose tokens --http takes, too',
  },
  'oidc-audience': {
    type: 'string',
    nargs: 1,
    describe: 'whom those tokens must be for (aud)',
  },
  'oidc-role': {
    type: 'string',
    array: true,
    nargs: 1,
    describe: 'who may do what by them, as ROLE=CLAIM:VALUE; may be repeated',
  },
  'lmremove-min-age': {
    type: 'string',
    nargs: 1,
    describe: 'seconds a license must be out before lmremove takes it [120]',
  },
  state: {
    type: 'string',
    nargs: 1,
    describe: 'folder that keeps borrowed licenses over a restart',
  },
  'time-zone': {
    type: 'string',
    nargs: 1,
    describe: 'IANA zone in which dates begin and end',
  },
  'connections-max': {
    type: 'string',
    nargs: 1,
    describe: 'connections of one daemon at most',
  },
  fault: {
    type: 'string',
    array: true,
    nargs: 1,
    describe:
      'something to go wrong, such as "crash vendor=acmed after=5s"; see fauxlm fault kinds',
  },
  seed: {
    type: 'string',
    nargs: 1,
    describe: 'of all that faults leave to chance: the same seed, the same faults [1]',
  },
  'log-level': {
    type: 'string',
    nargs: 1,
    default: 'info',
    describe: `what of the server goes to standard error: ${logLevels.join(', ')}`,
  },
};

/** Of a member of a triad. */
export interface MemberArguments {
  readonly 'triad-member': string | undefined;
  readonly 'triad-hosts': string | undefined;
}

export const memberFlags: Record<string, Options> = {
  'triad-member': {
    type: 'string',
    nargs: 1,
    describe:
      'of three SERVER lines, the one to be: HOST, HOST:PORT, 1, 2, 3; none: a single server [whose host this is]',
  },
  'triad-hosts': {
    type: 'string',
    nargs: 1,
    describe: 'HOST,HOST,HOST at which the three are reached [those of the SERVER lines]',
  },
};

/** With a --port of its own it is nobody whom the other two would find, unless it is named. */
export function triadWish(
  argv: MemberArguments,
  port: string | undefined,
): Pick<ServerConfig, 'triadWish'> {
  const { 'triad-member': member, 'triad-hosts': hosts } = argv;
  if (member === 'none' || (member === undefined && port !== undefined)) return {};
  return {
    triadWish: {
      ...(member === undefined ? {} : { member }),
      ...(hosts === undefined ? {} : { hosts: hosts.split(',') }),
    },
  };
}

/** @throws KnownError USAGE for values that are none */
export function serverConfigOf(argv: ServerArguments): ServerConfig {
  const { log } = argv;
  const timeZone = argv['time-zone'];
  const connectionsMax = argv['connections-max'];
  return {
    licenses: argv.licenses.map(String),
    options: Object.fromEntries((argv.options ?? []).map(vendorFile)),
    ...(log === undefined ? {} : { log: serverLog(log) }),
    ...(timeZone === undefined ? {} : { timeZone: timeZoneName(timeZone) }),
    ...(connectionsMax === undefined
      ? {}
      : { connectionsMax: wholeNumber('--connections-max', connectionsMax, 1, 1_000_000) }),
    ...lmremoveAge('--lmremove-min-age', argv['lmremove-min-age']),
    ...(argv.state === undefined ? {} : { stateFolder: stateFolder(argv.state, '--state') }),
    ...(argv.seed === undefined ? {} : { seed: argv.seed }),
    clock: makeClock(parseClock(argv.clock, '--clock', timeZone)),
    singlePort: argv['single-port'],
    processes: argv.processes,
    lenient: argv.lenient,
    logStyle: argv.datestamp ? 'datestamp' : 'time',
    verboseLog: argv['verbose-log'],
    protocol: argv.protocol,
    commandLine: process.argv.slice(2),
  };
}
