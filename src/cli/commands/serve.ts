import type { Argv, CommandModule, Options } from 'yargs';
import { makeClock, parseClock } from '../../base/clock-setting.ts';
import { KnownError } from '../../base/errors.ts';
import { parseListenAddress } from '../../control/http-address.ts';
import { parseFaults } from '../../daemon/faults.ts';
import type { ServerConfig } from '../../daemon/server-config.ts';
import { newNotice } from '../logger.ts';
import { readyLines, runServer } from '../serving.ts';

interface ServeArguments {
  readonly licenses: readonly string[];
  readonly options: readonly string[] | undefined;
  readonly port: number | undefined;
  readonly host: readonly string[] | undefined;
  readonly advertise: string | undefined;
  readonly 'single-port': boolean;
  readonly processes: boolean;
  readonly lenient: boolean;
  readonly log: string | undefined;
  readonly datestamp: boolean;
  readonly protocol: 'current' | 'legacy';
  readonly 'ready-file': string | undefined;
  readonly 'time-zone': string | undefined;
  readonly clock: string;
  readonly http: string | undefined;
  readonly 'connections-max': number | undefined;
  readonly 'lmremove-min-age': number | undefined;
  readonly fault: readonly string[] | undefined;
  readonly json: boolean;
}

function build(yargs: Argv): Argv<ServeArguments> {
  return yargs
    .positional('licenses', {
      type: 'string',
      array: true,
      demandOption: true,
      describe: 'license files, or directories of *.lic',
    })
    .options(
      fromEnvironment({
        options: {
          type: 'string',
          array: true,
          nargs: 1,
          describe: 'options file of a vendor daemon, as VENDOR=FILE; may be repeated',
        },
        port: {
          type: 'number',
          describe:
            'port of the license manager; 0 takes a free one [SERVER line, else 27000-27009]',
        },
        host: {
          type: 'string',
          array: true,
          nargs: 1,
          describe: 'address to listen on; may be repeated [loopback, both families]',
        },
        advertise: { type: 'string', describe: 'HOST[:PORT] that clients are redirected to' },
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
        log: { type: 'string', describe: 'debug log; +FILE appends, - is standard output' },
        datestamp: { type: 'boolean', default: false, describe: 'date and zone on each log line' },
        protocol: {
          choices: ['current', 'legacy'] as const,
          default: 'current' as const,
          describe: 'legacy: redirects and feature lists in 147-byte messages',
        },
        'ready-file': { type: 'string', describe: 'write addresses and ports as JSON once ready' },
        clock: {
          type: 'string',
          default: 'real',
          describe:
            'real, manual (stands still), x60 (60 times as fast); @2030-01-07T09:00 begins there',
        },
        http: {
          type: 'string',
          describe:
            'HOST:PORT of a control plane over HTTP, on this machine only; port 0 takes a free one',
        },
        'time-zone': { type: 'string', describe: 'IANA zone in which dates begin and end' },
        'connections-max': { type: 'number', describe: 'connections of one daemon at most' },
        'lmremove-min-age': {
          type: 'number',
          describe: 'seconds a license must be out before lmremove takes it [120]',
        },
        fault: {
          type: 'string',
          array: true,
          nargs: 1,
          describe: 'something to go wrong, such as "crash vendor=acmed after=5s"',
        },
        json: { type: 'boolean', default: false, describe: 'print the ready line as JSON' },
      }),
    )
    .example('$0 serve acme.lic', 'serve on the port of its SERVER line')
    .example('$0 serve licenses/ --port 0 --log +debug.log', 'any free port, appending the log')
    .epilogue(
      'Every flag may come from the environment: --single-port is FAUXLM_SINGLE_PORT=1.\n' +
        'Also FAUXLM_LOG_LEVEL (trace ... silent) and NO_COLOR. Stop with SIGTERM or Ctrl-C.',
    ) as unknown as Argv<ServeArguments>;
}

/** Gives each flag the default that its variable FAUXLM_<FLAG> names: how containers are configured. */
function fromEnvironment(options: Record<string, Options>): Record<string, Options> {
  const entries = Object.entries(options).map(([flag, option]): [string, Options] => {
    const value = process.env[`FAUXLM_${flag.toUpperCase().replaceAll('-', '_')}`];
    return [
      flag,
      value === undefined || value === '' ? option : { ...option, default: typed(option, value) },
    ];
  });
  return Object.fromEntries(entries);
}

function typed({ type, array }: Options, value: string): unknown {
  if (type === 'boolean') return ['1', 'true', 'yes', 'on'].includes(value.toLowerCase());
  if (type === 'number') return Number(value);
  return array ? value.split(',') : value;
}

/** `fauxlm serve`: a license server on real license files. */
export const serveCommand: CommandModule<object, ServeArguments> = {
  command: 'serve <licenses..>',
  describe: 'serve license files as a license manager and its vendor daemons',
  builder: build as never,
  handler: async (argv) => {
    process.exitCode = await runServer(await configOf(argv), {
      faults: parseFaults(argv.fault ?? []),
      ready: (server, http) => readyLines(server, argv.json, http),
      ...(argv.http === undefined ? {} : { http: parseListenAddress(argv.http, '--http') }),
      ...(argv['ready-file'] === undefined ? {} : { readyFile: argv['ready-file'] }),
    });
  },
};

async function configOf(argv: ServeArguments): Promise<ServerConfig> {
  const { host, port, advertise, log } = argv;
  const timeZone = argv['time-zone'];
  if (timeZone !== undefined) checkTimeZone(timeZone);
  const connectionsMax = argv['connections-max'];
  const lmremoveMinAge = argv['lmremove-min-age'];
  return {
    licenses: argv.licenses.map(String),
    options: Object.fromEntries((argv.options ?? []).map(vendorFile)),
    ...(host === undefined ? {} : { hosts: host }),
    ...(port === undefined ? {} : { port: wholeNumber('--port', port, 0, 65_535) }),
    ...(advertise === undefined ? {} : { advertise: hostAndPort(advertise) }),
    ...(log === undefined ? {} : { log: logTarget(log) }),
    ...(timeZone === undefined ? {} : { timeZone }),
    ...(connectionsMax === undefined
      ? {}
      : { connectionsMax: wholeNumber('--connections-max', connectionsMax, 1, 1_000_000) }),
    ...lmremoveAge('--lmremove-min-age', lmremoveMinAge),
    clock: makeClock(parseClock(argv.clock, '--clock', timeZone)),
    singlePort: argv['single-port'],
    processes: argv.processes,
    lenient: argv.lenient,
    logStyle: argv.datestamp ? 'datestamp' : 'time',
    protocol: argv.protocol,
    commandLine: process.argv.slice(2),
    notice: await newNotice(process.env),
  };
}

/** The configuration's part for a minimum age of seconds, a week at most; nothing when none is given. */
export function lmremoveAge(
  flag: string,
  seconds: number | undefined,
): Pick<ServerConfig, 'lmremoveAgeSecondsMin'> {
  if (seconds === undefined) return {};
  return { lmremoveAgeSecondsMin: wholeNumber(flag, seconds, 0, 604_800) };
}

/** `+FILE` appends, `-` is standard output. Source: LAG, lmgrd `-l`. */
export function logTarget(text: string): { path?: string; append: boolean } {
  if (text === '-') return { append: true };
  return text.startsWith('+')
    ? { path: text.slice(1), append: true }
    : { path: text, append: false };
}

function vendorFile(text: string): [string, string] {
  const at = text.indexOf('=');
  if (at > 0 && at < text.length - 1) return [text.slice(0, at), text.slice(at + 1)];
  throw new KnownError('USAGE', `--options: expected VENDOR=FILE, got "${text}"`);
}

/** HOST, HOST:PORT or [IPV6]:PORT. */
function hostAndPort(text: string): { host: string; port?: number } {
  const match = /^(?:\[([^\]]+)\]|([^:\s]+))(?::(\d{1,5}))?$/.exec(text);
  const host = match?.[1] ?? match?.[2];
  if (host === undefined) {
    throw new KnownError('USAGE', `--advertise: expected HOST or HOST:PORT, got "${text}"`);
  }
  const port = match?.[3];
  return port === undefined
    ? { host }
    : { host, port: wholeNumber('--advertise', Number(port), 1, 65_535) };
}

function wholeNumber(flag: string, value: number, min: number, max: number): number {
  if (Number.isInteger(value) && value >= min && value <= max) return value;
  const text = `${flag}: expected a whole number from ${min} to ${max}, got ${value}`;
  throw new KnownError('USAGE', text);
}

function checkTimeZone(name: string): void {
  try {
    new Intl.DateTimeFormat('en', { timeZone: name });
  } catch {
    const text = `--time-zone: expected an IANA name such as Europe/Berlin, got "${name}"`;
    throw new KnownError('USAGE', text);
  }
}
