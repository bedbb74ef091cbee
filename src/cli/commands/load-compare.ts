import type { Argv, CommandModule } from 'yargs';
import { KnownError } from '../../base/errors.ts';
import { readSource } from '../../files/license-sources.ts';
import { bundleOfText } from '../../report/bundle.ts';
import { compareBundles, renderComparison, usualComparison } from '../../report/comparison.ts';
import { withExamples } from '../examples.ts';

interface CompareArguments {
  readonly a: string;
  readonly b: string;
  readonly confidence: string | undefined;
  readonly floor: string | undefined;
  readonly seed: string | undefined;
  readonly json: boolean;
}

const exits = { same: 0, regression: 4, unsure: 5 } as const;

/** `fauxlm load compare A B`: whether B is slower than A, beyond what chance would do. */
export const compareCommand: CommandModule<object, CompareArguments> = {
  command: 'compare <a> <b>',
  describe: 'compare two results; exit status 4 when the second is worse',
  builder: ((yargs: Argv) =>
    withExamples(yargs, [['load compare before.json after.json', 'is the second slower?']])
      .positional('a', { type: 'string', describe: 'what --bundle or --json-file wrote' })
      .positional('b', { type: 'string', describe: 'the newer one' })
      .options({
        confidence: {
          type: 'string',
          requiresArg: true,
          describe: 'of the interval of each difference [95%]',
        },
        floor: {
          type: 'string',
          requiresArg: true,
          describe: 'smaller differences do not matter [5%]',
        },
        seed: { type: 'string', requiresArg: true, describe: 'of the draws [the same each time]' },
        json: { type: 'boolean', default: false, describe: 'print JSON' },
      })
      .epilogue(
        'Intervals are drawn anew (bootstrap): a difference counts when its interval excludes nothing at all and ' +
          'it is larger than the floor. Exit status: 0 no regression, 4 a regression, 5 too few times to tell.',
      )) as never,
  handler: ({ a, b, confidence, floor, seed, json }) => {
    const comparison = compareBundles(read(a), read(b), {
      ...usualComparison,
      ...(seed === undefined ? {} : { seed }),
      ...(confidence === undefined
        ? {}
        : { confidence: percent('--confidence', confidence, 50, 99.9) }),
      ...(floor === undefined ? {} : { floorShare: percent('--floor', floor, 0, 1000) }),
    });
    process.stdout.write(json ? `${JSON.stringify(comparison)}\n` : renderComparison(comparison));
    process.exitCode = exits[comparison.verdict];
  },
};

function read(where: string) {
  return bundleOfText(readSource(where).text, where);
}

/** `5%` or `5`. @throws KnownError USAGE */
function percent(flag: string, text: string, min: number, max: number): number {
  const value = /^\d{1,4}(\.\d{1,4})?%?$/.test(text) ? Number.parseFloat(text) : Number.NaN;
  if (value >= min && value <= max) return value / 100;
  throw new KnownError('USAGE', `${flag}: expected ${min}% to ${max}%, got "${text}"`);
}
