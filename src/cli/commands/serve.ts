import type { Argv, CommandModule } from 'yargs';
import { parseFaults } from '../../daemon/faults/order.ts';
import type { ServerConfig } from '../../daemon/server-config.ts';
import { flagsOfEnvironment, fromEnvironment } from '../environment-flags.ts';
import { withExamples } from '../examples.ts';
import { hostAndPort, listenHost, wholeNumber } from '../flag-values.ts';
import { httpSetting } from '../http-setting.ts';
import { withLmSim } from '../lm-sim-setting.ts';
import { logLevelOf, openOperationalLog } from '../logger.ts';
import { readyLines } from '../ready-file.ts';
import {
  licensesPositional,
  type MemberArguments,
  memberFlags,
  type ServerArguments,
  serverConfigOf,
  serverFlags,
  triadWish,
} from '../server-flags.ts';
import { runServer, type Told, watchParent } from '../serving.ts';

interface ServeArguments extends ServerArguments, MemberArguments {
  readonly port: string | undefined;
  readonly host: readonly string[] | undefined;
  readonly advertise: string | undefined;
  readonly 'ready-file': string | undefined;
  readonly 'lm-sim': string | undefined;
  readonly 'stop-with-parent': boolean;
  readonly json: boolean;
}

function build(yargs: Argv): Argv<ServeArguments> {
  return withExamples(yargs, [
    ['serve acme.lic', 'on the port of its SERVER line'],
    ['serve licenses/ --port 0 --log +debug.log', 'any free port; the log is appended to'],
    ['serve a.lic --processes', 'daemons that may be killed: kill -9 PID'],
  ])
    .positional('licenses', licensesPositional)
    .options(
      fromEnvironment({
        ...serverFlags,
        ...memberFlags,
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
        'ready-file': {
          type: 'string',
          nargs: 1,
          describe: 'write addresses and ports as JSON once ready',
        },
        'lm-sim': {
          type: 'string',
          nargs: 1,
          describe: "HOST:PORT of the REST of Vantage's license simulator, in its place; no tokens",
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
      `${flagsOfEnvironment}\nNO_COLOR is respected. Stop with SIGTERM or Ctrl-C.`,
    ) as unknown as Argv<ServeArguments>;
}

/** `fauxlm serve`: a license server on real license files. */
export const serveCommand: CommandModule<object, ServeArguments> = {
  command: 'serve <licenses..>',
  describe: 'serve license files as a license manager and its vendor daemons',
  builder: build as never,
  handler: async (argv) => {
    const { config, ...lmSim } = withLmSim(configOf(argv), argv);
    const faults = parseFaults(argv.fault ?? []);
    const http = httpSetting(argv);
    const log = await openOperationalLog(logLevelOf(argv['log-level'], '--log-level'));
    if (argv['stop-with-parent']) watchParent();
    process.exitCode = await runServer(config, {
      log,
      faults,
      ...http,
      ...lmSim,
      ready: (server, url) => readyLines(server, argv.json, url),
      // fauxlm triad listens to its members.
      ...(process.send === undefined ? {} : { tell: tellParent }),
      ...(argv['ready-file'] === undefined ? {} : { readyFile: argv['ready-file'] }),
    });
  },
};

/** @throws KnownError USAGE for values that are none */
function configOf(argv: ServeArguments): ServerConfig {
  const { host, port, advertise } = argv;
  return {
    ...serverConfigOf(argv),
    ...(host === undefined ? {} : { hosts: host.map(listenHost) }),
    ...(port === undefined ? {} : { port: wholeNumber('--port', port, 0, 65_535) }),
    ...(advertise === undefined ? {} : { advertise: hostAndPort(advertise) }),
    ...triadWish(argv, port),
  };
}

/** A parent that is gone is told nothing. */
function tellParent(told: Told): void {
  if (process.connected) process.send?.(told, undefined, undefined, () => {});
}
