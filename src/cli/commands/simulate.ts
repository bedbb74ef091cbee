import type { Argv, CommandModule } from 'yargs';
import { KnownError } from '../../base/errors.ts';
import {
  type DeniedInterval,
  deniedInterval,
  deniedShare,
  type SimulatedLicense,
  type Simulation,
  simulate,
} from '../../load/simulation.ts';
import type { RunRecord } from '../../report/run-record.ts';
import { withExamples } from '../examples.ts';
import { vendorFile, wholeNumber } from '../flag-values.ts';
import { interruptible } from '../interruptible.ts';
import { type LoadArguments, workloadFlags } from '../load-flags.ts';
import { type GivenOptions, loadOptions } from '../load-options.ts';
import { runTold } from '../load-running.ts';
import { repeated } from '../log-flags.ts';

interface SimulateArguments extends LoadArguments {
  readonly seats: string | undefined;
  readonly license: readonly string[];
  readonly options: readonly string[];
  readonly runs: string;
  readonly against: string | undefined;
}

/** `fauxlm simulate [PROFILE]`: a load in no time, and whether a server does the same. */
export const simulateCommand: CommandModule<object, SimulateArguments> = {
  command: 'simulate [profile]',
  describe: 'run a load in no time and without a server, on the ledger that daemons use',
  builder: build as never,
  handler: async (argv) => {
    const given = loadOptions({ ...defaults, ...argv, c: argv.against ?? 'nobody' });
    const { workload, seed } = given;
    process.stderr.write(`fauxlm simulate: seed ${seed}\n`);
    const simulation: Simulation = { workload, seed, license: licenseOf(argv), start: Date.now() };
    const record = simulate(simulation);
    const interval = deniedInterval(simulation, wholeNumber('--runs', argv.runs, 2, 10_000));
    const live = argv.against === undefined ? undefined : await liveRecord(given);
    const told = argv.json ? jsonOf(record, interval, live) : textOf(record, interval, live);
    process.stdout.write(told);
    if (live !== undefined && !agrees(record, live, interval)) process.exitCode = 4;
  },
};

/** What `fauxlm load` takes and a simulation does not. */
const defaults = {
  ...{ connections: undefined, workers: undefined, precise: false, deadline: undefined },
  ...{ shard: undefined, 'start-at': undefined, threshold: undefined, 'abort-early': false },
};

function licenseOf({ seats, license, options }: SimulateArguments): SimulatedLicense {
  if ((seats === undefined) === (license.length === 0)) {
    const got = seats === undefined ? 'neither' : 'both';
    throw new KnownError('USAGE', `expected either --seats or --license, got ${got}`);
  }
  return seats === undefined
    ? { kind: 'files', licenses: license, options: Object.fromEntries(options.map(vendorFile)) }
    : { kind: 'seats', seats: wholeNumber('--seats', seats, 0, 1_000_000) };
}

/** The same seed, over the network and in real time. */
async function liveRecord(given: GivenOptions): Promise<RunRecord> {
  const { bundle } = await interruptible((interrupted) => runTold({ ...given, interrupted }));
  return bundle.record;
}

/** Whether the live run is as near to that of the same seed as chance lets runs of any seeds lie. */
function agrees(record: RunRecord, live: RunRecord, { low, high }: DeniedInterval): boolean {
  return Math.abs(deniedShare(live) - deniedShare(record)) <= (high - low) / 2;
}

function jsonOf(record: RunRecord, interval: DeniedInterval, live?: RunRecord): string {
  const told = (run: RunRecord) => {
    const { arrivals, granted, denied } = run.counters;
    return { arrivals, granted, denied, share: deniedShare(run) };
  };
  const value = {
    simulated: told(record),
    interval,
    ...(live && { live: told(live), agrees: agrees(record, live, interval) }),
  };
  return `${JSON.stringify(value, undefined, 2)}\n`;
}

function textOf(record: RunRecord, interval: DeniedInterval, live?: RunRecord): string {
  const line = (name: string, run: RunRecord): string => {
    const { arrivals, granted, denied } = run.counters;
    const share = percent(deniedShare(run));
    return `${name}: ${arrivals} sessions, ${granted} granted, ${denied} denied (${share})\n`;
  };
  const { runs, low, high } = interval;
  const chance = `by chance from ${percent(low)} to ${percent(high)} (95 % of runs, from ${runs})\n`;
  if (live === undefined) return `${line('simulated', record)}${chance}`;
  const verdict = agrees(record, live, interval) ? 'they agree' : 'they do not agree';
  return `${line('simulated', record)}${line('live', live)}${chance}${verdict}\n`;
}

function percent(share: number): string {
  return `${Number((100 * share).toPrecision(3))} %`;
}

function build(yargs: Argv) {
  return withExamples(workloadFlags(yargs), [
    [
      'simulate --feature solve --rate 30/h --hold exp:40m --seats 25',
      'what 25 seats do; --duration 60d for two months',
    ],
    [
      'simulate monday.profile.yaml --seats 45 --against 27000@h',
      'and the same seed live: exit status 4 when they do not agree',
    ],
  ])
    .positional('profile', { type: 'string', describe: 'a *.profile.yaml file' })
    .options({
      seats: { type: 'string', describe: 'of each feature' },
      license: {
        ...repeated,
        describe: 'a license file, for --seats; may be repeated',
      },
      options: {
        ...repeated,
        describe: 'its options file, as VENDOR=FILE; may be repeated',
      },
      runs: { type: 'string', default: '20', describe: 'of other seeds, for the interval' },
      against: { type: 'string', describe: 'a license server that does the same load live' },
      json: { type: 'boolean', default: false, describe: 'print JSON' },
    });
}
