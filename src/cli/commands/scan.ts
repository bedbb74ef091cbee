import type { Argv, CommandModule } from 'yargs';
import { KnownError } from '../../base/errors.ts';
import { clientContext } from '../../client/context.ts';
import { DEFAULT_PORTS, type Endpoint, endpointText } from '../../client/license-path.ts';
import { type ScannedPort, scanPorts } from '../../client/scan.ts';
import { withExamples } from '../examples.ts';
import { exitStatus } from '../exit.ts';
import { clientWaits } from '../flag-values.ts';

interface ScanArguments {
  readonly hosts: string;
  readonly ports: string | undefined;
  readonly timeout: number;
  readonly json: boolean;
}

/** Hosts that are named, and ports of all of them together: this finds a server, and surveys no network. */
const HOSTS_MAX = 32;
const PORTS_MAX = 4_096;

/** `fauxlm scan HOST[,HOST]`: which ports of named hosts license managers answer at. */
export const scanCommand: CommandModule<object, ScanArguments> = {
  command: 'scan <hosts>',
  describe: 'find the license managers on the hosts that you name',
  builder: ((yargs: Argv) =>
    withExamples(
      yargs
        .positional('hosts', {
          type: 'string',
          demandOption: true,
          describe: 'HOST[,HOST ...]: names or addresses, each by itself',
        })
        .options({
          ports: { type: 'string', nargs: 1, describe: 'such as 27000-27009,1055 [27000-27009]' },
          timeout: { type: 'number', default: 1, describe: 'seconds to wait at each port' },
          json: { type: 'boolean', default: false, describe: 'as JSON' },
        })
        .epilogue(
          `At most ${HOSTS_MAX} hosts, and ${PORTS_MAX} ports of them together; no networks. Ask hosts\n` +
            'that you may ask.\n' +
            'Exit status 0 when a license manager answers, 3 when none does.',
        ),
      [
        ['scan localhost', 'the usual ports of this machine'],
        ['scan lic1,lic2 --ports 27000-27009,1055', 'and another port, of two hosts'],
      ],
    )) as never,
  handler: async ({ hosts, ports, timeout, json }) => {
    const endpoints = endpointsOf(hosts, ports);
    const found = await scanPorts(endpoints, clientContext(clientWaits(timeout, 60)));
    process.stdout.write(json ? `${JSON.stringify(found, null, 2)}\n` : textOf(found, endpoints));
    const isFound = found.some(({ kind }) => kind === 'license manager');
    process.exitCode = isFound ? exitStatus.ok : exitStatus.environment;
  },
};

function textOf(found: readonly ScannedPort[], endpoints: readonly Endpoint[]): string {
  if (found.length === 0) return `nothing answers at any of ${endpoints.length} ports\n`;
  return found.map(lineOf).join('');
}

function lineOf(found: ScannedPort): string {
  const where = endpointText(found);
  if (found.kind === 'other') return `${where}  no license manager: ${found.answer ?? ''}\n`;
  const { version = '', fauxlm = false, vendors = [] } = found;
  const maker = fauxlm ? ', fauxlm' : '';
  return `${where}  license manager, FlexNet ${version}${maker}; vendors: ${vendors.join(', ') || 'none told'}\n`;
}

/** @throws KnownError USAGE */
function endpointsOf(hosts: string, ports: string | undefined): readonly Endpoint[] {
  const names = String(hosts).split(',');
  const wrong = names.find((name) => !/^[\w.:-]{1,255}$/.test(name));
  if (wrong !== undefined) {
    const got = JSON.stringify(wrong.slice(0, 60));
    throw new KnownError('USAGE', `hosts: expected names or addresses with commas, got ${got}`);
  }
  if (names.length > HOSTS_MAX) {
    throw new KnownError('USAGE', `hosts: expected at most ${HOSTS_MAX}, got ${names.length}`);
  }
  const numbers = ports === undefined ? DEFAULT_PORTS : ports.split(',').flatMap(rangeOf);
  const all = names.length * numbers.length;
  if (all > PORTS_MAX) {
    throw new KnownError(
      'USAGE',
      `--ports: expected at most ${PORTS_MAX} of all hosts, got ${all}`,
    );
  }
  return names.flatMap((host) => [...new Set(numbers)].map((port) => ({ host, port })));
}

/** `27000` or `27000-27009`. @throws KnownError USAGE */
function rangeOf(text: string): readonly number[] {
  const match = /^(\d{1,5})(?:-(\d{1,5}))?$/.exec(text);
  const first = Number(match?.[1]);
  const last = Number(match?.[2] ?? match?.[1]);
  if (match === null || first < 1 || last > 65_535 || last < first) {
    const got = JSON.stringify(text.slice(0, 60));
    throw new KnownError('USAGE', `--ports: expected ports such as 27000-27009,1055, got ${got}`);
  }
  return Array.from({ length: last - first + 1 }, (_, at) => first + at);
}
