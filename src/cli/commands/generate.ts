import { closeSync, openSync, writeSync } from 'node:fs';
import type { Argv, CommandModule } from 'yargs';
import { KnownError } from '../../base/errors.ts';
import { parseDuration, parseTime } from '../../base/time-words.ts';
import { unwritableFile } from '../../files/write-errors.ts';
import { type CalendarName, calendars } from '../../plan/generate/calendar.ts';
import { type GeneratedPiece, generatedHistory } from '../../plan/generate/generate.ts';
import { DAY_MS } from '../../plan/scan/wall-clock.ts';
import { withExamples } from '../examples.ts';
import { wholeNumber } from '../flag-values.ts';

interface GenerateArguments {
  readonly output: string | undefined;
  readonly lmstat: string | undefined;
  readonly poll: string;
  readonly calendar: CalendarName;
  readonly feature: string;
  readonly daemon: string;
  readonly seats: string;
  readonly users: string;
  readonly perHour: string;
  readonly hold: string;
  readonly start: string;
  readonly days: string;
  readonly restarts: string;
  readonly outages: string;
  readonly seed: string;
}

/** `fauxlm generate -o FILE --lmstat FILE`: a debug log and outputs of lmstat to show and to test with. */
export const generateCommand: CommandModule<object, GenerateArguments> = {
  command: 'generate',
  describe:
    'write a believable debug log or outputs of lmstat, for demonstrations and tests of monitors',
  builder: build as never,
  handler: (args) => {
    const name = (flag: string, text: string): string => {
      if (/^[A-Za-z0-9_.-]{1,60}$/.test(text)) return text;
      throw new KnownError('USAGE', `${flag}: expected letters, digits, _ . -, got "${text}"`);
    };
    const { output, lmstat } = args;
    if (output === undefined && lmstat === undefined) {
      throw new KnownError('USAGE', 'expected -o or --lmstat with a file to write, got neither');
    }
    if (output === lmstat) {
      throw new KnownError('USAGE', `--lmstat: expected another file than -o, got "${lmstat}"`);
    }
    const pieces = generatedHistory({
      calendar: args.calendar,
      feature: name('--feature', args.feature),
      daemon: name('--daemon', args.daemon),
      host: 'alpha',
      seats: wholeNumber('--seats', args.seats, 1, 100_000),
      users: wholeNumber('--users', args.users, 1, 100_000),
      perHour: wholeNumber('--per-hour', args.perHour, 1, 100_000),
      holdMs: parseDuration(args.hold, '--hold'),
      start: Math.floor(parseTime(args.start, '--start') / 1000) * 1000,
      days: wholeNumber('--days', args.days, 1, 3_660),
      restarts: wholeNumber('--restarts', args.restarts, 0, 1_000),
      outages: wholeNumber('--outages', args.outages, 0, 1_000),
      ...(lmstat === undefined ? {} : { pollMs: pollInterval(args.poll) }),
      seed: args.seed,
    });
    write({ log: output, lmstat }, pieces);
  },
};

/** @throws KnownError USAGE for less than a second or more than a day */
function pollInterval(text: string): number {
  const interval = parseDuration(text, '--poll');
  if (interval >= 1_000 && interval <= DAY_MS && interval % 1_000 === 0) return interval;
  throw new KnownError('USAGE', `--poll: expected whole seconds, at most a day, got "${text}"`);
}

type Files = Readonly<Record<GeneratedPiece['form'], string | undefined>>;

function write(paths: Files, pieces: Iterable<GeneratedPiece>): void {
  const files = new Map<GeneratedPiece['form'], number>();
  try {
    for (const form of ['log', 'lmstat'] as const) {
      const path = paths[form];
      if (path !== undefined)
        files.set(
          form,
          written(path, () => openSync(path, 'w')),
        );
    }
    for (const { form, text } of pieces) {
      const file = files.get(form);
      if (file !== undefined) written(paths[form]!, () => writeSync(file, text));
    }
  } finally {
    for (const file of files.values()) closeSync(file);
  }
}

function written(path: string, write: () => number): number {
  try {
    return write();
  } catch (cause) {
    throw unwritableFile(path, cause);
  }
}

function build(yargs: Argv) {
  const text = { type: 'string' } as const;
  return withExamples(yargs, [
    ['generate -o debug.log', 'a year of a company, busy at the end of quarters'],
    [
      'generate --lmstat polls.txt --poll 10m --days 60',
      'what a monitor would see, every ten minutes',
    ],
    ['generate -o uni.log --calendar academic --seats 20', 'lectures, holidays, many denials'],
  ]).options({
    output: { ...text, alias: 'o', describe: 'the debug log to write' },
    lmstat: { ...text, describe: 'a file for outputs of lmstat -a, one after another' },
    poll: { ...text, default: '5m', describe: 'how often lmstat is asked' },
    calendar: {
      choices: Object.keys(calendars) as CalendarName[],
      default: 'quarter' as const,
      describe: 'when it is busy',
    },
    feature: { ...text, default: 'solve', describe: 'the feature' },
    daemon: { ...text, default: 'acmed', describe: 'its vendor daemon' },
    seats: { ...text, default: '40', describe: 'seats that there are' },
    users: { ...text, default: '120', describe: 'users; few have most sessions' },
    'per-hour': { ...text, default: '25', describe: 'sessions of a usual working hour' },
    hold: { ...text, default: '45m', describe: 'half of the sessions are shorter' },
    start: { ...text, default: '2026-01-01', describe: 'the first day' },
    days: { ...text, default: '365', describe: 'days' },
    restarts: { ...text, default: '2', describe: 'times that the daemon dies' },
    outages: {
      ...text,
      default: '0',
      describe: 'times that the server is away, for up to an hour',
    },
    seed: { ...text, default: '1', describe: 'what every random choice comes from' },
  });
}
