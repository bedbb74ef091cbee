import type { Argv, CommandModule } from 'yargs';
import { readSource } from '../../files/license-sources.ts';
import { bundleOfText } from '../../report/bundle.ts';
import { mergeBundles } from '../../report/merge.ts';
import { outcomeOf } from '../../report/summary.ts';
import { parseThreshold } from '../../report/thresholds.ts';
import { withExamples } from '../examples.ts';
import { resultOptions } from '../load-flags.ts';
import { checkResultFiles, type ResultFiles, tellOutcome } from '../load-results.ts';

interface MergeArguments extends ResultFiles {
  readonly bundles: readonly string[];
  readonly threshold: readonly string[] | undefined;
  readonly partial: boolean;
}

/** `fauxlm load merge BUNDLE...`: the shards of one run as one result. */
export const mergeCommand: CommandModule<object, MergeArguments> = {
  command: 'merge <bundles..>',
  describe: 'put the bundles of all shards together, and judge the whole',
  builder: ((yargs: Argv) =>
    withExamples(resultOptions(yargs), [
      ['load merge shard-*.json --threshold "p99<5ms"', 'all shards of a run, judged as one'],
    ])
      .positional('bundles', { type: 'string', array: true, describe: 'what --bundle wrote' })
      .option('partial', {
        type: 'boolean',
        default: false,
        describe: 'go without shards that are missing',
      })) as never,
  handler: (argv) => {
    const thresholds = (argv.threshold ?? []).map(parseThreshold);
    checkResultFiles(argv);
    const all = argv.bundles.map((where) => ({
      where,
      bundle: bundleOfText(readSource(where).text, where),
    }));
    const merged = mergeBundles(all, { partial: argv.partial });
    process.exitCode = tellOutcome(outcomeOf(merged, thresholds), argv);
  },
};
