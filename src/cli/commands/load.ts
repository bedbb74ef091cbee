import type { Argv, CommandModule } from 'yargs';
import { withExamples } from '../examples.ts';
import { interruptible } from '../interruptible.ts';
import { settled } from '../line-sink.ts';
import { type LoadArguments, loadFlags, ownFlags } from '../load-flags.ts';
import { lateBegin, loadOptions } from '../load-options.ts';
import { checkResultFiles, tellOutcome } from '../load-results.ts';
import { runTold } from '../load-running.ts';
import { compareCommand } from './load-compare.ts';
import { mergeCommand } from './load-merge.ts';
import { saturateCommand } from './load-saturate.ts';

/** `fauxlm load`: sessions of checkout, hold and check-in against a license server, measured. */
export const loadCommand: CommandModule<object, LoadArguments> = {
  command: 'load [profile]',
  describe: 'put load on a license server and measure how it answers',
  builder: ((yargs: Argv) =>
    withExamples(
      ownFlags(
        loadFlags(
          yargs
            .command(mergeCommand as CommandModule)
            .command(compareCommand as CommandModule)
            .command(saturateCommand as CommandModule)
            .positional('profile', { type: 'string', describe: 'a *.profile.yaml file' }),
        ),
      ),
      [
        [
          'load -c 27000@localhost --feature solve --rate 200/s --hold exp:500ms',
          'two hundred sessions a second, half a second each on average',
        ],
        [
          'load monday.profile.yaml -c 27000@localhost --pace x60',
          'a profile, an hour of it in a minute',
        ],
        [
          'load -c 27000@localhost --feature solve --users 50 --think exp:2s',
          'fifty users, each with a break between its sessions',
        ],
      ],
    ).epilogue(epilogue)) as never,
  handler: async (argv) => {
    const options = loadOptions(argv);
    checkResultFiles(argv);
    const late = lateBegin(options.startAt, Date.now());
    for (const told of [`seed ${options.seed}`, late])
      if (told !== '') process.stderr.write(`fauxlm load: ${told}\n`);
    const outcome = await interruptible((interrupted) => runTold({ ...options, interrupted }));
    process.exitCode = tellOutcome(outcome, argv);
    // A deadline is kept whatever still hangs.
    if (outcome.verdict !== 'deadline') return;
    await settled(process.stdout);
    process.exit();
  },
};

const epilogue = [
  'Response time counts from when a checkout was to be asked for, service time from when it was.',
  'Exit status: 4 a threshold is broken, 5 inconclusive (the generator was late, or too few samples),',
  '3 nobody there, 124 the deadline. Thresholds: p50 ... p99.99, max, mean of the response, the same behind',
  'service_ acquire_ queue_ checkin_ connect_ poll_; denied, failed, late ... as shares or counts;',
  'granted_rate, failover_gap.',
].join(' ');
