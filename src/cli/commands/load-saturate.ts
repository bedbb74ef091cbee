import type { Argv, CommandModule } from 'yargs';
import { KnownError } from '../../base/errors.ts';
import { limits } from '../../base/limits.ts';
import { parseRate } from '../../domain/workload/words.ts';
import { writeWhole } from '../../files/whole-file.ts';
import { findSaturation, renderSaturation, type Saturation } from '../../load/saturation.ts';
import { withExamples } from '../examples.ts';
import { wholeNumber } from '../flag-values.ts';
import { interruptible } from '../interruptible.ts';
import { settled } from '../line-sink.ts';
import { type LoadArguments, loadFlags } from '../load-flags.ts';
import { loadOptions } from '../load-options.ts';
import { runTold } from '../load-running.ts';
import { checkOutputs } from '../output-files.ts';

interface SaturateArguments extends LoadArguments {
  readonly from: string;
  readonly to: string;
  readonly confirm: string;
}

/** Flags of `fauxlm load` that say what one run is, or tell of it. */
const notTaken = ['shard', 'bundle', 'html', 'junit', 'ndjson'] as const;

/** `fauxlm load saturate`: the highest rate that the server sustains. */
export const saturateCommand: CommandModule<object, SaturateArguments> = {
  command: 'saturate',
  describe: 'find the highest rate that a server sustains within thresholds',
  builder: ((yargs: Argv) =>
    withExamples(
      loadFlags(yargs).options({
        from: { type: 'string', default: '50/s', requiresArg: true, describe: 'the first rate' },
        to: { type: 'string', default: '100000/s', requiresArg: true, describe: 'the last rate' },
        confirm: {
          type: 'string',
          default: '2',
          requiresArg: true,
          describe: 'more runs at the rate that was found',
        },
      }),
      [
        [
          "load saturate -c 27000@localhost --feature solve --hold 20ms --duration 5s --threshold 'p99<10ms'",
          'each step lasts five seconds',
        ],
      ],
    )
      .hide('rate')
      .hide('think')
      .hide('shard')
      .hide('bundle')
      .hide('html')
      .hide('junit')
      .hide('ndjson')
      .epilogue(
        'Rates double until a step breaks a threshold, then the distance is halved down to 5 %. Exit status: 4 when ' +
          'no rate is sustained, 5 when the generator gave out before the server.',
      )) as never,
  handler: async (argv) => {
    const [fromRate, toRate] = ['from', 'to'].map((flag) => {
      const rate = parseRate(argv[flag as 'from' | 'to'], `--${flag}`);
      if (rate > 0) return rate;
      throw new KnownError(
        'USAGE',
        `--${flag}: expected more than 0, got "${argv[flag as 'from']}"`,
      );
    }) as [number, number];
    if (argv.rate !== undefined || argv.think !== undefined) {
      throw new KnownError(
        'USAGE',
        'saturate: expected neither --rate nor --think: it tries rates itself',
      );
    }
    const ignored = notTaken.find((flag) => argv[flag] !== undefined);
    if (ignored !== undefined) {
      const text = `expected --json-file for its result, not --${ignored}: here are many runs`;
      throw new KnownError('USAGE', `saturate: ${text}`);
    }
    checkOutputs({ '--json-file': argv['json-file'] });
    const optionsAt = (rate: number) => loadOptions({ ...argv, rate: rate.toFixed(6) });
    const options = optionsAt(fromRate);
    checkLastStep(argv.to, toRate, options.workload.durationMs);
    const endsAt = performance.now() + (options.deadlineMs ?? Number.POSITIVE_INFINITY);
    process.stderr.write(`fauxlm load saturate: seed ${options.seed}\n`);
    const found = await interruptible((interrupted) =>
      findSaturation({
        fromRate,
        toRate: Math.max(fromRate, toRate),
        precision: 1.05,
        confirmations: wholeNumber('--confirm', argv.confirm, 0, 100),
        // Another seed each time: a rate must not hold for one sequence of arrivals only.
        run: (rate, step) => {
          const { workload } = optionsAt(rate);
          const left = Math.max(0, endsAt - performance.now());
          const deadline = options.deadlineMs === undefined ? {} : { deadlineMs: left };
          const seed = `${options.seed}/${step}`;
          return runTold({ ...options, ...deadline, workload, seed, interrupted });
        },
        onStep: ({ rate, verdict }) => {
          process.stderr.write(`${rate.toFixed(1)}/s: ${verdict}\n`);
        },
        interrupted,
      }),
    );
    const json = `${JSON.stringify(found)}\n`;
    if (argv['json-file'] !== undefined) writeWhole(argv['json-file'], json);
    process.stdout.write(argv.json ? json : renderSaturation(found));
    process.exitCode = exitOf(found);
    // A deadline is kept whatever still hangs.
    if (found.limit !== 'deadline') return;
    await settled(process.stdout);
    process.exit();
  },
};

/** Hours of steps are not lost to one that cannot be. @throws KnownError USAGE */
function checkLastStep(to: string, rate: number, durationMs: number): void {
  const sessions = Math.round((rate * durationMs) / 1000);
  if (sessions <= limits.loadArrivalsMax) return;
  const expected = `at most ${limits.loadArrivalsMax} sessions in a step`;
  throw new KnownError('USAGE', `--to: expected ${expected}, got ${sessions} of ${to}`);
}

function exitOf({ limit, rate }: Saturation): number {
  if (limit === 'interrupted') return 130;
  if (limit === 'deadline') return 124;
  if (limit === 'generator') return 5;
  return rate === 0 ? 4 : 0;
}
