import type { Argv, CommandModule } from 'yargs';
import { makeClock, parseClock } from '../../base/clock-setting.ts';
import { parseListenAddress } from '../../control/http-address.ts';
import { parseFaults } from '../../daemon/faults.ts';
import type { ServerConfig } from '../../daemon/server-config.ts';
import { fromEnvironment } from '../environment-flags.ts';
import { withExamples } from '../examples.ts';
import {
  hostAndPort,
  listenHost,
  lmremoveAge,
  serverLog,
  stateFolder,
  timeZoneName,
  vendorFile,
  wholeNumber,
} from '../flag-values.ts';
import { logLevelOf, logLevels, openOperationalLog } from '../logger.ts';
import { readyLines } from '../ready-file.ts';
import { runServer, watchParent } from '../serving.ts';

interface ServeArguments {
  readonly licenses: readonly string[];
  readonly options: readonly string[] | undefined;
  readonly port: string | undefined;
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
  readonly state: string | undefined;
  readonly http: string | undefined;
  readonly 'connections-max': string | undefined;
  readonly 'lmremove-min-age': string | undefined;
  readonly fault: readonly string[] | undefined;
  readonly 'log-level': string;
  readonly 'stop-with-parent': boolean;
  readonly json: boolean;
}

function build(yargs: Argv): Argv<ServeArguments> {
  return withExamples(yargs, [
    ['serve acme.lic', 'on the port of its SERVER line'],
    ['serve licenses/ --port 0 --log +debug.log', 'any free port; the log is appended to'],
    ['serve a.lic --processes', 'daemons that may be killed: kill -9 PID'],
  ])
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
          type: 'string',
          nargs: 1,
          describe:
            'port of the license manager; 0 takes a free one [SERVER line, else 27000-27009]',
        },
        host: {
          type: 'string',
          array: true,
          nargs: 1,
          describe: 'address to listen on; may be repeated [loopback, both families]',
        },
        advertise: {
          type: 'string',
          nargs: 1,
          describe: 'HOST[:PORT] that clients are redirected to',
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
        'ready-file': {
          type: 'string',
          nargs: 1,
          describe: 'write addresses and ports as JSON once ready',
        },
        clock: {
          type: 'string',
          nargs: 1,
          default: 'real',
          describe:
            'real, manual (stands still), x60 (60 times as fast); @2030-01-07T09:00 begins there',
        },
        http: {
          type: 'string',
          nargs: 1,
          describe:
            'HOST:PORT of a control plane over HTTP, on this machine only; port 0 takes a free one',
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
          describe: 'something to go wrong, such as "crash vendor=acmed after=5s"',
        },
        'log-level': {
          type: 'string',
          nargs: 1,
          default: 'info',
          describe: `what of the server goes to standard error: ${logLevels.join(', ')}`,
        },
        'stop-with-parent': {
          type: 'boolean',
          default: false,
          describe: 'stop when the process that started this one ends',
        },
        json: { type: 'boolean', default: false, describe: 'print the ready line as JSON' },
      }),
    )
    .epilogue(
      'Every flag may come from the environment: --single-port is FAUXLM_SINGLE_PORT=1.\n' +
        'NO_COLOR is respected. Stop with SIGTERM or Ctrl-C.',
    ) as unknown as Argv<ServeArguments>;
}

/** `fauxlm serve`: a license server on real license files. */
export const serveCommand: CommandModule<object, ServeArguments> = {
  command: 'serve <licenses..>',
  describe: 'serve license files as a license manager and its vendor daemons',
  builder: build as never,
  handler: async (argv) => {
    const config = configOf(argv);
    const faults = parseFaults(argv.fault ?? []);
    const http = argv.http === undefined ? {} : { http: parseListenAddress(argv.http, '--http') };
    const log = await openOperationalLog(logLevelOf(argv['log-level'], '--log-level'));
    if (argv['stop-with-parent']) watchParent();
    process.exitCode = await runServer(config, {
      log,
      faults,
      ...http,
      ready: (server, url) => readyLines(server, argv.json, url),
      ...(argv['ready-file'] === undefined ? {} : { readyFile: argv['ready-file'] }),
    });
  },
};

/** @throws KnownError USAGE for values that are none */
function configOf(argv: ServeArguments): ServerConfig {
  const { host, port, advertise, log } = argv;
  const timeZone = argv['time-zone'];
  const connectionsMax = argv['connections-max'];
  const lmremoveMinAge = argv['lmremove-min-age'];
  return {
    licenses: argv.licenses.map(String),
    options: Object.fromEntries((argv.options ?? []).map(vendorFile)),
    ...(host === undefined ? {} : { hosts: host.map(listenHost) }),
    ...(port === undefined ? {} : { port: wholeNumber('--port', port, 0, 65_535) }),
    ...(advertise === undefined ? {} : { advertise: hostAndPort(advertise) }),
    ...(log === undefined ? {} : { log: serverLog(log) }),
    ...(timeZone === undefined ? {} : { timeZone: timeZoneName(timeZone) }),
    ...(connectionsMax === undefined
      ? {}
      : { connectionsMax: wholeNumber('--connections-max', connectionsMax, 1, 1_000_000) }),
    ...lmremoveAge('--lmremove-min-age', lmremoveMinAge),
    ...(argv.state === undefined ? {} : { stateFolder: stateFolder(argv.state, '--state') }),
    clock: makeClock(parseClock(argv.clock, '--clock', timeZone)),
    singlePort: argv['single-port'],
    processes: argv.processes,
    lenient: argv.lenient,
    logStyle: argv.datestamp ? 'datestamp' : 'time',
    protocol: argv.protocol,
    commandLine: process.argv.slice(2),
  };
}
