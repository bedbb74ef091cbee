import { existsSync, statSync } from 'node:fs';
import { basename } from 'node:path';
import type { Argv, CommandModule } from 'yargs';
import { KnownError } from '../../base/errors.ts';
import { limits } from '../../base/limits.ts';
import { parseLicenseFile } from '../../domain/license/parse.ts';
import { readSource } from '../../files/license-sources.ts';
import { writeWhole } from '../../files/whole-file.ts';
import type { RecordingSummary } from '../../scenario/recording/recording.ts';
import { standardInput } from '../dashes.ts';
import { withExamples } from '../examples.ts';
import { vendorFile, wholeNumber } from '../flag-values.ts';
import { checkOutputs } from '../output-files.ts';

interface RecordArguments {
  readonly logs: readonly string[];
  readonly output: string | undefined;
  readonly anonymize: boolean;
  readonly license: string | undefined;
  readonly options: readonly string[] | undefined;
  readonly speed: string;
  readonly steps: string;
  readonly name: string | undefined;
  readonly json: boolean;
}

function build(yargs: Argv): Argv<RecordArguments> {
  return withExamples(yargs, [
    ['record debug.log -o monday.yaml', 'then: fauxlm run monday.yaml'],
    ['record debug.log --anonymize -o monday.yaml', 'nobody is named in it'],
    ['record debug.log --license acme.lic --options acmed=acmed.opt', 'on your own files'],
  ])
    .positional('logs', {
      type: 'string',
      array: true,
      demandOption: true,
      describe: 'debug logs of one server, oldest first; - for standard input',
    })
    .options({
      output: {
        alias: 'o',
        type: 'string',
        nargs: 1,
        describe: 'the scenario file to write [standard output]',
      },
      anonymize: {
        alias: 'anonymise',
        type: 'boolean',
        default: false,
        describe: 'pseudonyms for users, hosts and projects, the same for the same name',
      },
      license: {
        type: 'string',
        nargs: 1,
        describe: 'the license file [one with as many licenses as were out at a time]',
      },
      options: {
        type: 'string',
        array: true,
        nargs: 1,
        describe: 'with --license: options file of a vendor daemon, as VENDOR=FILE',
      },
      speed: {
        type: 'string',
        nargs: 1,
        default: 'x1',
        describe: 'virtual time between steps: as in the log, x60 a sixtieth of it, max none',
      },
      steps: {
        type: 'string',
        nargs: 1,
        default: `${limits.recordedStepsMax}`,
        describe: 'steps at most',
      },
      name: { type: 'string', nargs: 1, describe: 'name of the scenario [of the log]' },
      json: {
        type: 'boolean',
        default: false,
        describe: 'with -o: print what was recorded and left out as JSON',
      },
    })
    .epilogue(
      'Makes a scenario of a debug log that replays its checkouts in virtual time. What was recorded, and what was ' +
        'left out and why, goes to standard error. Without --license the scenario expects what a server with the ' +
        'licenses of the log does; with it, what the log says. See docs/record.md.',
    ) as unknown as Argv<RecordArguments>;
}

/** `fauxlm record`: a debug log as a scenario. */
export const recordCommand: CommandModule<object, RecordArguments> = {
  command: 'record <logs..>',
  describe: 'turn debug logs into a scenario that replays their checkouts',
  builder: build as never,
  handler: async (argv) => runRecord(argv),
};

/** @throws KnownError USAGE for arguments that make no sense; as `recordScenario` does */
async function runRecord(argv: RecordArguments): Promise<void> {
  const { anonymize, output, json } = argv;
  const logs = argv.logs.map((log) => (log === standardInput ? undefined : String(log)));
  checkArguments(argv, logs);
  checkOutputs({ '--output': output });
  const speed = speedOf(argv.speed);
  const stepsMax = wholeNumber('--steps', argv.steps, 1, limits.recordedStepsMax);
  const license = argv.license === undefined ? {} : { license: licenseOf(argv.license) };
  const files = (argv.options ?? []).map(vendorFile);
  const options = Object.fromEntries(
    files.map(([vendor, path]) => [vendor, readSource(path).text]),
  );
  const { recordScenario } = await import('../../scenario/recording/recording.ts');
  const name = argv.name ?? nameOf(logs, anonymize);
  const recording = { logs, name, anonymize, speed, stepsMax, ...license, options };
  const { text, summary } = await recordScenario(recording);
  if (output === undefined) process.stdout.write(text);
  else writeWhole(output, text);
  if (json) process.stdout.write(`${JSON.stringify(summary, null, 2)}\n`);
  else process.stderr.write(summaryText(summary));
}

function checkArguments(argv: RecordArguments, logs: readonly (string | undefined)[]): void {
  const { output, license, options = [], anonymize, json } = argv;
  if (json && output === undefined) {
    throw new KnownError('USAGE', '--json: expected -o FILE with it, got none');
  }
  if (options.length > 0 && license === undefined) {
    throw new KnownError('USAGE', '--options: expected --license with it, got none');
  }
  if (options.length > 0 && anonymize) {
    const text = '--options: expected it without --anonymize, since options files name users';
    throw new KnownError('USAGE', text);
  }
  if (logs.filter((log) => log === undefined).length > 1) {
    throw new KnownError('USAGE', '-: expected standard input once, got it again');
  }
  for (const path of [...logs, license]) {
    if (path === undefined || output === undefined || !isSameFile(path, output)) continue;
    throw new KnownError('USAGE', `-o: expected another file than what is read, got ${output}`);
  }
}

function isSameFile(one: string, other: string): boolean {
  if (!existsSync(one) || !existsSync(other)) return false;
  const [left, right] = [statSync(one), statSync(other)];
  return left.isFile() && left.dev === right.dev && left.ino === right.ino;
}

/** `x60`, `x1`, `max`. */
function speedOf(text: string): number {
  if (text === 'max') return Number.POSITIVE_INFINITY;
  const [, factor] = /^x(\d{1,6})$/.exec(text) ?? [];
  if (factor !== undefined && Number(factor) > 0) return Number(factor);
  throw new KnownError('USAGE', `--speed: expected x1, x60 or max, got "${text}"`);
}

/** Its text; what is no license file would make no scenario. */
function licenseOf(path: string): string {
  const source = readSource(path);
  const { lines } = parseLicenseFile(source);
  if (lines.some(({ kind }) => kind === 'vendor')) return source.text;
  const text = `${path}: expected a license file with a VENDOR line, got none`;
  throw new KnownError('LICENSE_UNSERVABLE', text, { path });
}

/** A file's name may be somebody's. */
function nameOf([log]: readonly (string | undefined)[], anonymize: boolean): string {
  if (anonymize) return 'recorded from a debug log';
  return `recorded from ${log === undefined ? 'standard input' : basename(log)}`;
}

function summaryText(summary: RecordingSummary): string {
  const { steps, checkouts, denied, queued, checkins, users, features } = summary;
  const { from, to, lines, notUnderstood, firstNotUnderstood, respelled, leftOut } = summary;
  const kinds = [
    counted(checkouts, 'checkout'),
    counted(denied, 'denial'),
    `${counted(queued, 'request')} in the queue`,
    counted(checkins, 'check-in'),
  ].join(', ');
  const who = `${counted(users, 'user')}, ${counted(features, 'feature')}`;
  const first = firstNotUnderstood === undefined ? '' : `, the first is line ${firstNotUnderstood}`;
  return [
    `recorded ${counted(steps, 'step')}: ${kinds}; ${who}`,
    `from ${from} to ${to}, of ${counted(lines, 'line')}`,
    ...Object.entries(leftOut).map(([why, count]) => `left out: ${why}: ${count}`),
    ...(notUnderstood === 0 ? [] : [`not understood: ${counted(notUnderstood, 'line')}${first}`]),
    ...(respelled === 0
      ? []
      : [`respelled: ${counted(respelled, 'name')}, as a scenario can have them`]),
    '',
  ].join('\n');
}

function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}
