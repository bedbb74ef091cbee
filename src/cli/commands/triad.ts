import type { Argv, CommandModule } from 'yargs';
import { systemClock } from '../../base/clock.ts';
import { KnownError } from '../../base/errors.ts';
import { refuseSource } from '../../daemon/config-conflicts.ts';
import { readCatalogOf } from '../../daemon/vendor-factory.ts';
import { TRIAD_MEMBERS } from '../../domain/triad/order.ts';
import { flagsOfEnvironment, fromEnvironment } from '../environment-flags.ts';
import { withExamples } from '../examples.ts';
import { memberWords, type TriadArguments, triadHosts } from '../member-words.ts';
import { serverConfigOf, serverFlags } from '../server-flags.ts';
import { runTriad } from '../triad-run.ts';

function build(yargs: Argv): Argv<TriadArguments> {
  return withExamples(yargs, [
    ['triad acme.lic', 'three license managers, each a process of its own'],
    ['triad acme.lic --ready-file t.json --log debug.log', 'their logs are debug.log.1 to .3'],
  ])
    .positional('licenses', {
      type: 'string',
      array: true,
      demandOption: true,
      describe: 'license files, or directories of *.lic, with three SERVER lines',
    })
    .options(
      fromEnvironment({
        ...serverFlags,
        'log-level': { ...serverFlags['log-level'], default: 'warn' },
        'ready-file': {
          type: 'string',
          nargs: 1,
          describe: 'write addresses and pids as JSON once all three are connected and serve',
        },
        json: { type: 'boolean', default: false, describe: 'print the ready line as JSON' },
      }),
    )
    .epilogue(
      'Starts all three members of a triad on this machine, at the ports of their SERVER lines: on loopback, or ' +
        'where two ports are the same on 127.0.0.1, 127.0.0.2 and 127.0.0.3. --log and --state get a file and a ' +
        'folder for each member (.1, .2, .3), --http a port for each (one after the other, or free ones for 0). ' +
        'Kill a member by its pid in the ready file; the others go on. Stop all with SIGTERM or Ctrl-C.\n' +
        flagsOfEnvironment,
    ) as unknown as Argv<TriadArguments>;
}

/** `fauxlm triad`: the three license managers of a triad on one machine. */
export const triadCommand: CommandModule<object, TriadArguments> = {
  command: 'triad <licenses..>',
  describe: 'serve a license file with three SERVER lines as a triad on this machine',
  builder: build as never,
  handler: async (argv) => {
    const config = serverConfigOf(argv);
    const catalog = readCatalogOf(config, systemClock.now());
    const { servers } = catalog;
    if (servers.length !== TRIAD_MEMBERS) {
      const text = `triad: expected a license file with three SERVER lines, got ${servers.length}`;
      throw new KnownError('USAGE', text);
    }
    const readyFile = argv['ready-file'];
    if (readyFile !== undefined) refuseSource(readyFile, catalog, 'the ready file');
    const hosts = triadHosts(servers);
    process.exitCode = await runTriad({
      names: servers.map(({ host }) => host),
      words: servers.map((_, place) => memberWords(argv, hosts, place)),
      json: argv.json,
      ...(readyFile === undefined ? {} : { readyFile }),
    });
  },
};
