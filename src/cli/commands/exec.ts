import type { Argv, CommandModule } from 'yargs';
import { KnownError } from '../../base/errors.ts';
import type { ControlPlane } from '../../control/control-plane.ts';
import { clientEnvironment } from '../../daemon/client-environment.ts';
import { parseFaults } from '../../daemon/faults/order.ts';
import { type LicenseServer, newServer } from '../../daemon/server.ts';
import { flagsOfEnvironment, fromEnvironment } from '../environment-flags.ts';
import { withExamples } from '../examples.ts';
import { httpSetting } from '../http-setting.ts';
import { logLevelOf, openOperationalLog } from '../logger.ts';
import {
  licensesPositional,
  type ServerArguments,
  serverConfigOf,
  serverFlags,
} from '../server-flags.ts';
import { startControl } from '../serving.ts';
import { runWrapped } from '../wrapped-command.ts';

interface ExecArguments extends ServerArguments {
  /** The words behind `--`. */
  readonly '--'?: readonly (string | number)[] | undefined;
}

function build(yargs: Argv): Argv<ExecArguments> {
  return withExamples(yargs, [
    ['exec acme.lic -- npm test', 'the tests find the server by LM_LICENSE_FILE'],
    ['exec acme.lic --http 127.0.0.1:0 -- ./failover.sh', 'and its control plane by FAUXLM_HTTP'],
  ])
    .positional('licenses', licensesPositional)
    .options(
      fromEnvironment({
        ...serverFlags,
        'log-level': { ...serverFlags['log-level'], default: 'warn' },
      }),
    )
    .epilogue(
      'Serves the license files while the command behind -- runs, and passes on its exit status and the signals ' +
        'it gets. All ports are free ones, whatever the license file says, so that runs side by side do not ' +
        'collide. Sets LM_LICENSE_FILE, the variable of each vendor, and with --http FAUXLM_HTTP. Killed by ' +
        'kill -9 it takes its server along; the command goes on without, as under time or env.\n' +
        flagsOfEnvironment,
    ) as unknown as Argv<ExecArguments>;
}

/** `fauxlm exec`: a license server for as long as a command runs. */
export const execCommand: CommandModule<object, ExecArguments> = {
  command: 'exec <licenses..>',
  describe: 'run a command with a license server of its own, which it finds in its environment',
  builder: build as never,
  handler: async (argv) => {
    process.exitCode = await runExec(argv);
  },
};

/**
 * Starts a server on free ports, runs the command, stops the server, and gives the command's exit status.
 * @throws KnownError USAGE without a command; as `newServer` does for files that cannot be served: nothing has run then
 */
async function runExec(argv: ExecArguments): Promise<number> {
  const words = (argv['--'] ?? []).map(String);
  if ((words[0] ?? '') === '') {
    throw new KnownError('USAGE', 'exec: expected a command behind --, got nothing');
  }
  const faults = parseFaults(argv.fault ?? []);
  const { http } = httpSetting(argv);
  const log = await openOperationalLog(logLevelOf(argv['log-level'], '--log-level'));
  const config = { ...serverConfigOf(argv), port: 0, freePorts: true, notice: log.notice };
  const server = newServer(config);
  server.faults.check(faults);
  process.on('exit', () => server.flushNow());
  await server.start();
  let control: ControlPlane | undefined;
  try {
    control = await startControl(server, http);
    await server.faults.addAll(faults);
    return await runWrapped(words, {
      signals: process,
      terminal: [process.stdin, process.stdout, process.stderr].some(({ isTTY }) => isTTY),
      err: (text) => void process.stderr.write(text),
      env: { ...process.env, ...environmentOf(server, control?.url) },
    });
  } finally {
    await Promise.all([server.stop(), control?.close()]);
    await log.close();
  }
}

function environmentOf(server: LicenseServer, http: string | undefined): NodeJS.ProcessEnv {
  return { ...clientEnvironment(server), ...(http === undefined ? {} : { FAUXLM_HTTP: http }) };
}
