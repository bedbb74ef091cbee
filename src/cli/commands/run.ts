import { randomBytes } from 'node:crypto';
import type { Argv, CommandModule } from 'yargs';
import { KnownError } from '../../base/errors.ts';
import { didYouMean } from '../../base/nearest.ts';
import { parseLicensePath } from '../../client/license-path.ts';
import { checkWritable, writeWhole } from '../../files/whole-file.ts';
import type { StandModeName } from '../../scenario/stand-modes.ts';
import type { SuiteOptions } from '../../scenario/suite.ts';
import { withExamples } from '../examples.ts';
import { wholeNumber } from '../flag-values.ts';

interface RunArguments {
  readonly scenarios: readonly string[];
  readonly filter: string | undefined;
  readonly jobs: string;
  readonly seed: string | undefined;
  readonly bail: boolean;
  readonly retry: string;
  readonly update: boolean;
  readonly mode: StandModeName | undefined;
  readonly target: string | undefined;
  readonly reporter: readonly string[];
}

const EXPECTATION_FAILED = 1;
const BAD_INPUT = 2;
/** More than these only wait for each other: all run in one process. */
const JOBS_MAX = 64;
const RETRIES_MAX = 100;

/** `fauxlm run SCENARIO...`: runs scenario files and says what came of each. */
export const runCommand: CommandModule<object, RunArguments> = {
  command: 'run <scenarios..>',
  describe: 'run scenario files: license servers, clients and what is expected of them',
  builder: ((yargs: Argv) =>
    withExamples(
      yargs
        .positional('scenarios', {
          type: 'string',
          array: true,
          describe: 'files, folders and globs; load profiles (*.profile.yaml) are left alone',
        })
        .option('filter', {
          type: 'string',
          nargs: 1,
          describe: 'only scenarios whose name or file has this; /one/i for a regular expression',
        })
        .option('jobs', {
          type: 'string',
          nargs: 1,
          default: '4',
          describe: 'scenarios that run at a time',
        })
        .option('seed', {
          type: 'string',
          nargs: 1,
          describe: 'what every random choice comes from [new]',
        })
        .option('bail', { type: 'boolean', default: false, describe: 'stop at the first failure' })
        .option('retry', {
          type: 'string',
          nargs: 1,
          default: '0',
          describe: 'further tries of a failed one',
        })
        .option('update', {
          type: 'boolean',
          default: false,
          describe: 'write what programs print to the files in which it is recorded',
        })
        .option('mode', {
          choices: ['in-process', 'process', 'ledger'] as const,
          nargs: 1,
          describe:
            'servers in this process, each in its own, or ledgers without any server [in-process]',
        })
        .option('target', {
          type: 'string',
          nargs: 1,
          describe: 'PORT@HOST of a server elsewhere: the client side alone, against that',
        })
        .option('reporter', {
          type: 'string',
          array: true,
          nargs: 1,
          default: ['spec'],
          describe:
            'spec, junit, tap, github, ndjson, html; NAME=FILE writes a file; several with commas',
        }),
      [
        ['run scenarios/', 'every scenario of a folder'],
        ['run scenarios/ha --reporter spec,junit=junit.xml', 'as CI does'],
        ['run first.yaml --filter "no quorum" --bail', 'some of them, up to the first failure'],
      ],
    ).epilogue(
      'Exit status: 0 all as expected, 1 something was not, 2 a file with mistakes. See docs/scenarios.md.',
    )) as never,
  handler: async (args) => {
    const { runSuite } = await import('../../scenario/suite.ts');
    const { scenarioFiles } = await import('../../scenario/scenario-files.ts');
    const outputs = await openReporters(args.reporter);
    // Times of the day in files and outputs are the same on every machine.
    process.env['TZ'] = 'UTC';
    const summary = await runSuite({
      files: scenarioFiles(args.scenarios),
      jobs: wholeNumber('--jobs', args.jobs, 1, JOBS_MAX),
      retry: wholeNumber('--retry', args.retry, 0, RETRIES_MAX),
      bail: args.bail,
      update: args.update,
      ...standOf(args),
      seed: args.seed ?? randomBytes(4).toString('hex'),
      ...(args.filter === undefined ? {} : { filter: filterOf(args.filter) }),
      told: (result) => {
        for (const { reporter, write } of outputs) write(reporter.result(result));
      },
    });
    for (const { reporter, write, close } of outputs) {
      write(reporter.end(summary));
      close();
    }
    if (summary.passed + summary.failed + summary.broken + summary.skipped + summary.left === 0) {
      throw new KnownError('USAGE', `--filter: expected scenarios that have it, got none`);
    }
    if (summary.broken > 0) process.exitCode = BAD_INPUT;
    else if (summary.failed > 0) process.exitCode = EXPECTATION_FAILED;
  },
};

/** @throws KnownError USAGE for a target that is none, or one beside a mode */
function standOf({ mode, target }: RunArguments): Pick<SuiteOptions, 'mode' | 'target'> {
  if (target === undefined) return mode === undefined ? {} : { mode };
  if (mode !== undefined) {
    throw new KnownError('USAGE', `--target: expected it without --mode, got --mode ${mode}`);
  }
  if (/^\d{1,5}@[^@\s,;]+$/.test(target)) {
    // Ports that are none are told by whoever reads license paths.
    parseLicensePath(target, { origin: '--target', platform: process.platform });
    return { mode: 'target', target };
  }
  throw new KnownError('USAGE', `--target: expected PORT@HOST, got "${target}"`);
}

function filterOf(text: string): RegExp {
  const slashed = /^\/(.*)\/(i?)$/.exec(text);
  try {
    if (slashed) return new RegExp(slashed[1]!, slashed[2]);
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new KnownError('USAGE', `--filter: expected a regular expression, got ${text}: ${why}`);
  }
  return new RegExp(text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'), 'i');
}

async function openReporters(words: readonly string[]) {
  const { reporterTable } = await import('../../scenario/reporter-table.ts');
  const known = Object.keys(reporterTable);
  const paths = new Set<string>();
  return words
    .flatMap((word) => word.split(','))
    .map((word) => {
      const [name = '', ...rest] = word.split('=');
      const path = rest.join('=');
      if (!Object.hasOwn(reporterTable, name)) {
        const text = `--reporter: expected ${known.join(', ')}, got "${name}"${didYouMean(name, known)}`;
        throw new KnownError('USAGE', text);
      }
      if (path === '' && rest.length > 0) {
        throw new KnownError('USAGE', `--reporter: expected a file behind ${name}=, got nothing`);
      }
      // Annotations for GitHub are lines among others.
      const key = path === '' && name === 'github' ? name : path;
      if (paths.has(key)) {
        const where = path === '' ? 'one reporter on standard output' : 'a file for each reporter';
        const hint = path === '' ? `: write ${name}=FILE` : '';
        throw new KnownError('USAGE', `--reporter: expected ${where}, got "${word}" too${hint}`);
      }
      paths.add(key);
      if (path !== '') checkWritable(path);
      const reporter = reporterTable[name as keyof typeof reporterTable]();
      return { reporter, ...outputTo(path, reporter.begin()) };
    });
}

/** Standard output gets each piece as it comes, a file all of them at the end. */
function outputTo(path: string, begin: string) {
  if (path === '') {
    process.stdout.write(begin);
    return { write: (text: string) => void process.stdout.write(text), close: () => {} };
  }
  const pieces = [begin];
  return {
    write: (text: string) => void pieces.push(text),
    close: () => writeWhole(path, pieces.join('')),
  };
}
